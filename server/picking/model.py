"""What a pick task holds: its lines, its slots on the trolley, and where each tote is."""

from __future__ import annotations

from enum import StrEnum

import msgspec

from server.db.event import Event
from server.kernel.machine import Machine
from server.protocol.base import Command


class PickState(StrEnum):
    """Where a line of a task stands."""

    OPEN = "open"
    PICKED = "picked"
    SHORT = "short"
    WITHDRAWING = "withdrawing"
    WITHDRAWN = "withdrawn"


P = PickState
PICK: Machine[PickState] = Machine(
    "pick line",
    P.OPEN,
    {
        (P.OPEN, "pick"): P.PICKED,
        (P.OPEN, "short"): P.SHORT,
        (P.OPEN, "withdraw"): P.WITHDRAWING,
        (P.OPEN, "drop"): P.WITHDRAWN,
        (P.PICKED, "undo"): P.OPEN,
        (P.WITHDRAWING, "acknowledge"): P.WITHDRAWN,
    },
)
LOOKED = "looked"
"""Reason of a picked line whose bin somebody has looked into: it is not asked for again."""
CLOSED = frozenset({P.PICKED, P.SHORT, P.WITHDRAWN})


class PickLine(msgspec.Struct, frozen=True):
    """One stop: `quantity` units of `sku` (of `lot`, where tracked) from `bin` into the tote of `slot`.

    `line` is the order line that travels with it. `counted` units are confirmed at the present step, `picked` once
    the last step is done. `step` is the scan that is expected next. Return tasks: `tote` is where the goods are.
    """

    id: str
    task: str
    kind: str
    sequence: int
    site: str
    order: str
    shipment: str
    line: str
    bin: str
    sku: str
    tracking: str
    lot: str
    quantity: int
    counted: int
    picked: int
    state: PickState
    step: str
    slot: int
    tote: str
    serials: tuple[str, ...]
    reason: str
    picked_at: int


class Slot(msgspec.Struct, frozen=True):
    """A place on a task's trolley for totes of one shipment; `tote` is the one being filled ('' = none yet)."""

    id: str
    task: str
    slot: int
    order: str
    shipment: str
    tote: str


class ToteUse(msgspec.Struct, frozen=True):
    """A tote in use: for which shipment, on which task, and where it was left ('' = still on the trolley)."""

    tote: str
    site: str
    order: str
    shipment: str
    task: str
    place: str
    since: int


class SaveWalk(Command, frozen=True):
    """Let the lines of a task that nobody has begun follow this order of bins. A job's command."""

    task: str
    bins: tuple[str, ...]


class ScanRow(msgspec.Struct, frozen=True):
    """Every scan, good or refused. `code_refused` is '' for a good one; both clocks are kept (ms UTC)."""

    id: str
    at: int
    device_at: int
    site: str
    user: str
    device: str
    task: str
    line: str
    step: str
    barcode: str
    symbology: str
    expected: str
    quantity: int
    refusal: str


class QueueCount(Command, frozen=True):
    """Have a bin counted: all that lies in it, or one SKU, or one lot."""

    bin: str
    sku: str = ""
    lot: str = ""


class LinePicked(Event, frozen=True):
    """Goods went from a bin into a tote."""

    pick: str
    order: str
    line: str
    shipment: str
    task: str
    bin: str
    sku: str
    lot: str
    quantity: int
    tote: str
    site: str


class LineShort(Event, frozen=True):
    """A bin did not have what it should; `elsewhere` units were found in other bins, the rest is back-ordered."""

    pick: str
    order: str
    task: str
    bin: str
    sku: str
    quantity: int
    elsewhere: int
    reason: str
    site: str


class PickUndone(Event, frozen=True):
    """A confirmation was taken back."""

    pick: str
    order: str
    task: str
    quantity: int


class TotesDropped(Event, frozen=True):
    """A task's totes stand at the consolidation place."""

    task: str
    site: str
    place: str
    shipments: tuple[str, ...]


def slot_id(task: str, slot: int) -> str:
    """Give the key of a slot."""
    return f"{task}/{slot}"
