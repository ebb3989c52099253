"""A loopback host that serves every source that is polled as shipped, in its real shape.

    python -m tests.sourcehost [FAULT]     # serves until it is stopped, and says what to type

Answers are the templates in data/hosted: NAME.ext, NAME.page-N.ext for what follows, and
NAME.column-N.json for what a form asks. `[[26h Asia/Shanghai %Y-%m-%d]]` is that long ago there.
With a fault of the fault server every source answers that instead.
"""

import asyncio
import re
import sys
import tempfile
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import parse_qs, urlsplit
from zoneinfo import ZoneInfo

from bot.catalogue import load, written
from bot.model import Row
from tests.faultserver import FAULTS, FaultServer, answer

HOSTED = Path(__file__).parent / "data" / "hosted"
CATALOGUE = Path(__file__).parents[1] / "sources" / "catalogue.toml"
ROWS = tuple(row for row in load(CATALOGUE.read_text("utf-8"), "shipped") if row.enabled)
_PLACE = re.compile(r"\[\[(-?\d+)h (\S+) ([^\]]+)\]\]")


@dataclass
class SourceHost(FaultServer):
    """Serves each source below its name, so that all are one host; `fault` is served instead."""

    fault: str = ""
    now: datetime = field(default_factory=lambda: datetime.now(UTC).replace(microsecond=0))  # noqa: TID251  # items have to be fresh

    def __post_init__(self):
        FaultServer.__init__(self)

    def rows(self) -> list[Row]:
        """Return the shipped rows, with their addresses here."""
        return [replace(row, url=self._here(row)) for row in ROWS]

    def _here(self, row):
        parts = urlsplit(row.url)
        return self.url(f"{row.name}{parts.path}" + (f"?{parts.query}" if parts.query else ""))

    def catalogue(self, folder):
        path = folder / "hosted.toml"
        path.write_text("\n".join(map(written, self.rows())), encoding="utf-8")
        return path

    def serve(self, asked):
        if self.fault:
            return FAULTS[self.fault]
        return self._found

    async def _found(self, asked, writer):
        path = named(asked)
        if path is None:
            writer.write(answer(b"nothing", status="404 Not Found"))
            return
        body = self.filled(path.read_text("utf-8")).encode()
        writer.write(answer(body, content_type="text/html" if path.suffix == ".html" else "x/y"))

    def filled(self, template):
        """Return a template with its times, and with this host's address for `[[base]]`."""
        text = template.replace("[[base]]", self.url().rstrip("/"))
        return _PLACE.sub(lambda m: self.moment(int(m[1]), m[2], m[3]), text)

    def moment(self, hours, zone, form):
        when = (self.now - timedelta(hours=hours)).astimezone(ZoneInfo(zone))
        form = form.replace("%:z", when.isoformat()[19:] or "Z")
        return when.strftime(form.replace("%Yn%my%dr", f"{when.year}n{when.month}y{when.day}r"))


def named(asked):
    """Return the file that answers a question, or None."""
    parts = urlsplit(asked.path)
    query, form = parse_qs(parts.query), parse_qs(asked.body.decode())
    name = parts.path.split("/")[1]
    if name == "api-gateway":  # what a page of MOFCOM's loads, from the root of its host
        name = query["pageId"][0]
    if "columnID" in form:
        name += f".column-{form['columnID'][0]}"
    elif query.get("page", ["1"]) != ["1"]:
        name += f".page-{query['page'][0]}"
    return next((path for path in HOSTED.glob(f"{name}.*") if path.stem == name), None)


async def main(fault):
    async with SourceHost(fault=fault) as host:
        with tempfile.TemporaryDirectory() as folder:
            given = f"FETCH_ALLOW=127.0.0.1 FETCH_SPACING=0 SOURCES={host.catalogue(Path(folder))}"
            print(f"{given} exportwire doctor --sources")  # noqa: T201  # for a person
            print(f"{given} exportwire run --once --data {folder}/data")  # noqa: T201  # likewise
            await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(main(*(sys.argv[1:2] or [""])))
