"""A command on its way through the bus: what it carries, how it is answered, how often it has failed."""

from __future__ import annotations

import asyncio
import logging
from collections import Counter
from time import perf_counter
from typing import Any

import msgspec

from server import metrics, traces
from server.db.engine import DatabaseError
from server.db.oplog import Outcome
from server.kernel.actor import Actor
from server.kernel.refusal import Busy, Gap

log = logging.getLogger("server.operations")
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
    arrived: float = msgspec.field(default_factory=perf_counter)
    trace: Any = msgspec.field(default_factory=traces.here)

    @property
    def told(self) -> dict[str, str]:
        """Whose it is, for the log."""
        return {"op_id": self.op_id, "device": self.actor.device, "user": self.actor.user}

    def answer(self, outcome: Outcome) -> None:
        """Give its outcome to whoever still waits, and count it."""
        if self.done.done():
            return
        self.done.set_result(outcome)
        seconds = perf_counter() - self.arrived
        metrics.answered(outcome.command, outcome.code, seconds, bulk=self.bulk)
        if log.isEnabledFor(logging.INFO):
            facts = {"command": outcome.command, "code": outcome.code, "ms": round(seconds * 1_000, 2)}
            log.info("refused" if outcome.code else "committed", extra=self.told | facts)

    def fail(self, error: Busy | Gap) -> None:
        """Tell whoever still waits that nothing was stored."""
        if not self.done.done():
            self.done.set_exception(error)
            metrics.put_off(error.code)


class Faults:
    """How often each command has failed, until it has an outcome."""

    def __init__(self) -> None:
        """Begin with none."""
        self.counts: Counter[str] = Counter()

    def count(self, item: Item, error: Exception) -> None:
        """Count a failure, unless it is one of the engine's that pass: a full disk, another writer, a restart."""
        if not (isinstance(error, DatabaseError) and error.passing):
            self.counts[item.op_id] += 1

    def is_parked(self, item: Item) -> bool:
        """Tell whether it has failed so often that the queue goes on without it."""
        return self.counts[item.op_id] >= (TRIES if item.seq else 1)

    def forget(self, item: Item) -> None:
        """It has an outcome."""
        self.counts.pop(item.op_id, None)
