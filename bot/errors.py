"""What can go wrong, classed by what the reader of the error does next.

BotError
├── UsageError          a person asked wrongly: the text is the answer
├── SettingsError       the operator must correct the environment: refuse to start
├── StoreError          the data folder needs a person: refuse to start, or stop
│   ├── LockedError     another process holds the store: stop that one first
│   ├── DamagedError    the files are not what was written: restore, never start empty
│   ├── FullError       no space is left: read only until there is
│   └── DiskError       the disk failed (EIO): stop at once, recover from what is on disk
├── SourceError         a poll failed; the source is shown as degraded
│   ├── FetchError      the network or the server: try again at the next poll
│   ├── WaitError       the server asked us to come back later (carries `wait`)
│   ├── RefusedError    the address or the answer is not allowed: the operator must look
│   ├── GoneError       404 or 410: suspended if it lasts
│   └── ShapeError      the answer is not what this kind of source expects: tell the operator
└── SendError           a delivery failed
    ├── TryLaterError   not delivered, the platform is busy: keep it (carries `wait`, `scope`)
    ├── AmbiguousError  it may have been delivered: look it up, or repeat once
    ├── RejectedError   this message will never be accepted: bury it
    ├── ChatGoneError   we were removed from the chat: suspend its subscriptions
    ├── ChatMovedError  the chat has a new id (carries `room`): re-key and resend
    └── AccountError    the whole account is out (token revoked): stop sending, tell the operator
"""

from datetime import timedelta


class BotError(Exception):
    """The root of every error that this program raises on purpose."""


class UsageError(BotError):
    """A person asked wrongly; the text is the answer, in one clear line with an example.

    `meant` are commands that would be right ("subscribe gallium"); `slip` is a word of what was
    typed and the right one. Both become buttons.
    """

    def __init__(self, text: str, *meant: str, slip: tuple[str, str] | None = None) -> None:
        super().__init__(text)
        self.meant = meant
        self.slip = slip


class SettingsError(BotError):
    """The environment or `.env` is wrong; the text names every mistake, and no secret."""


class StoreError(BotError):
    """The data folder needs a person; the text says what to do."""


class LockedError(StoreError):
    """Another process holds the store; the text names its pid."""


class DamagedError(StoreError):
    """The files are not what was written; nothing was changed or started."""


class FullError(StoreError):
    """No space is left on the device; nothing was lost, nothing new is accepted."""


class DiskError(StoreError):
    """The disk refused to make data durable; what was not acknowledged may be lost."""


class SourceError(BotError):
    """A poll failed; the source keeps what it had."""


class FetchError(SourceError):
    """The network or the server failed; the next poll may succeed."""


class WaitError(SourceError):
    """The server asked us to come back later.

    `wait` is the shortest pause it will accept, or None where it named none.
    """

    def __init__(self, text: str, wait: timedelta | None = None) -> None:
        super().__init__(text)
        self.wait = wait


class RefusedError(SourceError):
    """The address or the answer is one that we do not accept (private host, bomb, bad redirect)."""


class GoneError(SourceError):
    """The server says that nothing is there (404, 410)."""

    def __init__(self, text: str, status: int = 404) -> None:
        super().__init__(text)
        self.status = status


class ShapeError(SourceError):
    """The answer does not look like this kind of source."""


class SendError(BotError):
    """A delivery failed; the subclass says what becomes of it."""


class TryLaterError(SendError):
    """Certainly not delivered; try again after `wait`.

    `scope` says what has to pause: "chat", "method" or "account". `told` is true where the
    platform itself named the wait (a 429), which costs no attempt.
    """

    def __init__(
        self,
        text: str,
        wait: timedelta | None = None,
        scope: str = "chat",
        *,
        told: bool = False,
    ) -> None:
        super().__init__(text)
        self.wait = wait
        self.scope = scope
        self.told = told


class AmbiguousError(SendError):
    """The request may have been carried out: no answer came, or one that says nothing."""


class RejectedError(SendError):
    """The message will never be accepted as it is."""


class ChatGoneError(SendError):
    """The chat is closed to us; its subscriptions rest until we are invited again."""


class ChatMovedError(SendError):
    """The chat goes on under another id, `room`."""

    def __init__(self, text: str, room: str) -> None:
        super().__init__(text)
        self.room = room


class AccountError(SendError):
    """The account itself is out: a revoked token, a missing scope."""
