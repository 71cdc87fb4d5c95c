"""What the planner is told and what it answers: plain values, so that the planner can be replaced."""

from __future__ import annotations

import msgspec

from server.kernel.clock import SECOND


class PlanLine(msgspec.Struct, frozen=True):
    """Units of one order line that lie in one bin.

    Weight (mg) and volume (mm3) are of one unit; 0 or below is not known and counts as nothing. `cut_off` is
    in ms (0 = none), a higher `priority` goes first, `expiry` is the lot's.
    """

    shipment: str
    line: str
    bin: str
    sku: str
    quantity: int
    weight_mg: int = 0
    volume_mm3: int = 0
    zone: str = ""
    cut_off: int = 0
    priority: int = 0
    lot: str = ""
    expiry: int = 0


class Lying(msgspec.Struct, frozen=True):
    """Units that a bin holds beside what the lines take, which may be taken from it instead."""

    bin: str
    lot: str
    expiry: int
    units: int
    zone: str = ""


class Trolley(msgspec.Struct, frozen=True):
    """What one picker takes on one walk: at least one tote, and so many stops. A limit of 0 is none."""

    totes: int
    tote_volume_cm3: int = 0
    tote_weight_g: int = 0
    lines: int = 0


class Labour(msgspec.Struct, frozen=True):
    """Who picks, and how fast: mm walked in a second, ms for a stop and for a batch besides, `now` in ms UTC.

    Without pickers no cut-off can be missed.
    """

    pickers: int = 0
    pace_mm: int = 1_200
    pick_ms: int = 8_000
    batch_ms: int = 60_000
    now: int = 0

    def takes(self, stops: int, length_mm: int) -> int:
        """Give how many ms one picker needs for a batch of so many stops."""
        return self.batch_ms + stops * self.pick_ms + length_mm * SECOND // self.pace_mm


class Effort(msgspec.Struct, frozen=True):
    """How long to search: so many seconds, or so many moves whatever the time, which gives the same plan each time.

    A batch of one is found at once.
    """

    seconds: float = 1.0
    moves: int = 0
    seed: int = 0


class PickPlan(msgspec.Struct, frozen=True):
    """One stop: so many units of a line from a bin into the tote in slot 1, 2, ... of the trolley."""

    line: str
    shipment: str
    bin: str
    lot: str
    sku: str
    quantity: int
    slot: int


class TaskPlan(msgspec.Struct, frozen=True):
    """One walk: its stops in walking order, its length in mm, and how many totes it takes.

    `cut_off` and `priority` are those of its most urgent goods; `zone` is '' where zones are no walls.
    """

    picks: tuple[PickPlan, ...]
    length_mm: int
    totes: int
    zone: str
    cut_off: int
    priority: int


class Refused(msgspec.Struct, frozen=True):
    """A line that cannot be planned, with the code that says why."""

    shipment: str
    line: str
    quantity: int
    code: str


class Plan(msgspec.Struct, frozen=True):
    """All walks, the most urgent first, and what no trolley can take.

    `first_come_mm` is the walking of batches in the order of arrival, each from bin to bin by their codes: what paper
    costs. `work_ms` is how long all tasks take together, `late_ms` by how much they miss their cut-offs.
    """

    tasks: tuple[TaskPlan, ...]
    refused: tuple[Refused, ...]
    first_come_mm: int = 0
    work_ms: int = 0
    late_ms: int = 0
