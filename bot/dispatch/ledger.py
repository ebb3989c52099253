"""Commits of the outbox: several changes as one, and a full disk is waited out."""

import asyncio
import logging
from collections.abc import Sequence
from dataclasses import fields

from bot.errors import FullError
from bot.model import Changes, Delivery, Kind, State
from bot.ports import Store

log = logging.getLogger("exportwire.dispatch")
FULL_WAIT = 5.0  # seconds before a full disk is tried again


async def save(store: Store, changes: Changes) -> None:
    """Return once `changes` are durable. Raises DiskError."""
    told = False
    while True:
        try:
            return await store.commit(changes)
        except FullError as error:
            if not told:
                log.warning("cannot save, sending rests", extra={"error": str(error)})
            told = True
            await asyncio.sleep(FULL_WAIT)


def merged(parts: Sequence[Changes]) -> Changes:
    """Return several changes as one, in order."""
    names = [field.name for field in fields(Changes)]
    return Changes(
        **{name: tuple(x for part in parts for x in getattr(part, name)) for name in names}
    )


def note(delivery: Delivery) -> None:
    """Log how a delivery ended."""
    log.log(_level(delivery), str(delivery.state), extra=_told(delivery))


def _level(delivery: Delivery) -> int:
    usual = delivery.state in {State.SENT, State.CANCELLED} or delivery.kind is Kind.EDIT
    usual = usual or delivery.within is not None  # told in a digest
    return logging.INFO if usual else logging.WARNING


def _told(delivery: Delivery) -> dict[str, object]:
    told: dict[str, object] = {"chat": delivery.chat, "kind": delivery.kind, "id": delivery.id}
    if delivery.reason:
        told["reason"] = delivery.reason
    return told
