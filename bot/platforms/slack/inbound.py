"""What comes from Slack, by either way: commands, presses, invitations and removals."""

import asyncio
import logging
import re
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import replace
from functools import partial
from typing import Any

from slack_bolt.app.async_app import AsyncApp
from slack_bolt.authorization import AuthorizeResult
from slack_bolt.request.async_request import AsyncBoltRequest
from slack_bolt.response import BoltResponse

from bot.errors import SendError
from bot.language import speaking, tr
from bot.model import Attachment, Chat, Command, Message
from bot.platforms.slack import payloads, replies
from bot.platforms.slack.access import Access, Door
from bot.platforms.slack.gate import Gate
from bot.platforms.slack.payloads import Asked, Payload
from bot.platforms.slack.quota import Quota
from bot.platforms.slack.web import Web
from bot.ports import Answer
from bot.promptly import not_sent, promptly

log = logging.getLogger("exportwire.slack")
_BOLT = logging.getLogger("exportwire.slack.bolt")
_BOLT.setLevel(logging.ERROR)
_KEPT = 5_000
Ack = Callable[[], Awaitable[Any]]


class Desk:
    """Acknowledges at once, answers after. `who` is what auth.test says of the bot."""

    def __init__(
        self, web: Web, access: Access, door: Door, answer: Answer, who: Mapping[str, Any]
    ) -> None:
        self._web, self._door, self._answer = web, door, answer
        self._team, self._me = str(who.get("team_id", "")), str(who.get("user_id", ""))
        self._gate = Gate(web, door, str(who.get("user", "exportwire")))
        self._quota = Quota()
        self._busy: set[asyncio.Task[Any]] = set()
        self._met: OrderedDict[str, None] = OrderedDict()
        self._app = self._bolt(web, access, who)

    def _bolt(self, web: Web, access: Access, who: Mapping[str, Any]) -> AsyncApp:
        async def authorize() -> AuthorizeResult:
            return AuthorizeResult(
                enterprise_id=who.get("enterprise_id"),
                team_id=self._team,
                bot_user_id=self._me,
                bot_id=who.get("bot_id"),
                bot_token=access.bot_token,
            )

        app = AsyncApp(
            name=_BOLT.name,  # Bolt sets the level of the logger of this name
            client=web.client,
            authorize=authorize,
            logger=_BOLT,
            signing_secret="-",  # noqa: S106  # unused: bot.platforms.slack.signature checks
            request_verification_enabled=False,
        )
        app.command(re.compile(".*"))(self._on_slash)
        app.action(re.compile(".*"))(self._on_press)
        for name, listener in self._listeners().items():
            app.event(name)(listener)
        return app

    def _listeners(self) -> dict[str, Callable[..., Awaitable[None]]]:
        """Return what listens to each event of the manifest."""
        return {
            "app_mention": self._on_message,
            "message": self._on_message,
            "app_home_opened": self._on_home,
            "member_joined_channel": self._on_joined,
            "channel_left": self._on_left,
            "group_left": self._on_left,
            "channel_archive": self._on_left,
            "group_archive": self._on_left,
            "channel_unarchive": self._on_back,
            "group_unarchive": self._on_back,
            "channel_id_changed": self._on_moved,
            "app_uninstalled": self._on_out,
            "tokens_revoked": self._on_out,
        }

    @property
    def events(self) -> tuple[str, ...]:
        """Return the names of the events that are listened to."""
        return tuple(self._listeners())

    async def dispatch(self, request: AsyncBoltRequest) -> BoltResponse:
        """Return the acknowledgement of a request that was found to be Slack's."""
        return await self._app.async_dispatch(request)

    async def _on_slash(self, ack: Ack, body: Payload) -> None:
        await ack()
        await self._handle(payloads.of_slash(body, self._team))

    async def _on_press(self, ack: Ack, body: Payload) -> None:
        await ack()
        asked = payloads.of_press(body, self._team)
        await self._handle(asked)
        if asked and payloads.from_home(body):
            await self._show_home(asked.command.chat, asked.command.person)

    async def _on_message(self, ack: Ack, body: Payload) -> None:
        await ack()
        event = body["event"]
        if event["type"] == "app_mention" or event.get("channel_type") == "im":
            await self._handle(payloads.of_message(body, self._team))

    async def _handle(self, asked: Asked | None) -> None:
        if asked is None or not self._is_new(asked.key):
            return
        task = asyncio.current_task()
        if task:  # Bolt runs a listener in a task of its own, and forgets it
            self._busy.add(task)
            task.add_done_callback(self._busy.discard)
        command = asked.command.inner()
        over = self._quota.verdict(command.chat.id, asyncio.get_running_loop().time())
        if over is None:
            return
        command = replace(command, operator=self._door.operator(command.person))
        locale = await self._gate.locale(command.chat, command.person)
        command = replace(command, chat=replace(command.chat, language=locale))
        tell = partial(self._tell, replace(asked, command=command))
        with speaking(locale):
            refused = tr(over) if over else await self._gate.refusal(command)
        if refused:
            await tell(replies.said(refused))
        else:
            await tell(await promptly(self._answer(command), command.chat, tell))

    async def _tell(self, asked: Asked, answer: Message) -> None:
        await self._deliver(asked, replies.spoken(answer, self._door.verbs))

    async def drain(self, seconds: float) -> None:
        """Let the commands that are being answered come to their end."""
        if self._busy:
            await asyncio.wait(self._busy, timeout=seconds)

    def _is_new(self, key: str) -> bool:
        """Whether this was not met before: Slack repeats what was acknowledged too late."""
        if not key:
            return True
        if key in self._met:
            return False
        self._met[key] = None
        if len(self._met) > _KEPT:
            self._met.popitem(last=False)
        return True

    async def _deliver(self, asked: Asked, answer: Message) -> None:
        try:
            await self._respond(asked, answer)
            if answer.file:
                await self._upload(asked, answer.file)
        except SendError as error:
            where = asked.command.chat.id
            log.warning("answer lost", extra={"chat": where, "why": str(error)})

    async def _respond(self, asked: Asked, answer: Message) -> None:
        if asked.reply_url:
            await self._web.respond(asked.reply_url, replies.response(asked, answer))
        else:
            thread = {"thread_ts": asked.thread} if asked.thread else {}
            await self._web.reply(asked.command.chat.room, **replies.post(answer), **thread)

    async def _upload(self, asked: Asked, file: Attachment) -> None:
        """Post a file, or say why it does not come. Raises SendError."""
        chat = asked.command.chat
        try:
            await self._web.upload(chat.room, file, asked.thread)
        except SendError as error:
            log.warning("file not sent", extra={"chat": chat.id, "why": str(error)})
            await self._respond(asked, not_sent(file, chat, str(error)))

    async def _on_home(self, ack: Ack, body: Payload) -> None:
        await ack()
        event = body["event"]
        if event.get("tab") != "home" or not self._is_new(str(body.get("event_id", ""))):
            return
        chat = payloads.chat_of(self._team, str(event.get("channel", "")))
        await self._show_home(chat, str(event["user"]))

    async def _show_home(self, chat: Chat, person: str) -> None:
        chat = replace(chat, language=await self._gate.locale(chat, person))
        asked = Command(chat=chat, verb="subscriptions", person=person)
        with speaking(chat.language):
            refused = await self._gate.refusal(asked)
            held = replies.said(refused) if refused else await self._answer(asked)
            view = replies.home(replies.spoken(held, self._door.verbs), chat)
        try:
            await self._web.call("views.publish", user_id=person, view=view)
        except SendError as error:
            log.warning("home not shown", extra={"why": str(error)})

    async def _on_joined(self, ack: Ack, body: Payload) -> None:
        await ack()
        chat = self._chat_of(body)
        if body["event"].get("user") != self._me or not self._is_new(str(body.get("event_id", ""))):
            return
        await self._door.standing(chat, True)  # noqa: FBT003  # its shape
        if self._door.admits(chat):
            start = Command(chat=chat, verb="start")
            greeting = replies.spoken(await self._answer(start), self._door.verbs)
            await self._deliver(Asked(command=start), greeting)

    async def _on_left(self, ack: Ack, body: Payload) -> None:
        await ack()
        await self._door.standing(self._chat_of(body), False)  # noqa: FBT003  # its shape

    async def _on_back(self, ack: Ack, body: Payload) -> None:
        await ack()
        await self._door.standing(self._chat_of(body), True)  # noqa: FBT003  # its shape

    async def _on_moved(self, ack: Ack, body: Payload) -> None:
        await ack()
        event = body["event"]
        old = payloads.chat_of(self._team, str(event.get("old_channel_id", "")))
        await self._door.moved(old, str(event.get("new_channel_id", "")))

    async def _on_out(self, ack: Ack) -> None:
        await ack()
        log.error("Slack: the app was removed or its token revoked; check SLACK_BOT_TOKEN")

    def _chat_of(self, body: Payload) -> Chat:
        return payloads.chat_of(self._team, str(body["event"].get("channel", "")))
