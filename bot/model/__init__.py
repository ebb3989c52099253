"""The vocabulary: what the parts of the bot hand to one another, as immutable values.

Times are aware UTC datetimes, spans are timedeltas, collections are tuples and frozensets.
A type stands for a moment in a value's life: an `Entry` is what a source published, an `Item`
is an entry that we have met, a `Report` is an item's place in a `Story`.
"""

from bot.model.changes import Changes
from bot.model.chats import (
    Attachment,
    Button,
    Chat,
    Command,
    Delivery,
    Kind,
    Line,
    LineStyle,
    Message,
    Objection,
    Span,
    State,
    Subscription,
)
from bot.model.checks import Check, Verdict, clock_of
from bot.model.figures import Figures, Owed
from bot.model.names import (
    ChatId,
    Cursor,
    DeliveryId,
    Direction,
    ItemId,
    Stage,
    StoryId,
    Tier,
    Topic,
)
from bot.model.sources import Entry, Health, Item, Page, Parsed, Request, Row, SourceState
from bot.model.stories import Change, Evidence, Label, Placement, Remark, Report, Story
from bot.model.told import Told

__all__ = [
    "Attachment",
    "Button",
    "Change",
    "Changes",
    "Chat",
    "ChatId",
    "Check",
    "Command",
    "Cursor",
    "Delivery",
    "DeliveryId",
    "Direction",
    "Entry",
    "Evidence",
    "Figures",
    "Health",
    "Item",
    "ItemId",
    "Kind",
    "Label",
    "Line",
    "LineStyle",
    "Message",
    "Objection",
    "Owed",
    "Page",
    "Parsed",
    "Placement",
    "Remark",
    "Report",
    "Request",
    "Row",
    "SourceState",
    "Span",
    "Stage",
    "State",
    "Story",
    "StoryId",
    "Subscription",
    "Tier",
    "Told",
    "Topic",
    "Verdict",
    "clock_of",
]
