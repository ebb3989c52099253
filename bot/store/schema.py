"""The documents' version, and the steps from each to the next.

Fields that are new need no step: a missing one has its default. A step is for documents whose
meaning has changed. All steps that are due run on a copy, which becomes the store in one rename.
"""

from collections.abc import Callable, Mapping

from bot.errors import StoreError
from bot.store.document import decode, encode
from bot.store.engine import Engine
from bot.store.table import Docs

VERSION = 1
Step = Callable[[dict[str, Docs]], None]
STEPS: Mapping[int, Step] = {}
"""From the version that is the key to the one after it; each changes the tables it is given."""
_META = "meta"


def migrate(engine: Engine, steps: Mapping[int, Step] = STEPS, version: int = VERSION) -> None:
    """Bring a store to `version`; a new one is of that version. Raises StoreError."""
    found = _version(engine.docs(_META))
    if found is None:
        engine.change(_META, _meta(version))
    elif found > version:
        raise StoreError(
            f"The store was written by a newer version (its documents are version {found}, this "
            f"program knows {version}). Run the newer program, or use another folder with --data."
        )
    elif found < version:
        tables = engine.frozen().tables
        for at in range(found, version):
            steps[at](tables)
        tables[_META] = {**_meta(version)}
        engine.replace(tables)


def _version(docs: Docs) -> int | None:
    return int(decode(docs[1])["schema"]) if 1 in docs else None


def _meta(version: int) -> dict[int, bytes]:
    return {1: encode({"schema": version})}
