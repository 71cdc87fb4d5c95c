"""What the planner is told and what it answers: plain values, so that the planner can be replaced."""

from __future__ import annotations

import msgspec


class PlanLine(msgspec.Struct, frozen=True):
    """Units of one order line that lie in one bin.

    Weight (mg) and volume (mm3) are of one unit; 0 or below is not known and counts as nothing. `cut_off` is
    in ms (0 = none), a higher `priority` goes first.
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


class Trolley(msgspec.Struct, frozen=True):
    """What one picker takes on one walk: at least one tote, and so many stops. A limit of 0 is none."""

    totes: int
    tote_volume_cm3: int = 0
    tote_weight_g: int = 0
    lines: int = 0


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
    """All walks, the most urgent first, and what no trolley can take."""

    tasks: tuple[TaskPlan, ...]
    refused: tuple[Refused, ...]
