"""The chat services that the settings name, each with what it has to know of commands and chats."""

import hashlib
from collections.abc import Awaitable, Callable
from dataclasses import replace

from bot.model import Changes, Chat
from bot.ports import Platform
from bot.settings import Settings
from bot.store import TinyStore
from handlers import HANDLERS

CHANGES = frozenset(verb for verb, handler in HANDLERS.items() if handler.changes)


def connected(settings: Settings, store: TinyStore) -> list[Platform]:
    """Return the services that have a token. Their libraries are loaded only then."""
    found: list[Platform] = []
    if settings.telegram_token:
        found.append(_telegram(settings, store))
    if settings.slack_bot_token:
        found.append(_slack(settings, store))
    return found


def _telegram(settings: Settings, store: TinyStore) -> Platform:
    from bot.platforms.telegram import Options, Telegram, Webhook  # noqa: PLC0415  # 0.15 s

    token = settings.telegram_token.get_secret_value() if settings.telegram_token else ""
    secret = hashlib.sha256(f"webhook {token}".encode()).hexdigest()
    url = settings.telegram_webhook_url
    return Telegram(
        token,
        settings.telegram_api_url,
        Options(
            menu=tuple((verb, handler.does) for verb, handler in HANDLERS.items()),
            changes=CHANGES,
            allowed=frozenset(settings.allowed_chats),
            operators=frozenset(settings.operators),
            standing=standing(store),
            webhook=Webhook(url=url, secret=secret) if url else None,
        ),
    )


def _slack(settings: Settings, store: TinyStore) -> Platform:
    from bot.platforms.slack import Access, Door, Slack  # noqa: PLC0415  # 0.27 s

    def secret(name: str) -> str:
        value = getattr(settings, name)
        return str(value.get_secret_value()) if value else ""

    access = Access(
        bot_token=secret("slack_bot_token"),
        app_token=secret("slack_app_token"),
        signing_secret=secret("slack_signing_secret"),
        api_url=settings.slack_api_url,
    )
    door = Door(
        changes=CHANGES,
        verbs=frozenset(HANDLERS),
        editors=settings.slack_editors,
        allowed=frozenset(settings.allowed_chats),
        operators=frozenset(settings.operators),
        standing=standing(store),
    )
    return Slack(access, door)


def standing(store: TinyStore) -> Callable[[Chat, bool], Awaitable[None]]:
    """Return what lets a room's chats rest when the bot is removed, and wakes them again."""

    async def stands(room: Chat, active: bool) -> None:  # noqa: FBT001  # the platforms' shape
        chats = tuple(
            replace(chat, active=active)
            for chat in store.chats()
            if (chat.platform, chat.account, chat.room) == (room.platform, room.account, room.room)
            and chat.active is not active
        )
        if chats:
            await store.commit(Changes(chats=chats))

    return stands
