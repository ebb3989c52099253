"""What an error of Slack's means for a delivery: the whole knowledge of its failures.

Sources: the error tables of chat.postMessage and chat.update, and docs.slack.dev on rate limits:
a 429 stops one method of one workspace.
"""

from collections.abc import Mapping
from datetime import timedelta

import aiohttp
from slack_sdk.errors import SlackApiError, SlackClientError

from bot.errors import (
    AccountError,
    AmbiguousError,
    ChatGoneError,
    RejectedError,
    SendError,
    TryLaterError,
)

FAILURES = (SlackClientError, aiohttp.ClientError, OSError, ValueError, AttributeError)
"""What a call can raise. The last two: the client trips over answers that are no JSON objects."""

_TOKEN = "the token is refused; check SLACK_BOT_TOKEN"  # noqa: S105  # a sentence
ACCOUNT: Mapping[str, str] = {
    "invalid_auth": _TOKEN,
    "not_authed": _TOKEN,
    "token_revoked": f"it was revoked: {_TOKEN}",
    "token_expired": f"it has expired: {_TOKEN}",
    "not_allowed_token_type": f"it must begin with xoxb-: {_TOKEN}",
    "account_inactive": f"the app was removed from the workspace: {_TOKEN}",
    "team_access_not_granted": "the app has no access to this workspace; install it there",
    "missing_scope": "a scope is missing; install the app again from docs/slack-manifest.yaml",
    "no_permission": "the token may not do this; install the app again",
    "access_denied": "Slack denies access; ask the workspace's admins",
    "two_factor_setup_required": "two-factor authentication is missing; set it up for the owner",
}
GONE = frozenset(
    {
        "channel_not_found",
        "is_archived",
        "not_in_channel",
        "restricted_action",
        "restricted_action_read_only_channel",
        "restricted_action_non_threadable_channel",
        "ekm_access_denied",
        "messages_tab_disabled",
        "user_not_found",
    }
)
THREADLESS = frozenset(
    {
        "cannot_reply_to_message",
        "thread_not_found",
        "restricted_action_thread_locked",
        "restricted_action_thread_only_channel",
    }
)
BUSY = frozenset({"ratelimited", "rate_limited", "message_limit_exceeded"})
UNREADY = frozenset({"org_login_required", "team_added_to_org"})  # they pass within the hour
DOUBT = frozenset(
    {
        "internal_error",
        "fatal_error",
        "service_unavailable",
        "request_timeout",
        "duplicate_message_not_found",
        "duplicate_channel_not_found",
    }
)
_UNREADY_WAIT = timedelta(minutes=5)
_LONGEST_WAIT = timedelta(hours=1)


class ThreadlessError(RejectedError):
    """Nothing may be posted below this message; beside it may still be possible."""


def meaning(error: Exception) -> SendError:
    """Return what `error` means. The text holds Slack's own word for it, and no token."""
    match error:
        case SlackApiError():
            return _answered(error)
        case aiohttp.ClientConnectorError() | aiohttp.ConnectionTimeoutError():
            return TryLaterError("Slack cannot be reached", scope="account")
        case _:
            return AmbiguousError(f"no answer from Slack ({type(error).__name__})")


def _answered(error: SlackApiError) -> SendError:
    status, told = status_of(error), word_of(error)
    if status == 429 or told in BUSY:
        wait = wait_of(error)
        return TryLaterError(f"Slack asks to wait {wait}", wait, "method", told=wait is not None)
    if status >= 500 or told in DOUBT or not told:
        return AmbiguousError(f"Slack answered {status} {told or 'nothing'}")
    return refusal(told)


def refusal(told: str) -> SendError:
    """Return what Slack's word for a refusal means; nothing was done."""
    if told in ACCOUNT:
        return AccountError(f"Slack: {ACCOUNT[told]} ({told})")
    if told in GONE:
        return ChatGoneError(f"the channel is closed to the bot ({told}); invite it there")
    if told in THREADLESS:
        return ThreadlessError(f"no reply is possible there ({told})")
    if told in UNREADY:
        return TryLaterError(f"the workspace is changing hands ({told})", _UNREADY_WAIT, "account")
    return RejectedError(f"Slack refuses the message ({told})")


def of_app_token(error: SendError) -> SendError:
    """Return the same error, which is about the app token where it is about a token."""
    if not isinstance(error, AccountError):
        return error
    text = str(error).replace("SLACK_BOT_TOKEN", "SLACK_APP_TOKEN").replace("xoxb-", "xapp-")
    return AccountError(text)


def word_of(error: SlackApiError) -> str:
    """Return Slack's word for the error, "" where it gave none."""
    data = getattr(error.response, "data", None)
    told = data.get("error", "") if isinstance(data, dict) else ""
    return str(told)[:80]


def status_of(error: SlackApiError) -> int:
    """Return the HTTP status, 0 where none is known."""
    response = error.response
    return int(getattr(response, "status_code", 0) or getattr(response, "status", 0))


def wait_of(error: SlackApiError) -> timedelta | None:
    """Return the wait that Slack named, at most an hour; None where it named none."""
    headers = getattr(error.response, "headers", None) or {}
    seconds = str(headers.get("Retry-After", ""))
    if not seconds.isdecimal() or len(seconds) > 9:
        return None
    return min(_LONGEST_WAIT, timedelta(seconds=int(seconds)))
