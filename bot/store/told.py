"""A delivery as what comes after it in its thread looks at it: most of its document is skipped."""

from datetime import datetime

import msgspec

from bot.model import DeliveryId, Kind, Message, State


class Told(msgspec.Struct, frozen=True, kw_only=True):
    """See `bot.model.Told`. The message is decoded when it is asked for."""

    id: DeliveryId
    created: datetime
    kind: Kind
    written: msgspec.Raw = msgspec.field(name="message")
    state: State = State.PENDING
    revision: int = 0
    receipt: str = ""

    @property
    def message(self) -> Message:
        """Return what it says."""
        return _message(self.written)


told = msgspec.json.Decoder(Told).decode
_message = msgspec.json.Decoder(Message).decode
