"""Names of stories: short enough to type, and never to be misread."""

import hashlib
from collections.abc import Callable

from bot.model import ItemId, StoryId

_SIGNS = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
"""Capitals and digits without 0, 1, I and O, which are read for one another."""
_SHORTEST = 4


def name_of(item: ItemId, taken: Callable[[StoryId], bool]) -> StoryId:
    """Return the name of a story that began with `item`: longer only where it is taken.

    The same item has the same name wherever the same names are taken.
    """
    number = int.from_bytes(hashlib.sha256(item.encode("utf-8", "replace")).digest(), "big")
    signs = ""
    while len(signs) < _SHORTEST or taken(StoryId(signs)):
        number, at = divmod(number, len(_SIGNS))
        signs += _SIGNS[at]
    return StoryId(signs)
