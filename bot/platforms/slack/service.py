"""The Slack platform: sends, edits and finds alerts, and listens by one of two ways."""

import asyncio
import logging
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any

from bot.clean import clean
from bot.errors import AccountError, AmbiguousError, SendError, TryLaterError
from bot.model import Chat, Check, Delivery, Message
from bot.platforms.slack.access import LAG, Access, Door, SlackPace
from bot.platforms.slack.checkup import checkup
from bot.platforms.slack.endpoint import serve
from bot.platforms.slack.history import EVENT, find
from bot.platforms.slack.inbound import Desk
from bot.platforms.slack.meaning import ThreadlessError
from bot.platforms.slack.receipts import post_of, receipt_of, top_of
from bot.platforms.slack.render import blocks, fallback
from bot.platforms.slack.sockets import Sockets
from bot.platforms.slack.web import Web
from bot.ports import Answer, Clock

log = logging.getLogger("exportwire.slack")
LOOKUP = frozenset({"channels:history", "groups:history", "metadata.message:read"})
_RETRY = timedelta(seconds=1)
_WAIT = 5.0  # seconds for which a delivery waits for its turn; the rest waits in the outbox
_FIRST_REST, _LONGEST_REST = 1.0, 60.0
_KEPT = 2_000
_PATIENCE = 3.0  # seconds


class Slack:
    """One workspace. `close` it when nothing more is to be sent."""

    name = "slack"

    def __init__(self, access: Access, door: Door) -> None:
        self._access, self._door = access, door
        self._web = Web(access)
        self._pace = SlackPace()
        self._listening: Desk | None = None
        self._threadless: dict[str, None] = {}  # alerts that take no reply

    @property
    def pace(self) -> SlackPace:
        """Return the limits; a look-up where the scopes for it are granted."""
        return self._pace

    async def send(self, chat: Chat, delivery: Delivery, *, reply_to: str = "") -> str:
        """Post a message; return its ts. Raises SendError."""
        under = "" if reply_to in self._threadless else top_of(reply_to)
        try:
            answer = await self._web.post(chat.room, patience=_WAIT, **_posted(delivery, under))
        except ThreadlessError as error:
            _keep(self._threadless, reply_to, None)
            raise TryLaterError(f"{error}; next time beside it", _RETRY) from error
        receipt = answer.get("ts")
        if not isinstance(receipt, str):
            raise AmbiguousError("Slack took the message and named no receipt")
        return receipt_of(receipt, under)

    async def edit(self, chat: Chat, receipt: str, message: Message) -> None:
        """Replace the message of that ts. Raises SendError."""
        await self._web.call(
            "chat.update", channel=chat.room, ts=post_of(receipt), **_shown(message)
        )

    async def find(self, chat: Chat, delivery: Delivery, *, reply_to: str = "") -> str | None:
        """Look a post up by its delivery's id; return its ts. Raises SendError."""
        return await find(self._web, chat, delivery, top_of(reply_to))

    async def listen(self, answer: Answer) -> None:
        """Answer commands until cancelled, or until the settings turn out wrong."""
        try:
            desk = await self._desk(answer)
            if self._access.signing_secret:
                await serve(self._access, desk)
            else:
                await Sockets(self._access, self._web, desk).run()
        except AccountError as error:
            log.error("Slack is off: %s", error)  # noqa: TRY400  # one clear line, no traceback
        except OSError as error:
            where = f"{self._access.host}:{self._access.port}"
            log.error("Slack is off: %s cannot be listened on (%s)", where, error.strerror)  # noqa: TRY400  # likewise

    async def _desk(self, answer: Answer) -> Desk:
        who = await self._introduce()
        scopes = set(str(who["headers"].get("x-oauth-scopes", "")).replace(" ", "").split(","))
        self._pace = replace(self._pace, lookup=LAG if scopes >= LOOKUP else None)
        self._listening = Desk(self._web, self._access, self._door, answer, who)
        return self._listening

    async def _introduce(self) -> Mapping[str, Any]:
        """Return who we are, asking until Slack answers. Raises AccountError."""
        rest = _FIRST_REST
        while True:
            try:
                return await self._web.call("auth.test")
            except AccountError:
                raise
            except SendError as error:
                log.warning("Slack does not answer yet", extra={"why": str(error), "rest": rest})
            await asyncio.sleep(rest)
            rest = min(_LONGEST_REST, rest * 2)

    async def checkup(self, now: Clock) -> Sequence[Check]:
        """Return what is right and wrong with how the app is set up."""
        return await checkup(self._web, self._access, now)

    async def close(self) -> None:
        """Let the last answers out for a moment, then close the connections."""
        if self._listening:
            await self._listening.drain(_PATIENCE)
        await self._web.close()


def _keep(kept: dict[str, Any], key: str, value: Any) -> None:
    """Remember a little: the oldest goes first."""
    kept[key] = value
    if len(kept) > _KEPT:
        del kept[next(iter(kept))]


def _shown(message: Message) -> dict[str, Any]:
    return {"text": fallback(message), "blocks": blocks(message), "parse": "none"}


def _posted(delivery: Delivery, under: str) -> dict[str, Any]:
    named = {"event_type": EVENT, "event_payload": {"id": clean(delivery.id, 200)}}
    thread: dict[str, Any] = {"thread_ts": under} if under else {}
    if under and delivery.message.loud:
        thread["reply_broadcast"] = True
    return {
        **_shown(delivery.message),
        **thread,
        "metadata": named,
        "link_names": False,
        "mrkdwn": False,
        "unfurl_links": False,
        "unfurl_media": False,
    }
