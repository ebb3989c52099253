"""The HTTP client below python-telegram-bot: tells haste from trouble, and hides odd bodies."""

import json
from typing import Any

from telegram.error import TelegramError
from telegram.request import HTTPXRequest

FIRST_ERROR, TOO_MANY_REQUESTS = 300, 429


class HasteError(TelegramError):
    """We were too fast: `wait` seconds, or None where Telegram named none.

    The library's own error says the same, with a warning about the type of its field.
    """

    def __init__(self, wait: float | None) -> None:
        super().__init__("Too Many Requests")
        self.wait = wait


class Client(HTTPXRequest):
    """As the library's, save for status 429 and for what is not JSON.

    The library logs a body that it cannot read; a proxy's error page may show the address that
    was asked for, which holds the token.
    """

    async def do_request(self, *args: Any, **given: Any) -> tuple[int, bytes]:
        """Return the status and a JSON object. Raises HasteError, and what the library raises."""
        status, body = await super().do_request(*args, **given)
        if status == TOO_MANY_REQUESTS:
            raise HasteError(wait_of(body))
        if is_object(body):
            return status, body
        if status < FIRST_ERROR:
            raise TelegramError("unreadable answer")
        return status, json.dumps({"ok": False, "description": f"status {status}"}).encode()


def is_object(body: bytes) -> bool:
    """Whether a body is a JSON object."""
    try:
        return isinstance(json.loads(body), dict)
    except (ValueError, RecursionError):
        return False


def wait_of(body: bytes) -> float | None:
    """Return the seconds that an answer asks us to wait, or None where it names none."""
    try:
        wait = json.loads(body)["parameters"]["retry_after"]
        return max(0.0, float(wait))
    except (ValueError, TypeError, KeyError, RecursionError):
        return None


def client(connections: int) -> Client:
    """Return a client; its timeouts together stay below the deadline of a delivery."""
    return Client(
        connection_pool_size=connections,
        connect_timeout=5,
        read_timeout=12,
        write_timeout=10,
        pool_timeout=2,
    )
