"""Receives updates: polls for them or is called, works on each, in order within a chat."""

import asyncio
import hmac
import json
import logging
from collections import deque
from collections.abc import Awaitable, Callable
from http import HTTPStatus

from aiohttp import web
from telegram import Bot, Update

from bot.errors import AccountError, SendError, TryLaterError
from bot.platforms.telegram.meaning import asked
from bot.platforms.telegram.options import Webhook
from bot.platforms.telegram.updates import WANTED

log = logging.getLogger("exportwire.telegram")
POLL = 25  # seconds for which Telegram holds a poll open
UNHURRIED = 2.0  # seconds for which new updates wait for those before them
GRACE = 5.0  # seconds that are left to what is being answered when the bot stops
HEADER = "X-Telegram-Bot-Api-Secret-Token"
LARGEST = 1_000_000  # bytes of an update
_REMEMBERED = 2_000
Take = Callable[[Update], Awaitable[None]]


class Work:
    """What is being answered: each update once, those of a chat one after the other."""

    def __init__(self, take: Take) -> None:
        self._take = take
        self._tasks: set[asyncio.Task[None]] = set()
        self._last: dict[int, asyncio.Task[None]] = {}
        self._seen: deque[int] = deque(maxlen=_REMEMBERED)

    def put(self, update: Update) -> None:
        """Start on an update, unless it was met before."""
        if update.update_id in self._seen:
            return
        self._seen.append(update.update_id)
        room = update.effective_chat.id if update.effective_chat else 0
        task = asyncio.ensure_future(self._after(self._last.get(room), update))
        self._last[room] = task
        self._tasks.add(task)
        task.add_done_callback(lambda done: self._done(room, done))

    async def _after(self, before: "asyncio.Task[None] | None", update: Update) -> None:
        if before is not None:
            await asyncio.wait([before])
        await self._take(update)

    def _done(self, room: int, task: "asyncio.Task[None]") -> None:
        self._tasks.discard(task)
        if self._last.get(room) is task:
            del self._last[room]

    async def settle(self, seconds: float) -> None:
        """Wait for what is being answered, for some seconds at most."""
        if tasks := set(self._tasks):
            await asyncio.wait(tasks, timeout=seconds)

    async def close(self) -> None:
        """Let what is being answered end within GRACE, and cancel the rest."""
        await self.settle(GRACE)
        left = set(self._tasks)
        for task in left:
            task.cancel()
        await asyncio.gather(*left, return_exceptions=True)


class Patience:
    """Waits longer after each failure in a row, and says so once. In seconds, to 30."""

    def __init__(self, first: float) -> None:
        self._first, self._failures = first, 0

    async def failed(self, error: SendError) -> None:
        """Wait before the next try. Raises AccountError where there is no use in one."""
        if isinstance(error, AccountError):
            raise error
        wait = error.wait if isinstance(error, TryLaterError) else None
        named = wait.total_seconds() if wait else 0.0
        if not self._failures:
            log.warning("Telegram does not answer; trying again", extra={"why": str(error)})
        self._failures += 1
        await asyncio.sleep(max(named, min(30.0, self._first * 2 ** min(self._failures - 1, 5))))

    def answered(self) -> None:
        """Start anew after an answer."""
        if self._failures:
            log.info("Telegram answers again")
        self._failures = 0


async def poll(bot: Bot, work: Work, patience: Patience) -> None:
    """Poll until cancelled. Raises AccountError. An update is confirmed once it was worked on."""
    offset = 0
    try:
        while True:
            try:
                updates = await asked(
                    bot.get_updates(
                        offset=offset or None,
                        timeout=POLL,
                        read_timeout=POLL + 10,
                        allowed_updates=WANTED,
                    )
                )
            except SendError as error:
                await patience.failed(error)
                continue
            patience.answered()
            for update in updates:
                work.put(update)
                offset = update.update_id + 1
            await work.settle(UNHURRIED)
    finally:
        await work.close()
        if offset:
            await _confirm(bot, offset)


async def _confirm(bot: Bot, offset: int) -> None:
    """Say that all before `offset` is done; unsaid, it is asked again after the next start."""
    try:
        async with asyncio.timeout(2):
            await asked(bot.get_updates(offset, limit=1, timeout=0, allowed_updates=WANTED))
    except (SendError, TimeoutError):
        log.info("updates not confirmed; the last commands may be answered twice")


class Doorway:
    """The address that Telegram calls, on loopback unless told otherwise."""

    def __init__(self, bot: Bot, webhook: Webhook, work: Work) -> None:
        self._bot, self._webhook, self._work = bot, webhook, work
        app = web.Application(client_max_size=LARGEST)
        app.router.add_post("/{path:.*}", self._called)
        self._runner = web.AppRunner(app, access_log=None)
        self.port = 0

    async def open(self) -> None:
        """Start to listen. Raises OSError where the port is taken."""
        await self._runner.setup()
        await web.TCPSite(self._runner, self._webhook.host, self._webhook.port).start()
        self.port = self._runner.addresses[0][1]

    async def close(self) -> None:
        """Listen no more."""
        await self._runner.cleanup()

    async def _called(self, request: web.Request) -> web.Response:
        given = request.headers.get(HEADER, "").encode("utf-8", "replace")
        if not hmac.compare_digest(given, self._webhook.secret.encode()):
            return web.Response(status=HTTPStatus.UNAUTHORIZED)
        try:
            update = Update.de_json(json.loads(await request.read()), self._bot)
        except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
            return web.Response(status=HTTPStatus.BAD_REQUEST)
        self._work.put(update)
        return web.Response()
