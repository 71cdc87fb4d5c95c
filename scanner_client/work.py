"""What a read means for the work in hand: a read and a task in, a command out. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final, Literal, cast

import msgspec

from scanner_client.advance import scanned
from scanner_client.decode import RETAIL, Read
from scanner_client.lines import (
    barcode_of,
    bare_slot,
    current,
    is_known,
    is_walked,
    slot_of,
)
from server.protocol import steps
from server.protocol.packing import OpenPack, PackItem, PackView
from server.protocol.picking import (
    AcknowledgeWithdrawal,
    DropTotes,
    LineView,
    NewTote,
    PickingCommand,
    Scan,
    Step,
    TakeTask,
    TaskView,
)

FOLLOWED: Final = frozenset({"pick", "return"})
"""Kinds of task that a camera can do; a count needs a number typed."""
Count = Literal["each", "line"]
Made = Scan | DropTotes | NewTote


class Expected(msgspec.Struct, frozen=True):
    """The scan that a task waits for: its step and what is on the label ('' = any free tote or serial)."""

    task: str
    line: str
    step: str
    code: str


def expected(task: TaskView) -> Expected | None:
    """Say which scan comes next; None where no line is open."""
    line = current(task)
    if line is None:
        return None
    if bare_slot(task):
        return Expected(task.id, line.id, "tote", "")
    slot = slot_of(task, line)
    wanted = {
        "bin": line.bin_code,
        "sku": next((b.code for b in reversed(line.barcodes) if b.units == 1), line.sku),
        "lot": line.lots[0] if line.lots else "",
        "tote": slot.tote_code if slot else "",
    }
    return Expected(task.id, line.id, line.step, wanted.get(line.step, ""))


class How(msgspec.Struct, frozen=True):
    """How units are counted: `each` scan counts its barcode's units, or one scan counts the rest of a `line`.

    `sure` are the lines whose unusual quantity was asked about already.
    """

    count: Count = "each"
    sure: frozenset[str] = frozenset()


def next_op(task: TaskView, read: Read, how: How) -> Made | None:
    """Make the command that a read is for a task, right or wrong; None where the task wants no scan."""
    line = current(task)
    if line is None:
        wanted = is_walked(task) and not is_known(task, read.text)
        return DropTotes(task.id, read.text) if wanted else None
    bare = bare_slot(task)
    if bare is not None:
        return None if is_known(task, read.text) else NewTote(task.id, bare.slot, read.text)
    quantity = line.quantity - line.counted if how.count == "line" and _counts(line, read) else 0
    step = cast("Step", line.step)
    return Scan(task.id, line.id, step, read.text, read.symbology, quantity, line.id in how.sure)


def _counts(line: LineView, read: Read) -> bool:
    """Tell whether this read counts units at this step, rather than naming something."""
    if line.step != steps.COUNTS[line.tracking] or line.step == "serial":
        return False
    return line.step == "lot" or barcode_of(line, read.text) is not None


class Choice(msgspec.Struct, frozen=True):
    """The command that one of the reads in view makes.

    `fits`: the label is the expected one. Of a free tote, a serial or a place for totes only the server knows.
    """

    read: Read
    op: Made
    fits: bool


def choose(tasks: Iterable[TaskView], reads: Sequence[Read], how: How) -> Choice | None:
    """Make one command of the codes in view: of one that fits, else of the first; None if nothing is due."""
    active = [task for task in tasks if task.state == "active" and task.kind in FOLLOWED]
    offers = [
        Choice(read, op, _fits(task, op)) for task in active for read in reads if (op := next_op(task, read, how))
    ]
    return next((offer for offer in offers if offer.fits), offers[0] if offers else None)


def _fits(task: TaskView, op: Made) -> bool:
    if not isinstance(op, Scan) or op.step == "serial":
        return False
    return scanned(task, op) is not None and (op.step != "tote" or is_known(task, op.code))


def errands(tasks: Iterable[TaskView], placeless: frozenset[str]) -> PickingCommand | None:
    """Say what a scanner that works alone does next without a scan; None where it waits for one.

    It acknowledges withdrawn lines, leaves the totes of a walked task (`placeless` are those that want their
    place scanned), and takes the next task on offer.
    """
    followed = [task for task in tasks if task.kind in FOLLOWED]
    for task in (task for task in followed if task.state == "active"):
        withdrawn = tuple(line.id for line in task.lines if line.state == "withdrawing")
        if withdrawn:
            return AcknowledgeWithdrawal(task.id, withdrawn)
        if is_walked(task) and task.kind == "pick":
            return None if task.id in placeless else DropTotes(task.id)
    if any(task.state == "active" and not is_walked(task) for task in followed):
        return None
    return next((TakeTask(task.id) for task in followed if task.state == "offered"), None)


def at_station(station: str, view: PackView | None, read: Read) -> OpenPack | PackItem:
    """Make the command of a read at a pack station: an article is packed, anything else opened as a tote."""
    codes = {code for line in view.lines for code in line.barcodes} if view else set()
    if view and view.open_parcel and (read.text in codes or read.symbology in RETAIL):
        return PackItem(view.shipment, view.open_parcel, read.text, read.symbology)
    return OpenPack(station, read.text)
