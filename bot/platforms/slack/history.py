"""Finding a post again by the delivery's id in its metadata, after a send without an answer."""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any

from bot.errors import AccountError, RejectedError
from bot.model import Chat, Delivery
from bot.platforms.slack.receipts import receipt_of
from bot.platforms.slack.web import Web

EVENT = "exportwire_delivery"
_EARLY = timedelta(seconds=10)  # that the two clocks may differ
_PAGE, _PAGES = 100, 5
Posts = list[Mapping[str, Any]]


async def find(web: Web, chat: Chat, delivery: Delivery, under: str) -> str | None:
    """Return the receipt of a delivery, None where it is not there.

    `under` is the thread that it belongs to, "" where it has none. A thread that took no reply
    left it beside. Raises SendError; a look-up that the scopes do not allow is a RejectedError,
    since the account still sends.
    """
    since = (delivery.first_try or delivery.created) - _EARLY
    try:
        replies = await _replies(web, chat, under, since) if under else ()
        if found := _ts_of(replies, delivery):
            return found
        posts = await _read(web, "conversations.history", channel=chat.room, oldest=_stamp(since))
        return _ts_of(posts, delivery)
    except AccountError as error:
        raise RejectedError(f"Slack shows no history: {error}") from error


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
