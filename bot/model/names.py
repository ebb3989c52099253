"""The ids and the few-valued facts that all other values use."""

from collections.abc import Mapping
from enum import StrEnum
from typing import NewType

Topic = NewType("Topic", str)
"""A slug that people subscribe to, such as "rare-earth"."""
ItemId = NewType("ItemId", str)
StoryId = NewType("StoryId", str)
"""Short enough to type: the capitals and digits that an alert shows, such as "A7F3"."""
ChatId = NewType("ChatId", str)
"""`platform:account:room[:thread]`, such as "console::local" or "telegram:77:-1001:5"."""
DeliveryId = NewType("DeliveryId", str)

Cursor = Mapping[str, str]
"""Where a poll left off (validators, hashes); opaque to all but the fetcher and its source."""


class Tier(StrEnum):
    """How near to the event a source stands."""

    OFFICIAL = "official"
    WIRE = "wire"
    PRESS = "press"
    TRADE = "trade"
    AGGREGATOR = "aggregator"
    LAW = "law"


class Direction(StrEnum):
    """What a measure does to exports."""

    RESTRICT = "restrict"
    EASE = "ease"
    NEUTRAL = "neutral"


class Stage(StrEnum):
    """How far a measure has got."""

    RUMOUR = "rumour"
    PROPOSED = "proposed"
    ANNOUNCED = "announced"
    IN_FORCE = "in force"
    EXPIRED = "expired"
