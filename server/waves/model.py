"""Waves: shipments planned together, split into tasks, put on the floor."""

from __future__ import annotations

from enum import StrEnum

import msgspec

from server.db.event import Event
from server.kernel.machine import Machine


class WaveState(StrEnum):
    """Where a wave stands."""

    PLANNED = "planned"
    RELEASED = "released"
    HELD = "held"
    DONE = "done"
    CANCELLED = "cancelled"


W = WaveState
WAVE: Machine[WaveState] = Machine(
    "wave",
    W.PLANNED,
    {
        (W.PLANNED, "release"): W.RELEASED,
        (W.PLANNED, "cancel"): W.CANCELLED,
        (W.RELEASED, "hold"): W.HELD,
        (W.RELEASED, "finish"): W.DONE,
        (W.RELEASED, "cancel"): W.CANCELLED,
        (W.HELD, "resume"): W.RELEASED,
        (W.HELD, "cancel"): W.CANCELLED,
        (W.HELD, "finish"): W.DONE,
    },
)


class PlannedPick(msgspec.Struct, frozen=True):
    """One stop of a task's walk: units of one order line from one bin into the tote of one slot."""

    line: str
    shipment: str
    order: str
    bin: str
    sku: str
    lot: str
    quantity: int
    slot: int


class TaskReleased(Event, frozen=True):
    """A planned batch has its bins pinned and its task on offer: picking lays its lines, in walking order."""

    task: str
    wave: str
    site: str
    picks: tuple[PlannedPick, ...]
