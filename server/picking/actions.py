"""What pickers do besides scanning: take, hand back, short, skip, undo, new totes, drop, acknowledge."""

from __future__ import annotations

from msgspec.structs import replace

from server.allocation.bins import other_bins
from server.db.unit import Unit
from server.kernel.ids import ulid
from server.kernel.refusal import Refusal
from server.orders import lines
from server.orders.model import OrderLine, State
from server.orders.store import LINES
from server.picking import rerouting, returns, rules
from server.picking.confirm import place_tote, require_mine, slot_of, store
from server.picking.model import (
    CLOSED,
    LOOKED,
    PICK,
    LineShort,
    PickLine,
    PickState,
    PickUndone,
    TotesDropped,
    slot_id,
)
from server.picking.store import PICKS, SLOTS, TOTES_IN_USE
from server.protocol import steps
from server.protocol.picking import (
    AcknowledgeWithdrawal,
    DropTotes,
    HandBack,
    NewTote,
    Short,
    Skip,
    TakeOver,
    TakeTask,
    Undo,
    ZeroCheck,
)
from server.sites.model import BinKind
from server.sites.store import BINS, SITES, TOTES
from server.stock import actions as stock
from server.stock.model import DIFFERENCE, bin_place, pool_id
from server.tasks import actions as tasks
from server.tasks.model import Task, TaskState
from server.tasks.store import TASKS

NOTHING_DONE = frozenset({PickState.SHORT, PickState.WITHDRAWN})
"""States of lines that leave nothing to do and nothing on the trolley."""


async def mine(unit: Unit, task_id: str, line_id: str) -> tuple[Task, PickLine]:
    """Give a task that the actor holds and one of its lines."""
    task = await unit.get(TASKS, task_id)
    require_mine(unit, task)
    pick = await unit.get(PICKS, line_id)
    if pick.task != task_id:
        raise Refusal("not_found", kind="line", id=line_id)
    return task, pick


async def lines_in(unit: Unit, task_id: str, state: State) -> list[OrderLine]:
    """Give the order lines of a task's open picks that are in `state`."""
    open_picks = [p for p in await unit.where(PICKS, task=task_id) if p.state is PickState.OPEN and p.line]
    found = await unit.many(LINES, [p.line for p in open_picks])
    return [line for line in found.values() if line.state is state]


async def take(unit: Unit, command: TakeTask) -> None:
    """Carry out TakeTask: the task and its lines are this picker's."""
    await tasks.take(unit, command.task)
    await lines.advance(unit, await lines_in(unit, command.task, State.RELEASED), "take")


async def take_over(unit: Unit, command: TakeOver) -> None:
    """Carry out TakeOver: what is picked stays on the trolley, the rest is this picker's now."""
    await tasks.take_over(unit, command.task)
    await lines.advance(unit, await lines_in(unit, command.task, State.RELEASED), "take")


async def hand_back(unit: Unit, command: HandBack) -> None:
    """Carry out HandBack: open lines wait for somebody else; half-counted ones start anew."""
    require_mine(unit, await unit.get(TASKS, command.task))
    await let_go(unit, command.task)
    await tasks.hand_back(unit, command.task)


async def let_go(unit: Unit, task_id: str) -> None:
    """Take the lines of a task out of its picker's hands for good: what was withdrawn from them is free."""
    await lay_down(unit, task_id)
    for pick in await unit.where(PICKS, task=task_id):
        if pick.state is PickState.WITHDRAWING:
            await withdrawn(unit, pick)


async def lay_down(unit: Unit, task_id: str) -> None:
    """Let the open lines of a task wait for whoever takes it next; half-counted ones start anew."""
    await lines.advance(unit, await lines_in(unit, task_id, State.PICKING), "hand_back")
    unit.put(PICKS, *(rules.anew(p) for p in await unit.where(PICKS, task=task_id) if p.state is PickState.OPEN))


async def short(unit: Unit, command: Short) -> None:
    """Carry out Short: what is counted is kept, the rest comes from another bin or is back-ordered."""
    task, pick = await mine(unit, command.task, command.line)
    rules.require_short(pick)
    missing = pick.quantity - pick.counted
    order_line = await unit.get(LINES, pick.line)
    _, part = await lines.cut(unit, order_line, missing)
    await _close_short(unit, task, pick, command.reason)
    await _empty_bin(unit, pick, missing, command.reason)
    found = await _pick_elsewhere(unit, pick, part, missing)
    await returns.recount(unit, pick)
    fact = LineShort(pick.id, pick.order, task.id, pick.bin, pick.sku, missing, found, command.reason, pick.site)
    unit.emit(fact, f"floor:{pick.site}", f"user:{task.assignee}")
    await rerouting.ask(unit, task.id)
    await tasks.touch(unit, task.id)


async def _close_short(unit: Unit, task: Task, pick: PickLine, reason: str) -> None:
    """Nothing more comes to this line: what is counted goes into the tote, without any the line is done."""
    if not pick.counted:
        unit.put(PICKS, replace(pick, state=PICK.next(pick.state, "short"), reason=reason, step="done"))
        return
    policy = (await unit.get(SITES, pick.site)).policy
    step = steps.after(pick.kind, steps.COUNTS[pick.tracking], steps.Facts(pick.tracking, policy.confirm_tote))
    await store(unit, task, await slot_of(unit, pick), replace(pick, quantity=pick.counted, step=step))


async def _empty_bin(unit: Unit, pick: PickLine, missing: int, reason: str) -> None:
    """The bin does not give what its book says: promised units leave the book with their promise.

    Goods out of reach stay in the book; only this line's promise is taken off them.
    """
    if reason == "cannot_reach":
        await stock.unpin(unit, pick.bin, pick.sku, pick.lot, missing)
        await stock.free(unit, pool_id(pick.site, pick.sku), missing)
        return
    place = bin_place(pick.bin)
    here = await stock.balance(unit, place, pick.sku, pick.lot)
    there = min(missing, here.pinned)
    if there:
        why = f"short:{reason}"
        await stock.move(
            unit, pick.sku, place, DIFFERENCE, there, reason=why, ref=pick.line, lot=pick.lot, pinned=there
        )
    if missing > there:
        await stock.free(unit, pool_id(pick.site, pick.sku), missing - there)
    rest = (await stock.balance(unit, place, pick.sku, pick.lot)).free
    if reason != "damaged" and rest > 0:
        await stock.move(unit, pick.sku, place, DIFFERENCE, rest, reason=f"short:{reason}", lot=pick.lot)


async def _pick_elsewhere(unit: Unit, pick: PickLine, part: OrderLine, missing: int) -> int:
    """Offer other bins for the missing units in the same task; the remainder is back-ordered. Gives units found."""
    found = 0
    for bin_id, lot, quantity in await other_bins(unit, pick.site, pick.sku, missing, without=pick.bin):
        rest, piece = await lines.cut(unit, part, quantity)
        await stock.reserve(unit, pool_id(pick.site, pick.sku), quantity)
        await stock.pin(unit, bin_id, pick.sku, lot, quantity)
        sequence = await _last(unit, pick.task) + 1
        fresh = replace(rules.anew(pick), id=ulid(unit.at), line=piece.id, bin=bin_id, lot=lot, quantity=quantity)
        unit.put(PICKS, replace(fresh, state=PickState.OPEN, reason="", sequence=sequence))
        found += quantity
        if rest is None:
            return found
        part = rest
    await lines.advance(unit, [part], "short", "short", shipment="")
    return found


async def _last(unit: Unit, task_id: str) -> int:
    return max(p.sequence for p in await unit.where(PICKS, task=task_id))


async def skip(unit: Unit, command: Skip) -> None:
    """Carry out Skip: the line comes last; it is not done."""
    _, pick = await mine(unit, command.task, command.line)
    if pick.state in CLOSED:
        raise Refusal("line_done", line=pick.id)
    unit.put(PICKS, replace(rules.anew(pick), sequence=await _last(unit, pick.task) + 1))


async def undo(unit: Unit, command: Undo) -> None:
    """Carry out Undo: a half-counted line starts anew, a picked one goes back to its bin, promised as before."""
    task, pick = await mine(unit, command.task, command.line)
    if pick.state is PickState.OPEN and pick != rules.anew(pick):
        unit.put(PICKS, rules.anew(pick))
        return
    use = await unit.find(TOTES_IN_USE, pick.tote)
    if pick.state is not PickState.PICKED or pick.kind != "pick" or use is None or use.task != task.id:
        raise Refusal("nothing_to_undo", line=pick.id, state=str(pick.state))
    [line] = await lines.advance(unit, [await unit.get(LINES, pick.line)], "undo")
    units = line.quantity
    await _require_there(unit, pick, units)
    source, target = f"tote:{pick.tote}", bin_place(pick.bin)
    await stock.move(unit, pick.sku, source, target, units, reason="undo", ref=pick.line, lot=pick.lot, pinned=units)
    again = replace(rules.anew(pick), state=PICK.next(pick.state, "undo"), quantity=units, picked=0, picked_at=0)
    unit.put(PICKS, again)
    unit.emit(PickUndone(pick.id, pick.order, task.id, units), f"floor:{pick.site}", f"user:{task.assignee}")


async def _require_there(unit: Unit, pick: PickLine, units: int) -> None:
    """Refuse to undo a line whose goods are about to be carried back for another one."""
    lies = await returns.lying(unit, pick.shipment, pick.sku)
    if sum(free for tote, lot, free in lies if (tote, lot) == (pick.tote, pick.lot)) < units:
        raise Refusal("nothing_to_undo", line=pick.id, state=str(pick.state))


async def new_tote(unit: Unit, command: NewTote) -> None:
    """Carry out NewTote: a free tote goes into the slot; the full one stays on the trolley."""
    task = await unit.get(TASKS, command.task)
    require_mine(unit, task)
    slot = await unit.get(SLOTS, slot_id(command.task, command.slot))
    tote = await unit.find(TOTES, command.code)
    known = tote is not None and tote.site == task.site
    rules.check_tote(slot, command.code, known=known, holder=await unit.find(TOTES_IN_USE, command.code))
    [first, *_] = await unit.where(PICKS, task=command.task)
    place_tote(unit, first, slot, command.code)


async def zero_check(unit: Unit, command: ZeroCheck) -> None:
    """Carry out ZeroCheck: a bin that is not empty as the book says is queued for a count."""
    _, pick = await mine(unit, command.task, command.line)
    if pick.kind == "count":
        PICK.next(pick.state, "pick")
        await returns.counted(unit, await unit.get(TASKS, pick.task), replace(pick, counted=0))
        return
    unit.put(PICKS, replace(pick, reason=LOOKED))
    if not command.empty:
        await returns.recount(unit, pick)


async def acknowledge(unit: Unit, command: AcknowledgeWithdrawal) -> None:
    """Carry out AcknowledgeWithdrawal: the picker has seen it, the promise is freed."""
    require_mine(unit, await unit.get(TASKS, command.task))
    for pick in (await unit.many(PICKS, command.lines)).values():
        if pick.state is PickState.WITHDRAWING and pick.task == command.task:
            await withdrawn(unit, pick)


async def withdrawn(unit: Unit, pick: PickLine) -> None:
    """Nobody will pick this line any more: bin and pool are free of it, the order line is cancelled."""
    line = await unit.get(LINES, pick.line)
    await drop(unit, pick, "acknowledge")
    await stock.free(unit, pool_id(pick.site, pick.sku), pick.quantity)
    await lines.advance(unit, [line], "withdrawn", line.reason)


async def drop(unit: Unit, pick: PickLine, event: str) -> None:
    """Take a line off its task and its promise off the bin (the pool's reservation is the caller's)."""
    unit.put(PICKS, replace(pick, state=PICK.next(pick.state, event), step="done"))
    await _unpin(unit, pick)
    task = await unit.get(TASKS, pick.task)
    useless = all(p.state in NOTHING_DONE for p in await unit.where(PICKS, task=task.id))
    if useless and task.state in {TaskState.OFFERED, TaskState.HELD}:
        await tasks.withdraw(unit, task.id)
    else:
        await rerouting.ask(unit, task.id)
        await tasks.touch(unit, task.id)


async def _unpin(unit: Unit, pick: PickLine) -> None:
    """Take a line's promise off its bin; where a count left the bin less than it promised, the others' stays."""
    same = {"bin": pick.bin, "sku": pick.sku, "lot": pick.lot, "kind": "pick"}
    found = [await unit.where(PICKS, state=str(state), **same) for state in (PickState.OPEN, PickState.WITHDRAWING)]
    others = sum(p.quantity for picks in found for p in picks)
    here = await stock.balance(unit, bin_place(pick.bin), pick.sku, pick.lot)
    await stock.unpin(unit, pick.bin, pick.sku, pick.lot, min(pick.quantity, max(0, here.pinned - others)))


async def drop_totes(unit: Unit, command: DropTotes) -> None:
    """Carry out DropTotes: with all lines closed, the totes are left where packing will look for them."""
    task = await unit.get(TASKS, command.task)
    require_mine(unit, task)
    left = [p for p in await unit.where(PICKS, task=task.id) if p.state not in CLOSED]
    if left:
        raise Refusal("lines_open", task=task.id, lines=len(left))
    totes = [tote for tote in await unit.where(TOTES_IN_USE, task=task.id) if not await returns.freed(unit, tote)]
    place = await _place(unit, task.site, command.code) if totes else ""
    unit.put(TOTES_IN_USE, *(replace(tote, place=place) for tote in totes))
    await tasks.finish(unit, task.id)
    shipments = tuple(sorted({tote.shipment for tote in totes}))
    unit.emit(TotesDropped(task.id, task.site, place, shipments), f"floor:{task.site}")


async def _place(unit: Unit, site: str, code: str) -> str:
    """Check that the scanned place is for totes; a site without such places needs no scan."""
    places = [
        b for kind in (BinKind.CONSOLIDATION, BinKind.PACK) for b in await unit.where(BINS, site=site, kind=str(kind))
    ]
    if not places:
        return ""
    for place in places:
        if code in {place.code, place.id, place.check}:
            return place.id
    raise Refusal("wrong_bin", expected=places[0].code, scanned=code)
