"""Kinds of source that misbehave while they read, for the worker processes."""
# a kind has the arguments of its protocol, whatever it does with them

import os
import time
from pathlib import Path

from bot.errors import RefusedError, ShapeError
from bot.model import Entry, Parsed, Request


class Kind:
    def requests(self, row, now):
        return (Request(url=row.url),)


class Honest(Kind):
    """Tells what it was given, and in which process."""

    def parse(self, page, row):
        entry = Entry(key=str(os.getpid()), url=page.url, title=page.body.decode())
        more = Request(url=page.url, form={"page": "2"}, headers={"X": "y"})
        return Parsed(entries=(entry,), flaws=(row.name,), more=more)


class Endless(Kind):
    def parse(self, page, row):
        while True:
            pass


class Sleeping(Kind):
    """Takes no CPU time, so that only the time that passes can end it."""

    def parse(self, page, row):
        time.sleep(600)
        return Parsed(entries=())


class Waiting(Kind):
    """Says by a file that it has begun, and goes on once there is another."""

    def parse(self, page, row):
        folder = Path(page.body.decode())
        (folder / "begun").touch()
        while not (folder / "go").exists():
            time.sleep(0.005)
        return Honest().parse(page, row)


class Greedy(Kind):
    def parse(self, page, row):
        return Parsed(entries=(), flaws=("x" * 500_000_000,))


class Hoarding(Kind):
    """Swallows the MemoryError and goes on, as a C library might."""

    def parse(self, page, row):
        hoard, step = [], 1 << 24
        while step > 1 << 20:
            try:
                hoard.append(bytearray(step))
            except MemoryError:
                step >>= 1
        return Parsed(entries=(), flaws=(str(sum(map(len, hoard))),))


class Dying(Kind):
    def parse(self, page, row):
        os._exit(1)


class Crashing(Kind):
    def parse(self, page, row):
        os.kill(os.getpid(), 11)
        return Parsed(entries=())


class Deep(Kind):
    def parse(self, page, row):
        return self.parse(page, row)


class Faulty(Kind):
    def parse(self, page, row):
        return {"a": Parsed(entries=())}["key"]


class Many(Kind):
    def parse(self, page, row):
        return Parsed(entries=(Entry(key="k", url=page.url, title="t"),) * 1_500)


class Shapeless(Kind):
    def parse(self, page, row):
        raise ShapeError("expected a list, but nothing came")


class Refusing(Kind):
    def parse(self, page, row):
        raise RefusedError("refused to read it")


class Chatty(Honest):
    """Prints and writes to standard output, where the answers go."""

    def parse(self, page, row):
        print("hello")  # noqa: T201  # that is the point
        os.write(1, b"more")
        return super().parse(page, row)


class Writing(Kind):
    def parse(self, page, row):
        Path(page.url).write_text("x" * 10_000, encoding="utf-8")
        return Parsed(entries=())


class Environment(Kind):
    def parse(self, page, row):
        return Parsed(entries=(), flaws=tuple(sorted(os.environ)))  # noqa: TID251  # what it sees
