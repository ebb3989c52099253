"""Names to addresses, in threads of their own and within seconds: no name holds up others."""

import asyncio
import socket
from collections.abc import Awaitable, Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from ipaddress import ip_address

from bot.errors import FetchError
from bot.fetch.guard import Address

Resolve = Callable[[str, int], Awaitable[Sequence[str]]]
"""Asks for a host's addresses, as text; may raise OSError."""
_THREADS = 16  # a hung look-up keeps its thread until the system gives up


class SystemResolver:
    """Asks the system."""

    def __init__(self) -> None:
        self._threads = ThreadPoolExecutor(_THREADS, thread_name_prefix="resolve")

    async def __call__(self, host: str, port: int) -> Sequence[str]:
        loop = asyncio.get_running_loop()
        found = await loop.run_in_executor(self._threads, _look_up, host, port)
        return tuple(dict.fromkeys(found))

    def close(self) -> None:
        """Let the threads end; a hung one does not keep us."""
        self._threads.shutdown(wait=False, cancel_futures=True)


def _look_up(host: str, port: int) -> list[str]:
    return [str(each[4][0]) for each in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)]


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
