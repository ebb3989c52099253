"""The HTTP client below python-telegram-bot: tells haste from trouble, and hides odd bodies."""

import json
import ssl
from typing import Any

from telegram.error import NetworkError, TelegramError
from telegram.request import HTTPXRequest

TOO_MANY_REQUESTS = 429


class HasteError(TelegramError):
    """We were too fast: `wait` seconds, or None where Telegram named none.

    The library's own error says the same, with a warning about the type of its field.
    """

    def __init__(self, wait: float | None) -> None:
        super().__init__("Too Many Requests")
        self.wait = wait


class Client(HTTPXRequest):
    """As the library's, save for status 429 and for what is not JSON.

    Only Telegram's own words close a chat or a token: a page from a proxy is no answer, whatever
    its status. The library would also log it, and it may show the address that was asked for,
    which holds the token.
    """

    async def do_request(self, *args: Any, **given: Any) -> tuple[int, bytes]:
        """Return the status and a JSON object. Raises HasteError, and what the library raises."""
        status, body = await super().do_request(*args, **given)
        if status == TOO_MANY_REQUESTS:
            raise HasteError(wait_of(body))
        if not is_object(body):
            raise NetworkError(f"an unreadable answer with status {status}")
        return status, body


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


def client(connections: int, *, secure: bool = True) -> Client:
    """Return a client; its timeouts together stay below the deadline of a delivery.

    A server of one's own that is spoken to without TLS needs no authorities, slow to load:
    without them any certificate is refused.
    """
    bare = {"verify": ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)}
    return Client(
        connection_pool_size=connections,
        connect_timeout=5,
        read_timeout=12,
        write_timeout=10,
        pool_timeout=2,
        httpx_kwargs=None if secure else bare,
    )
