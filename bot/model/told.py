"""What was told, as far as that matters to what comes next."""

from typing import Protocol

from bot.model.chats import Kind, Message, State
from bot.model.names import DeliveryId


class Told(Protocol):
    """A delivery as far as what comes after it in its thread depends on it."""

    @property
    def id(self) -> DeliveryId:
        """Return its id."""

    @property
    def kind(self) -> Kind:
        """Return what it is to its chat."""

    @property
    def state(self) -> State:
        """Return where it stands."""

    @property
    def revision(self) -> int:
        """Return how far its story had come."""

    @property
    def receipt(self) -> str:
        """Return the platform's name for it, "" where there is none."""

    @property
    def message(self) -> Message:
        """Return what it says."""
