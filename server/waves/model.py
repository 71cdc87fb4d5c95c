"""Waves: shipments planned together, split into tasks, put on the floor."""

from __future__ import annotations

from enum import StrEnum

import msgspec

from server.db.event import Event
from server.kernel.machine import Machine
from server.protocol.base import Command


class WaveState(StrEnum):
    """Where a wave stands."""

    PLANNING = "planning"
    PLANNED = "planned"
    RELEASED = "released"
    HELD = "held"
    DONE = "done"
    CANCELLED = "cancelled"


W = WaveState
WAVE: Machine[WaveState] = Machine(
    "wave",
    W.PLANNING,
    {
        (W.PLANNING, "plan"): W.PLANNED,
        (W.PLANNING, "cancel"): W.CANCELLED,
        (W.PLANNED, "replan"): W.PLANNING,
        (W.PLANNED, "release"): W.RELEASED,
        (W.PLANNED, "cancel"): W.CANCELLED,
        (W.RELEASED, "release"): W.RELEASED,
        (W.RELEASED, "hold"): W.HELD,
        (W.RELEASED, "finish"): W.DONE,
        (W.RELEASED, "cancel"): W.CANCELLED,
        (W.HELD, "resume"): W.RELEASED,
        (W.HELD, "cancel"): W.CANCELLED,
        (W.HELD, "finish"): W.DONE,
    },
)


class Wave(msgspec.Struct, frozen=True):
    """A wave and what its plan promises.

    `zone` is the only one it picks in ('' = all), `cut_off` the earliest of its shipments (ms UTC). `walk_mm` is the
    walking, `first_come_mm` what it would be in the order of arrival; `work_ms` the time of all its tasks, `late_ms` by
    how much they will miss their cut-offs.
    """

    id: str
    name: str
    site: str
    state: WaveState
    carrier: str
    cut_off: int
    shipments: int
    tasks: int
    lines: int
    units: int
    walk_mm: int
    note: str
    created_at: int
    released_at: int
    done_at: int
    first_come_mm: int = 0
    work_ms: int = 0
    late_ms: int = 0
    zone: str = ""


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


class PlannedTask(msgspec.Struct, frozen=True):
    """A batch of a planned wave: its stops in walking order. `state` is planned, released, dropped or replanned."""

    id: str
    wave: str
    site: str
    number: int
    state: str
    cut_off: int
    priority: int
    walk_mm: int
    totes: int
    picks: tuple[PlannedPick, ...]


class SavePlan(Command, frozen=True):
    """Keep what the planner found for a wave. A job's command. `refused` are (line, code) that no task can carry."""

    wave: str
    tasks: tuple[PlannedTask, ...]
    refused: tuple[tuple[str, str], ...] = ()
    first_come_mm: int = 0
    work_ms: int = 0
    late_ms: int = 0


class ReleaseTask(Command, frozen=True):
    """Pin the bins of one batch and put its task on offer. A job's command."""

    planned: str


class WavePlanned(Event, frozen=True):
    """A wave's plan is ready to be looked at."""

    wave: str
    site: str
    tasks: int
    walk_mm: int
    refused: int


class WaveChanged(Event, frozen=True):
    """A wave went from one state to another."""

    wave: str
    site: str
    state: str
    was: str


class PickDropped(Event, frozen=True):
    """A planned stop could not be kept at release: its line waits for the next wave."""

    line: str
    order: str
    wave: str
    reason: str
