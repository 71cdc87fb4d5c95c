"""Where a line stands after a scan, so that work goes on without the server. It is the server that judges."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

from msgspec.structs import replace

from scanner_client.lines import (
    barcode_of,
    is_known,
    line_of,
    slot_of,
    with_line,
    with_tote,
)
from server.kernel.barcode import parse_gs1
from server.protocol import steps
from server.protocol.picking import LineView, Scan, TaskView

CHECK_LENGTH: Final = 3
UNUSUAL: Final = 500
"""Quantities from here on are asked about once more, unless the site's policy says otherwise."""
Step = Callable[[TaskView, LineView, Scan], TaskView | None]


def scanned(task: TaskView, scan: Scan) -> TaskView | None:
    """Give the task after a scan; None where the scan does not fit and changes nothing."""
    line = line_of(task, scan.line)
    if line is None or line.state not in {"open", "withdrawing"} or line.step != scan.step:
        return None
    return AT[scan.step](task, line, scan)


def is_unusual(scan: Scan) -> bool:
    """Tell whether a quantity is asked about once before it counts."""
    return scan.quantity >= UNUSUAL and not scan.sure


def _advanced(task: TaskView, line: LineView) -> TaskView:
    step = steps.after(task.kind, line.step, steps.Facts(line.tracking, task.confirm_tote))
    moved = replace(line, step=step)
    return with_line(task, replace(moved, state="picked", picked=line.counted) if step == "done" else moved)


def _at_bin(task: TaskView, line: LineView, scan: Scan) -> TaskView | None:
    check = scan.code == line.check and scan.code.isdigit() and len(scan.code) <= CHECK_LENGTH
    return _advanced(task, line) if check or scan.code in {line.bin_code, line.bin} else None


def _at_sku(task: TaskView, line: LineView, scan: Scan) -> TaskView | None:
    barcode = barcode_of(line, scan.code)
    if barcode is None:
        return None
    if task.kind != "pick" or steps.COUNTS[line.tracking] == "sku":
        return _counted(task, line, scan, barcode.units)
    opened = _advanced(task, line)
    then = line_of(opened, line.id)
    says_lot = then is not None and then.step == "lot" and _lot(scan.code) != ""
    return _at_lot(opened, then, scan) if then is not None and says_lot else opened


def _at_lot(task: TaskView, line: LineView, scan: Scan) -> TaskView | None:
    if (_lot(scan.code) or scan.code) not in line.lots:
        return None
    barcode = barcode_of(line, scan.code)
    return _counted(task, line, scan, barcode.units if barcode else 1)


def _at_serial(task: TaskView, line: LineView, scan: Scan) -> TaskView | None:
    if scan.code in line.serials or is_known(task, scan.code):
        return None
    return _counted(task, replace(line, serials=(*line.serials, scan.code)), scan, 1)


def _at_tote(task: TaskView, line: LineView, scan: Scan) -> TaskView | None:
    slot = slot_of(task, line)
    if slot is not None and slot.tote:
        return _advanced(task, line) if scan.code in {slot.tote, slot.tote_code} else None
    return None if is_known(task, scan.code) else _advanced(with_tote(task, line.slot, scan.code), line)


def _lot(code: str) -> str:
    parsed = parse_gs1(code)
    return parsed.lot if parsed else ""


def _counted(task: TaskView, line: LineView, scan: Scan, units: int) -> TaskView | None:
    if task.kind == "count":
        return _advanced(task, replace(line, counted=scan.quantity or units))
    fuller = replace(line, counted=line.counted + (scan.quantity or units))
    if fuller.counted > line.quantity or is_unusual(scan):
        return None
    return _advanced(task, fuller) if fuller.counted == line.quantity else with_line(task, fuller)


AT: Final[Mapping[str, Step]] = {
    "bin": _at_bin,
    "sku": _at_sku,
    "lot": _at_lot,
    "serial": _at_serial,
    "tote": _at_tote,
}
