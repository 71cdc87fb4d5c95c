"""The hot path: a scan is judged, becomes a row, and moves goods when it was the line's last."""

from __future__ import annotations

from msgspec.structs import replace

from server.catalog.actions import resolve
from server.db.unit import Unit
from server.kernel.barcode import parse_gs1
from server.kernel.ids import ulid
from server.kernel.refusal import Refusal
from server.orders import lines
from server.orders.model import OrderLine, State
from server.orders.store import LINES
from server.picking import returns, rules
from server.picking.model import PICK, LinePicked, PickLine, PickState, ScanRow, Slot, ToteUse, slot_id
from server.picking.store import PICKS, SCANS, SLOTS, TOTES_IN_USE
from server.protocol.picking import Scan
from server.sites.store import BINS, SITES, TOTES
from server.stock import actions as stock
from server.stock.model import balance_id, bin_place
from server.stock.store import BALANCES
from server.tasks.model import Task, TaskState
from server.tasks.store import TASKS


async def scan(unit: Unit, command: Scan) -> None:
    """Carry out Scan. Every one is kept as a row, with what was expected and what it was refused with."""
    task = await unit.get(TASKS, command.task)
    pick = await unit.get(PICKS, command.line)
    seen = await _place(unit, pick, command)
    row = _row(unit, pick, command, rules.expected(seen))
    try:
        if pick.task != task.id:
            raise Refusal("not_found", kind="line", id=pick.id)
        require_mine(unit, task)
        await _require_wanted(unit, pick)
        seen = await _look(unit, task, seen)
        await store(unit, task, seen.slot, rules.scanned(seen, unit.at))
    except Refusal as refusal:
        unit.record(SCANS, replace(row, refusal=refusal.code))
        raise
    unit.record(SCANS, row)


def require_mine(unit: Unit, task: Task) -> None:
    """Refuse work on a task that this person does not hold."""
    if task.state is TaskState.WITHDRAWN:
        raise Refusal("task_withdrawn", task=task.id)
    if task.state is not TaskState.ACTIVE or task.assignee != unit.actor.user:
        raise Refusal("task_taken", task=task.id, by=task.assignee, state=str(task.state))


async def _require_wanted(unit: Unit, pick: PickLine) -> None:
    """Refuse a line that was taken off its task, and say why."""
    if pick.state is PickState.WITHDRAWN:
        line = await unit.find(LINES, pick.line)
        code = NOT_WANTED.get(line.state, "line_cancelled") if line else "line_cancelled"
        raise Refusal(code, line=pick.id, order=pick.order)


async def slot_of(unit: Unit, pick: PickLine) -> Slot:
    """Give the line's place on the trolley; one of no shipment where the task needs none."""
    return await unit.find(SLOTS, slot_id(pick.task, pick.slot)) or Slot("", pick.task, pick.slot, "", "", "")


async def _place(unit: Unit, pick: PickLine, command: Scan) -> rules.Seen:
    """Gather what a line expects, before anything is made of the code."""
    policy = (await unit.get(SITES, pick.site)).policy
    place, slot = await unit.get(BINS, pick.bin), await slot_of(unit, pick)
    return rules.Seen(command, pick, place, slot, policy, confirm_tote=policy.confirm_tote)


async def _look(unit: Unit, task: Task, seen: rules.Seen) -> rules.Seen:
    """Gather what the rules look at for this step."""
    command, pick = seen.scan, seen.pick
    if command.step == "serial":
        return replace(seen, serials=await _serials(unit, task))
    if command.step == "tote":
        known = await unit.find(TOTES, command.code)
        holder = await unit.find(TOTES_IN_USE, command.code)
        return replace(seen, tote_known=known is not None and known.site == pick.site, holder=holder)
    is_here = command.step == "bin" and command.code in {seen.bin.code, seen.bin.check}
    barcode = None if is_here else await resolve(unit, command.code)
    elsewhere = barcode is not None and barcode.sku != pick.sku and await _wanted(unit, task, barcode.sku)
    parsed = parse_gs1(command.code) if pick.tracking != "none" else None
    here = await unit.find(BALANCES, balance_id(bin_place(pick.bin), pick.sku, pick.lot))
    return replace(
        seen,
        barcode=barcode,
        elsewhere=elsewhere,
        lot=(parsed.lot if parsed else "") or "",
        expiry=here.expiry if here else 0,
    )


async def _serials(unit: Unit, task: Task) -> frozenset[str]:
    """Give all serial numbers scanned on this walk."""
    return frozenset(serial for p in await unit.where(PICKS, task=task.id) for serial in p.serials)


async def _wanted(unit: Unit, task: Task, sku: str) -> bool:
    return any(p.sku == sku and p.state is PickState.OPEN for p in await unit.where(PICKS, task=task.id))


def _row(unit: Unit, pick: PickLine, command: Scan, expected: str) -> ScanRow:
    return ScanRow(
        id=ulid(unit.at),
        at=unit.at,
        device_at=unit.device_at,
        site=pick.site,
        user=unit.actor.user,
        device=unit.actor.device,
        task=command.task,
        line=command.line,
        step=command.step,
        barcode=command.code,
        symbology=command.symbology,
        expected=expected,
        quantity=command.quantity,
        refusal="",
    )


async def store(unit: Unit, task: Task, slot: Slot, pick: PickLine) -> None:
    """Keep the line's progress; when nothing more is expected, the goods have moved."""
    if pick.tote and pick.kind == "pick" and not slot.tote:
        place_tote(unit, pick, slot, pick.tote)
    unit.put(PICKS, pick)
    if pick.step == "done":
        tote = pick.tote or slot.tote
        if pick.kind == "pick" and not tote:
            raise Refusal("tote_needed", slot=pick.slot)
        await DONE[pick.kind](unit, task, replace(pick, tote=tote))


def place_tote(unit: Unit, pick: PickLine, slot: Slot, code: str) -> None:
    """Put a free tote into a slot."""
    unit.put(SLOTS, replace(slot, tote=code))
    unit.put(TOTES_IN_USE, ToteUse(code, pick.site, slot.order, slot.shipment, slot.task, "", unit.at))


async def _picked(unit: Unit, task: Task, pick: PickLine) -> None:
    """Goods went from the bin into the tote; a line withdrawn meanwhile goes back by a task of its own."""
    order_line = await unit.get(LINES, pick.line)
    held = pick.counted if order_line.state in {State.PICKING, State.WITHDRAWING} else 0
    await stock.pick(unit, pick.bin, pick.tote, pick.sku, pick.lot, pick.counted, ref=pick.line, held=held)
    done = replace(pick, picked=pick.counted, picked_at=unit.at)
    unit.put(PICKS, replace(done, state=PICK.next(_as_open(pick), "pick")))
    unit.emit(_event(done), f"floor:{pick.site}", f"user:{task.assignee}")
    await _advance(unit, order_line, done)


def _as_open(pick: PickLine) -> PickState:
    return PickState.OPEN if pick.state is PickState.WITHDRAWING else pick.state


async def _advance(unit: Unit, order_line: OrderLine, pick: PickLine) -> None:
    if order_line.state is State.WITHDRAWING:
        await lines.advance(unit, [order_line], "withdrawn", order_line.reason)
        await returns.to_bin(unit, pick)
    else:
        await lines.advance(unit, [order_line], "pick")


def _event(pick: PickLine) -> LinePicked:
    return LinePicked(
        pick=pick.id,
        order=pick.order,
        line=pick.line,
        shipment=pick.shipment,
        task=pick.task,
        bin=pick.bin,
        sku=pick.sku,
        lot=pick.lot,
        quantity=pick.picked,
        tote=pick.tote,
        site=pick.site,
    )


NOT_WANTED = {State.ON_HOLD: "order_on_hold", State.CANCELLED: "order_cancelled"}
"""What a withdrawn line is refused with, by where its order line stands."""

DONE = {"pick": _picked, "return": returns.returned, "count": returns.counted}
