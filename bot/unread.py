"""Answers that could not be read, kept as they came: one file for each source, its last one."""

import logging
from pathlib import Path
from urllib.parse import quote

from bot.model import Row

log = logging.getLogger("exportwire.unread")
FOLDER = "unread"
LONGEST = 1_000_000
"""Bytes of an answer that are kept: enough to see its charset and its shape."""
_NAME_LIMIT = 200


def keep(folder: Path, row: Row, body: bytes) -> None:
    """Put the start of `body` into `folder` under its source's name; a full disk only costs that.

    The name is quoted, since people name sources.
    """
    file = folder / f"{quote(row.name, safe=' ')[:_NAME_LIMIT].replace('.', '%2E')}.body"
    try:
        folder.mkdir(mode=0o700, exist_ok=True)
        file.write_bytes(body[:LONGEST])
        file.chmod(0o600)
    except OSError as error:
        log.warning("an answer was not kept", extra={"source": row.name, "error": error.strerror})
    else:
        log.info("answer kept", extra={"source": row.name, "file": str(file)})
