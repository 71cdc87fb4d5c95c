"""What a scan means for a line: the next state of the line, or a Refusal that names what was expected. Pure."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import msgspec
from msgspec.structs import replace

from server.catalog.model import Barcode
from server.kernel.refusal import Refusal
from server.picking.model import PickLine, PickState, Slot, ToteUse
from server.protocol import steps
from server.protocol.picking import Scan
from server.sites.model import Bin, Policy

CHECK_LENGTH = 3


class Seen(msgspec.Struct, frozen=True):
    """A scan with all that the rules look at.

    `barcode` is what the code resolves to (None: nothing known), `lot` what a GS1 code says of it, `expiry` of the
    line's lot in ms (0 = none), `elsewhere` that the SKU is wanted at another bin of the task, `holder` who uses the
    scanned tote, `serials` those scanned on this walk.
    """

    scan: Scan
    pick: PickLine
    bin: Bin
    slot: Slot
    policy: Policy
    barcode: Barcode | None = None
    lot: str = ""
    expiry: int = 0
    elsewhere: bool = False
    tote_known: bool = False
    holder: ToteUse | None = None
    confirm_tote: bool = True
    serials: frozenset[str] = frozenset()


FIRST = {"bin": "bin_first", "lot": "scan_lot"}
"""What a scan of another step is refused with, by the step that comes first."""


def expected(seen: Seen) -> str:
    """Say what the line's step expects, as printed on the label."""
    pick = seen.pick
    wanted = {"bin": seen.bin.code, "sku": pick.sku, "lot": pick.lot, "tote": seen.slot.tote}
    return wanted.get(pick.step, "")


def scanned(seen: Seen, now: int) -> PickLine:
    """Give the line after a good scan; its step is 'done' when nothing more is expected. Raises Refusal."""
    scan, pick = seen.scan, seen.pick
    if pick.state not in {PickState.OPEN, PickState.WITHDRAWING}:
        raise Refusal("line_cancelled" if pick.state is PickState.WITHDRAWN else "line_done", line=pick.id)
    if scan.step != pick.step:
        code = FIRST.get(pick.step, "not_in_state")
        raise Refusal(code, expected=expected(seen), scanned=scan.code, step=pick.step)
    return AT[scan.step](seen, now)


def _advanced(seen: Seen, pick: PickLine) -> PickLine:
    facts = steps.Facts(pick.tracking, seen.confirm_tote)
    return replace(pick, step=steps.after(pick.kind, pick.step, facts))


def _at_bin(seen: Seen, now: int) -> PickLine:
    del now
    scan, place = seen.scan, seen.bin
    if scan.code in {place.code, place.id}:
        return _advanced(seen, seen.pick)
    if scan.code.isdigit() and len(scan.code) <= CHECK_LENGTH:
        if scan.code == place.check:
            return _advanced(seen, seen.pick)
        raise Refusal("wrong_check_digits", expected=place.code, scanned=scan.code)
    code = "bin_first" if seen.barcode else "wrong_bin"
    raise Refusal(code, expected=place.code, scanned=scan.code)


def _at_sku(seen: Seen, now: int) -> PickLine:
    pick, scan = seen.pick, seen.scan
    if seen.barcode is None:
        raise Refusal("unknown_barcode", expected=pick.sku, scanned=scan.code)
    if seen.barcode.sku != pick.sku:
        code = "sku_not_in_bin" if seen.elsewhere else "wrong_sku"
        raise Refusal(code, expected=pick.sku, scanned=seen.barcode.sku)
    if pick.kind == "pick" and steps.COUNTS[pick.tracking] != "sku":
        after = _advanced(seen, pick)
        return _at_lot(msgspec.structs.replace(seen, pick=after), now) if seen.lot else after
    return _counted(seen, pick, scan.quantity or seen.barcode.units)


def _at_lot(seen: Seen, now: int) -> PickLine:
    pick, scan = seen.pick, seen.scan
    if seen.lot and seen.barcode and seen.barcode.sku != pick.sku:
        raise Refusal("wrong_sku", expected=pick.sku, scanned=seen.barcode.sku)
    lot = seen.lot or scan.code
    if lot != pick.lot:
        raise Refusal("wrong_lot", expected=pick.lot, scanned=lot)
    if 0 < seen.expiry < now and not _may_be_late(seen):
        raise Refusal("lot_expired", lot=lot)
    return _counted(seen, pick, scan.quantity or (seen.barcode.units if seen.barcode else 1))


def _may_be_late(seen: Seen) -> bool:
    """Tell whether an expired lot may be taken: where the site does not care, or warns and the picker is sure."""
    return seen.policy.lot_policy == "ignore" or (seen.policy.lot_policy == "warn" and seen.scan.sure)


def _at_serial(seen: Seen, now: int) -> PickLine:
    del now
    pick, serial = seen.pick, seen.scan.code
    if serial in pick.serials or serial in seen.serials:
        raise Refusal("serial_twice", serial=serial)
    return _counted(seen, replace(pick, serials=(*pick.serials, serial)), 1)


def require_short(pick: PickLine) -> None:
    """Refuse a short where nothing is missing, or of goods that are not picked for an order."""
    if pick.kind != "pick":
        raise Refusal("not_in_state", machine="task", state=pick.kind, event="short")
    if pick.state in {PickState.WITHDRAWING, PickState.WITHDRAWN}:
        raise Refusal("line_cancelled", line=pick.id)
    if pick.state is not PickState.OPEN or pick.counted == pick.quantity:
        raise Refusal("line_done", line=pick.id)


def anew(pick: PickLine) -> PickLine:
    """Give a line as it was before its first scan; only a return keeps its tote, where the goods are."""
    tote = "" if pick.kind == "pick" else pick.tote
    return replace(pick, step=steps.first(pick.kind), counted=0, serials=(), tote=tote)


def _counted(seen: Seen, pick: PickLine, units: int) -> PickLine:
    """Count units onto the line; the step is done when all of them are."""
    if pick.kind == "count":
        return replace(_advanced(seen, pick), counted=units)
    left = pick.quantity - pick.counted
    if units > left:
        raise Refusal("too_many", sku=pick.sku, left=left, scanned=units)
    if seen.scan.quantity >= seen.policy.unusual_quantity and not seen.scan.sure:
        raise Refusal("unusual_quantity", sku=pick.sku, quantity=units)
    pick = replace(pick, counted=pick.counted + units)
    return _advanced(seen, pick) if pick.counted == pick.quantity else pick


def _at_tote(seen: Seen, now: int) -> PickLine:
    del now
    scan, slot = seen.scan, seen.slot
    if slot.tote and scan.code != slot.tote:
        foreign = seen.holder is not None and seen.holder.shipment != slot.shipment
        raise Refusal("tote_of_other_order" if foreign else "wrong_tote", expected=slot.tote, scanned=scan.code)
    if not slot.tote:
        check_tote(slot, scan.code, known=seen.tote_known, holder=seen.holder)
    return replace(_advanced(seen, seen.pick), tote=scan.code)


AT: Mapping[str, Callable[[Seen, int], PickLine]] = {
    "bin": _at_bin,
    "sku": _at_sku,
    "lot": _at_lot,
    "serial": _at_serial,
    "tote": _at_tote,
}


def check_tote(slot: Slot, code: str, *, known: bool, holder: ToteUse | None) -> None:
    """Refuse a tote that cannot be placed in a slot: not a tote, or in use for another shipment."""
    if not known:
        raise Refusal("wrong_tote", expected="a free tote", scanned=code)
    if holder is not None and (holder.shipment != slot.shipment or holder.task != slot.task):
        raise Refusal("tote_of_other_order", scanned=code, order=holder.order)
