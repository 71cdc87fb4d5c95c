"""A command on its way through the bus: what it carries, how it is answered, how often it has failed."""

from __future__ import annotations

import asyncio
from collections import Counter
from typing import Any

import msgspec

from server.db.engine import BUSY, DatabaseError
from server.db.oplog import Outcome
from server.kernel.actor import Actor

TRIES = 5
"""So often a command in a device's queue is tried; what nothing waits behind is tried once."""


class Item(msgspec.Struct):
    """A command waiting for its group; `seq` above 0 orders it among its device's operations."""

    actor: Actor
    command: Any
    op_id: str
    seq: int
    device_at: int
    bulk: bool
    done: asyncio.Future[Outcome]

    def answer(self, outcome: Outcome) -> None:
        """Give its outcome to whoever still waits."""
        if not self.done.done():
            self.done.set_result(outcome)

    def fail(self, error: Exception) -> None:
        """Tell whoever still waits that nothing was stored."""
        if not self.done.done():
            self.done.set_exception(error)


class Faults:
    """How often each command has failed, until it has an outcome."""

    def __init__(self) -> None:
        """Begin with none."""
        self.counts: Counter[str] = Counter()

    def count(self, item: Item, error: Exception) -> None:
        """Count a failure, unless it is one of the engine's that pass: a full disk, another writer."""
        full = isinstance(error, DatabaseError) and error.full
        if not full and not any(word in str(error).lower() for word in BUSY):
            self.counts[item.op_id] += 1

    def is_parked(self, item: Item) -> bool:
        """Tell whether it has failed so often that the queue goes on without it."""
        return self.counts[item.op_id] >= (TRIES if item.seq else 1)

    def forget(self, item: Item) -> None:
        """It has an outcome."""
        self.counts.pop(item.op_id, None)
