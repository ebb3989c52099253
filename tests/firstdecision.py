"""Print what the first decision of a process loads although all should be there by then."""

import asyncio
import inspect
import sys

from bot.cluster import Stories
from bot.loading import loading
from bot.match import Wishes
from bot.owing import Desk
from bot.pipeline import steps
from tests.builders import NOON, item, row, wish
from tests.fakechats import chat


def loaders():
    """Return the cached functions of the bot that take nothing: each loads something once."""
    found = {}
    for name, module in sys.modules.copy().items():
        for each in vars(module).values() if name.startswith("bot.") else ():
            if hasattr(each, "cache_info") and not inspect.signature(each).parameters:
                found[f"{each.__module__}.{each.__name__}"] = each
    return found


def decide():
    """Decide on an item that a chat asked for."""
    place = chat()
    wishes = Wishes([wish("gallium", place.id)])
    desk = Desk(Stories(), wishes, lambda _: place, lambda *_: ())
    text = "The measure takes effect on 1 January 2026. China had asked for talks. " * 5
    found = [item(title="Japan lifts export ban on gallium", text=text)]
    return list(steps(found, desk, NOON))


async def main():
    async with loading([row()]) as late:
        await late
    before = {name: each.cache_info().misses for name, each in loaders().items()}
    decide()
    for name, each in loaders().items():
        if each.cache_info().misses > before.get(name, 0):
            print(name)  # noqa: T201  # the test reads it


if __name__ == "__main__":
    asyncio.run(main())
