"""The peers: what other programs do with the same feeds, each in the way its users write it."""

import asyncio
import hashlib
import json
import sqlite3
from pathlib import Path

import fastfeedparser
import feedparser
import httpx
import reader
from httpx_aiohttp import AiohttpTransport
from tinydb import Query, TinyDB

AT_ONCE = 50
NO_POOL = httpx.Limits(max_keepalive_connections=0)  # as with a thousand hosts
PATIENT = 300  # seconds: a peer's own work stops its loop, which is no fault of the host


class Reader:
    """`reader`, as its documentation says: `update_feeds` with its default of one worker."""

    async def open(self, urls: list[str], folder: Path) -> None:
        self._reader = reader.make_reader(str(folder / "reader.sqlite"))
        for url in urls:
            self._reader.add_feed(url)

    async def round(self) -> int:
        self._reader.update_feeds(scheduled=False)
        return int(self._reader.get_entry_counts().total or 0)

    async def close(self) -> None:
        self._reader.close()


class Asking:
    """httpx, fifty requests at once, with the validators of each feed sent back."""

    async def open(self, urls: list[str], folder: Path) -> None:
        self._urls, self._tags = urls, dict[str, str]()
        self._client = httpx.AsyncClient(
            transport=AiohttpTransport(limits=NO_POOL), timeout=PATIENT
        )
        self._slots = asyncio.Semaphore(AT_ONCE)
        self._made(folder)

    def _made(self, folder: Path) -> None:
        raise NotImplementedError

    def _keep(self, url: str, body: bytes) -> None:
        raise NotImplementedError

    def _count(self) -> int:
        raise NotImplementedError

    async def round(self) -> int:
        await asyncio.gather(*map(self._one, self._urls))
        return self._count()

    async def _one(self, url: str) -> None:
        async with self._slots:
            headers = {"If-None-Match": self._tags[url]} if url in self._tags else {}
            answer = await self._client.get(url, headers=headers)
        if answer.status_code == 304:
            return
        self._tags[url] = answer.headers["etag"]
        self._keep(url, answer.content)

    async def close(self) -> None:
        await self._client.aclose()


class FeedparserTinyDB(Asking):
    """feedparser and TinyDB with its default storage: what most such bots do."""

    def _made(self, folder: Path) -> None:
        self._db = TinyDB(folder / "db.json")
        self._seen = set[str]()

    def _keep(self, url: str, body: bytes) -> None:
        found = feedparser.parse(body).entries
        new = [entry for entry in found if entry.id not in self._seen]
        self._seen.update(entry.id for entry in new)
        self._db.insert_multiple(
            {
                "feed": url,
                "id": entry.id,
                "link": entry.link,
                "title": entry.title,
                "text": entry.summary,
                "published": entry.published,
            }
            for entry in new
        )

    def _count(self) -> int:
        return int(self._db.count(Query().id.exists()))

    async def close(self) -> None:
        await super().close()
        self._db.close()


class Floor(Asking):
    """fastfeedparser and SQLite: about the least that this work can cost in Python."""

    def _made(self, folder: Path) -> None:
        self._db = sqlite3.connect(folder / "floor.sqlite", isolation_level=None)
        self._db.execute("PRAGMA journal_mode=WAL")
        self._db.execute("PRAGMA synchronous=FULL")
        self._db.execute("CREATE TABLE entries (key TEXT PRIMARY KEY, feed TEXT, body TEXT)")

    def _keep(self, url: str, body: bytes) -> None:
        self._db.execute("BEGIN")
        for entry in fastfeedparser.parse(body).entries:
            key = hashlib.sha256(f"{url} {entry['id']}".encode()).hexdigest()
            kept = {name: entry.get(name) for name in ("id", "link", "title", "published")}
            row = (key, url, json.dumps(kept | {"text": entry.get("description")}))
            self._db.execute("INSERT OR IGNORE INTO entries VALUES (?, ?, ?)", row)
        self._db.execute("COMMIT")

    def _count(self) -> int:
        return int(self._db.execute("SELECT count(*) FROM entries").fetchone()[0])

    async def close(self) -> None:
        await super().close()
        self._db.close()
