"""The end of a run: a first signal asks for it, a second one does not wait."""

import asyncio
import logging
import os
import signal
from collections.abc import Coroutine
from typing import Any

log = logging.getLogger("exportwire.serve")
Stop = asyncio.Future[None]
"""Done once the run is to end."""


def stopped() -> Stop:
    """Return what SIGTERM or SIGINT fulfils; a second signal ends the process at once."""
    loop = asyncio.get_running_loop()
    stop: Stop = loop.create_future()

    def on(number: int) -> None:
        if stop.done():
            signal.signal(number, signal.SIG_DFL)
            signal.raise_signal(number)
            os._exit(128 + number)  # process 1 of a container is spared by the default action
        else:
            log.info("stopping", extra={"signal": signal.Signals(number).name})
            stop.set_result(None)

    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, on, number)
    return stop


async def unless(stop: Stop, work: Coroutine[Any, Any, None]) -> None:
    """Do `work`, and give it up where `stop` comes first."""
    task = asyncio.create_task(work)
    await asyncio.wait({task, stop}, return_when=asyncio.FIRST_COMPLETED)
    task.cancel()  # which is nothing to one that has ended
    await asyncio.wait({task})
    if not task.cancelled():
        task.result()
