"""Picking on the wire: what a handheld is given, and what it says back."""

from __future__ import annotations

from typing import Annotated, Literal

from msgspec import Meta

from server.protocol.base import Command, View

Code = Annotated[str, Meta(min_length=1, max_length=512)]
Id = Annotated[str, Meta(min_length=1, max_length=64)]
Quantity = Annotated[int, Meta(ge=0, le=1_000_000)]
Reason = Annotated[str, Meta(max_length=200)]
Step = Literal["bin", "sku", "lot", "serial", "tote"]
ShortReason = Literal["none_on_shelf", "damaged", "wrong_item", "cannot_reach"]


class TakeTask(Command, frozen=True):
    """Accept an offered task, or come back to one's own."""

    task: Id


class TakeOver(Command, frozen=True):
    """Take a colleague's task; asked on the screen first, and logged."""

    task: Id


class HandBack(Command, frozen=True):
    """Give a task back to the queue with what is picked so far."""

    task: Id


class Scan(Command, frozen=True):
    """One scan at one step of one line: right or wrong, it becomes a row.

    `quantity` 0 counts the barcode's own units (a case of 12 counts 12); above 0 it is the typed quantity.
    `symbology` is what the reader says, or `typed`, or `check` for check digits.
    """

    task: Id
    line: Id
    step: Step
    code: Code
    symbology: Annotated[str, Meta(max_length=32)] = ""
    quantity: Quantity = 0
    sure: bool = False


class Short(Command, frozen=True):
    """Nothing more can be picked for this line: the rest is short, with a reason."""

    task: Id
    line: Id
    reason: ShortReason


class Skip(Command, frozen=True):
    """Move a line to the end of the walk; it is not done."""

    task: Id
    line: Id


class Undo(Command, frozen=True):
    """Take the last confirmation of a line back: a compensating event, the goods return to the bin."""

    task: Id
    line: Id


class NewTote(Command, frozen=True):
    """The tote in `slot` is full (or is first placed): go on with the tote `code`."""

    task: Id
    slot: Quantity
    code: Code


class ZeroCheck(Command, frozen=True):
    """Answer to "should be empty now: is it?"."""

    task: Id
    line: Id
    empty: bool


class AcknowledgeWithdrawal(Command, frozen=True):
    """The device has shown that these lines were withdrawn; their reservation may be freed."""

    task: Id
    lines: tuple[Id, ...]


class DropTotes(Command, frozen=True):
    """All lines are done: leave the totes at the consolidation place `code`; '' where the site has none."""

    task: Id
    code: Annotated[str, Meta(max_length=512)] = ""


class BarcodeView(View, frozen=True):
    """A code that counts as `units` of the SKU."""

    code: str
    units: int


class LineView(View, frozen=True):
    """One line of a task with all that an offline handheld needs to confirm it."""

    id: str
    sequence: int
    state: str
    step: str
    bin: str
    bin_code: str
    check: str
    aisle: str
    level: int
    sku: str
    name: str
    barcodes: tuple[BarcodeView, ...]
    tracking: str
    lots: tuple[str, ...]
    serials: tuple[str, ...]
    quantity: int
    counted: int
    picked: int
    unit: str
    slot: int
    shipment: str
    zero_check: bool


class SlotView(View, frozen=True):
    """A place on the trolley: which tote stands there and for which shipment."""

    slot: int
    shipment: str
    order: str
    tote: str
    tote_code: str


class TaskView(View, frozen=True):
    """A task as a handheld keeps it."""

    id: str
    kind: str
    state: str
    version: int
    steps: int
    wave: str
    site: str
    assignee: str
    device: str
    priority: int
    cut_off: int
    walk_mm: int
    confirm_tote: bool
    slots: tuple[SlotView, ...]
    lines: tuple[LineView, ...]


PickingCommand = (
    TakeTask
    | TakeOver
    | HandBack
    | Scan
    | Short
    | Skip
    | Undo
    | NewTote
    | ZeroCheck
    | AcknowledgeWithdrawal
    | DropTotes
)
