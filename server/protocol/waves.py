"""Waves on the wire: what a supervisor commands and watches."""

from __future__ import annotations

from typing import Annotated

from msgspec import Meta

from server.protocol.base import Command, Count, View, Whole
from server.protocol.picking import Id, Reason


class PlanWave(Command, frozen=True):
    """Plan a wave of allocated shipments of a site; empty filters take all of them."""

    site: Id
    carrier: str = ""
    cut_off_before: Count = 0
    zone: str = ""
    least_priority: Whole = 0
    most_shipments: Annotated[int, Meta(ge=1, le=10_000)] = 500


class ReplanWave(Command, frozen=True):
    """Plan a wave that is not released once more, from its plan on; shipments allocated since then join it."""

    wave: Id


class ReleaseWave(Command, frozen=True):
    """Put a planned wave on the floor."""

    wave: Id


class HoldWave(Command, frozen=True):
    """Offer no more tasks of a wave; tasks already taken go on."""

    wave: Id


class ResumeWave(Command, frozen=True):
    """Offer the tasks of a held wave again."""

    wave: Id


class CancelWave(Command, frozen=True):
    """Undo a plan, or withdraw what is not picked of a released wave."""

    wave: Id
    reason: Reason = ""


class AssignTask(Command, frozen=True):
    """Give a task to a picker; '' puts it back on offer."""

    task: Id
    user: str


class SplitTask(Command, frozen=True):
    """Give the later half of a task's slots, as far as nobody began them, to a task of its own."""

    task: Id


class JoinTasks(Command, frozen=True):
    """Put a task that nobody began back into the one it was split from."""

    task: Id
    into: Id


class LoseDevice(Command, frozen=True):
    """A supervisor declares a device lost: its tasks return to the queue, withdrawn lines are freed."""

    device: Id


class WaveView(View, frozen=True):
    """A wave's progress; `finish_at` is the projected finish in ms (0 = nothing to project from)."""

    id: str
    name: str
    site: str
    state: str
    carrier: str
    cut_off: int
    shipments: int
    tasks: int
    tasks_done: int
    lines: int
    lines_done: int
    lines_short: int
    units: int
    walk_mm: int
    finish_at: int


class PickerView(View, frozen=True):
    """A person on the floor as the supervisor sees them. `waiting` = operations not yet sent by the device."""

    user: str
    name: str
    device: str
    online: bool
    task: str
    bin: str
    last_scan_at: int
    scans: int
    refusals: int
    shorts: int
    waiting: int


class StationView(View, frozen=True):
    """A pack station's figures of the day."""

    id: str
    name: str
    parcels: int
    weight_blocks: int
    last_at: int


class RefusalCount(View, frozen=True):
    """How often a code was answered today."""

    code: str
    count: int


WavesCommand = (
    PlanWave
    | ReplanWave
    | ReleaseWave
    | HoldWave
    | ResumeWave
    | CancelWave
    | AssignTask
    | SplitTask
    | JoinTasks
    | LoseDevice
)
