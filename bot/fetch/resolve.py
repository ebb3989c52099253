"""Names to addresses, in threads of their own and within seconds: no name holds up others."""

import asyncio
import contextlib
import socket
import threading
from collections.abc import Awaitable, Callable, Sequence
from ipaddress import ip_address

from bot.errors import FetchError
from bot.fetch.guard import Address

Resolve = Callable[[str, int], Awaitable[Sequence[str]]]
"""Asks for a host's addresses, as text; may raise OSError."""
_THREADS = 32  # a hung look-up keeps its thread until the system gives up


def look_up(host: str, port: int) -> tuple[str, ...]:
    """Return what the system knows, each address once. Blocks; raises OSError, UnicodeError."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return tuple(dict.fromkeys(str(each[4][0]) for each in found))


class SystemResolver:
    """Asks the system, each time in a daemon thread: a pool's threads would delay our own end."""

    def __init__(self, ask: Callable[[str, int], Sequence[str]] = look_up) -> None:
        self._ask = ask
        self._slots = asyncio.Semaphore(_THREADS)

    async def __call__(self, host: str, port: int) -> Sequence[str]:
        await self._slots.acquire()
        loop = asyncio.get_running_loop()
        answer: asyncio.Future[Sequence[str]] = loop.create_future()

        def settle(found: Sequence[str], error: Exception | None) -> None:
            self._slots.release()
            if not answer.done():
                answer.set_exception(error) if error else answer.set_result(found)

        def run() -> None:
            found, error = _outcome(self._ask, host, port)
            with contextlib.suppress(RuntimeError):  # the loop has ended meanwhile
                loop.call_soon_threadsafe(settle, found, error)

        threading.Thread(target=run, name="resolve", daemon=True).start()
        return await answer


def _outcome(
    ask: Callable[[str, int], Sequence[str]], host: str, port: int
) -> tuple[Sequence[str], Exception | None]:
    try:
        return ask(host, port), None
    except (OSError, UnicodeError) as error:
        return (), error


async def addresses_of(host: str, port: int, resolve: Resolve, limit: float) -> tuple[Address, ...]:
    """Return a host's addresses within `limit` seconds. Raises FetchError."""
    try:
        return (ip_address(host),)
    except ValueError:
        pass
    try:
        async with asyncio.timeout(limit):
            found = tuple(map(ip_address, await resolve(host, port)))
    except TimeoutError as error:
        raise FetchError(f"the name {host} was not resolved within {limit:g} s") from error
    except (OSError, UnicodeError, ValueError) as error:
        raise FetchError(
            f"the name {host} does not resolve: is it right, is there a network?"
        ) from error
    if not found:
        raise FetchError(f"the name {host} has no address")
    return found
