"""The chat services that the settings name, each with what it has to know of commands and chats."""

import hashlib

from bot.ports import Service
from bot.rooms import Rooms
from bot.settings import Settings
from handlers import CHANGES, HANDLERS


def connected(settings: Settings, rooms: Rooms) -> list[Service]:
    """Return the services that have a token. Their libraries are loaded only then."""
    found: list[Service] = []
    if settings.telegram_token:
        found.append(_telegram(settings, rooms))
    if settings.slack_bot_token:
        found.append(_slack(settings, rooms))
    return found


def _telegram(settings: Settings, rooms: Rooms) -> Service:
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
            standing=rooms.standing,
            moved=rooms.moved,
            webhook=Webhook(url, secret, *settings.telegram_listen) if url else None,
        ),
    )


def _slack(settings: Settings, rooms: Rooms) -> Service:
    from bot.platforms.slack import Access, Door, Slack  # noqa: PLC0415  # 0.27 s

    def secret(name: str) -> str:
        value = getattr(settings, name)
        return str(value.get_secret_value()) if value else ""

    access = Access(
        bot_token=secret("slack_bot_token"),
        app_token=secret("slack_app_token"),
        signing_secret=secret("slack_signing_secret"),
        api_url=settings.slack_api_url,
        host=settings.slack_listen[0],
        port=settings.slack_listen[1],
    )
    door = Door(
        changes=CHANGES,
        verbs=frozenset(HANDLERS),
        editors=settings.slack_editors,
        allowed=frozenset(settings.allowed_chats),
        operators=frozenset(settings.operators),
        standing=rooms.standing,
        moved=rooms.moved,
    )
    return Slack(access, door)
