"""Finding a post again by the delivery's id in its metadata, after a send without an answer."""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any

from bot.errors import AccountError, RejectedError
from bot.model import Chat, Delivery, Kind
from bot.platforms.slack.receipts import receipt_of
from bot.platforms.slack.web import Web

EVENT = "exportwire_delivery"
_EARLY = timedelta(seconds=10)  # that the two clocks may differ
_PAGE, _PAGES, _THREADS = 100, 5, 3
Posts = list[Mapping[str, Any]]


async def find(web: Web, chat: Chat, delivery: Delivery, under: str | None) -> str | None:
    """Return the receipt of a delivery, None where it is not there.

    `under` is the thread that it was posted in ("" none, None forgotten). Raises SendError; a
    look-up that the scopes do not allow is a RejectedError, since the account still sends.
    """
    since = (delivery.first_try or delivery.created) - _EARLY
    try:
        if under:
            return _ts_of(await _replies(web, chat, under, since), delivery)
        posts = await _read(web, "conversations.history", channel=chat.room, oldest=_stamp(since))
        found = _ts_of(posts, delivery)
        if found or under is not None or delivery.kind is not Kind.UPDATE:
            return found
        return await _find_below(web, chat, delivery, since)
    except AccountError as error:
        raise RejectedError(f"Slack shows no history: {error}") from error


async def _find_below(web: Web, chat: Chat, delivery: Delivery, since: datetime) -> str | None:
    """Look into the threads that were written in since then."""
    answer = await web.read("conversations.history", channel=chat.room, limit=_PAGE)
    alive = [
        p for p in answer.get("messages", ()) if str(p.get("latest_reply", "")) > _stamp(since)
    ]
    for post in alive[:_THREADS]:
        if found := _ts_of(await _replies(web, chat, str(post.get("ts")), since), delivery):
            return found
    return None


async def _replies(web: Web, chat: Chat, under: str, since: datetime) -> Posts:
    return await _read(
        web, "conversations.replies", channel=chat.room, ts=under, oldest=_stamp(since)
    )


async def _read(web: Web, method: str, **given: Any) -> Posts:
    posts: Posts = []
    cursor = ""
    for _ in range(_PAGES):
        page = {"cursor": cursor} if cursor else {}
        answer = await web.read(method, limit=_PAGE, include_all_metadata="true", **given, **page)
        posts += answer.get("messages", ())
        cursor = str((answer.get("response_metadata") or {}).get("next_cursor") or "")
        if not cursor:
            break
    return posts


def _ts_of(posts: Iterable[Mapping[str, Any]], delivery: Delivery) -> str | None:
    """Return the ts of the bot's own post of a delivery; others may write the same metadata."""
    for post in posts:
        named = post.get("metadata") or {}
        told = (named.get("event_payload") or {}).get("id")
        if post.get("bot_id") and named.get("event_type") == EVENT and told == delivery.id:
            return receipt_of(str(post["ts"]), str(post.get("thread_ts") or ""))
    return None


def _stamp(when: datetime) -> str:
    return f"{when.timestamp():.6f}"
