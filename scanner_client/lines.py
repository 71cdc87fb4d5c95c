"""Questions about a task and its lines."""

from __future__ import annotations

from msgspec.structs import replace

from server.kernel.barcode import candidates
from server.protocol.picking import BarcodeView, LineView, SlotView, TaskView

CLOSED = frozenset({"picked", "short", "withdrawn"})


def current(task: TaskView) -> LineView | None:
    """Give the line to work on: the first open one of the walk."""
    ordered = sorted(task.lines, key=lambda line: line.sequence)
    return next((line for line in ordered if line.state == "open"), None)


def is_walked(task: TaskView) -> bool:
    """Tell whether all lines are done and the totes may be left."""
    return bool(task.lines) and all(line.state in CLOSED for line in task.lines)


def line_of(task: TaskView, line_id: str) -> LineView | None:
    """Give a line by its id."""
    return next((line for line in task.lines if line.id == line_id), None)


def slot_of(task: TaskView, line: LineView) -> SlotView | None:
    """Give the place on the trolley that a line goes to."""
    return next((slot for slot in task.slots if slot.slot == line.slot), None)


def bare_slot(task: TaskView) -> SlotView | None:
    """Give a place that needs a tote before the walk, where totes are not confirmed line by line."""
    if task.confirm_tote or task.kind != "pick":
        return None
    return next((slot for slot in task.slots if not slot.tote), None)


def barcode_of(line: LineView, code: str) -> BarcodeView | None:
    """Give the line's barcode that a scanned text means, whatever form of its GTIN it carries."""
    keys = candidates(code)
    return next((b for b in line.barcodes if not set(candidates(b.code)).isdisjoint(keys)), None)


def is_known(task: TaskView, code: str) -> bool:
    """Tell whether a code is a bin, an article or a tote of this task: then it is no serial and no place."""
    labels = {label for line in task.lines for label in (line.bin_code, line.bin)}
    totes = {slot.tote_code for slot in task.slots} | {slot.tote for slot in task.slots}
    return code in labels | totes or any(barcode_of(line, code) for line in task.lines)


def with_line(task: TaskView, line: LineView) -> TaskView:
    """Give the task with one line changed."""
    return replace(task, lines=tuple(line if each.id == line.id else each for each in task.lines))


def with_tote(task: TaskView, slot: int, code: str) -> TaskView:
    """Give the task with a tote placed in a slot."""
    placed = (replace(s, tote=code, tote_code=code) if s.slot == slot else s for s in task.slots)
    return replace(task, slots=tuple(placed))
