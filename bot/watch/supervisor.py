"""What systemd is told: that the bot is ready, that it stops, and that its loop lives."""

import asyncio
import contextlib
import socket
from collections.abc import Iterator

EVERY = 10.0  # seconds; deploy/exportwire.service allows for 30


def notify(address: str, state: str) -> None:
    """Send a state to a notification socket ("@" stands for the abstract kind); "" sends nothing.

    A supervisor that does not listen is its own loss: no error is raised.
    """
    if not address:
        return
    where = f"\0{address[1:]}" if address.startswith("@") else address
    with (
        contextlib.suppress(OSError),
        socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM | socket.SOCK_NONBLOCK) as sender,
    ):
        sender.sendto(state.encode(), where)


@contextlib.contextmanager
def supervised(address: str, every: float = EVERY) -> Iterator[None]:
    """Say "ready" now, "alive" while the loop runs, and "stopping" at the end of the block."""
    notify(address, "READY=1")
    task = asyncio.create_task(_alive(address, every))
    try:
        yield
    finally:
        notify(address, "STOPPING=1")
        task.cancel()


async def _alive(address: str, every: float) -> None:
    while address:
        notify(address, "WATCHDOG=1")
        await asyncio.sleep(every)
