"""Whether Telegram is set up: the token, the menu, how updates come, groups, the clock."""

from collections.abc import Sequence

import aiohttp
from telegram import Bot, BotCommandScopeAllPrivateChats, User

from bot.errors import AccountError, SendError
from bot.model import Check, Verdict, clock_of
from bot.platforms.telegram.meaning import asked, told_of
from bot.platforms.telegram.options import Options
from bot.ports import Clock

STARTS = "nothing: the bot sets it when it starts"
_TIMEOUT = aiohttp.ClientTimeout(total=10)


async def checkup(bot: Bot, options: Options, url: str, now: Clock) -> Sequence[Check]:
    """Return what was found. `url` is where the Bot API is, without the token."""
    try:
        me = await asked(bot.get_me())
    except AccountError:
        told, remedy = "Telegram refuses it", "copy it again from @BotFather into TELEGRAM_TOKEN"
        return (Check("Telegram token", Verdict.FAIL, told, remedy),)
    except SendError as error:
        remedy = "check the network, a proxy, and TELEGRAM_API_URL where it is set"
        return (Check("Telegram token", Verdict.FAIL, str(error), remedy),)
    token = Check("Telegram token", Verdict.OK, f"is @{me.username}'s")
    try:
        return (
            token,
            _groups(me),
            await _menu(bot, options),
            await _updates(bot, options),
            (await _clock(url, now)),
        )
    except SendError as error:
        return token, Check("Telegram", Verdict.WARN, str(error), "try again in a minute")


def _groups(me: User) -> Check:
    if me.can_join_groups is not False:
        return Check("Telegram groups", Verdict.OK, "the bot may be added to them")
    remedy = "send /setjoingroups to @BotFather, and choose Enable"
    return Check("Telegram groups", Verdict.WARN, "the bot cannot be added to them", remedy)


async def _menu(bot: Bot, options: Options) -> Check:
    what, wanted = "Telegram commands", {verb for verb, _ in options.menu}
    kept = await asked(bot.get_my_commands(scope=BotCommandScopeAllPrivateChats()))
    found = {command.command for command in kept}
    if found == wanted:
        return Check(what, Verdict.OK, f"{len(found)} registered")
    said = "not registered yet" if not found else "those of another version are registered"
    return Check(what, Verdict.WARN, said, STARTS)


async def _updates(bot: Bot, options: Options) -> Check:
    what, info = "Telegram updates", await asked(bot.get_webhook_info())
    wanted = options.webhook.url if options.webhook else ""
    if info.url != wanted:
        said = "another webhook is set" if info.url else "the webhook is not set yet"
        return Check(what, Verdict.WARN, said, STARTS)
    if wanted and info.last_error_message:
        said = f"Telegram's last call failed: {told_of(info.last_error_message)}"
        remedy = "check the proxy before TELEGRAM_LISTEN, its certificate and TELEGRAM_WEBHOOK_URL"
        return Check(what, Verdict.FAIL, said, remedy)
    way = "come by webhook" if wanted else "are polled for"
    return Check(what, Verdict.OK, f"{way}, {info.pending_update_count} waiting")


async def _clock(url: str, now: Clock) -> Check:
    try:
        async with (
            aiohttp.ClientSession(timeout=_TIMEOUT) as session,
            session.get(url, allow_redirects=False) as answer,
        ):
            header = answer.headers.get("Date", "")
    except (aiohttp.ClientError, OSError, ValueError):
        header = ""
    return clock_of("Telegram", header, now())
