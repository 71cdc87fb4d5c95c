"""What picking does because of others: lays the lines of a released task, drops lines that are not wanted any more."""

from __future__ import annotations

from msgspec.structs import replace

from server.catalog.store import SKUS
from server.db.unit import Unit
from server.kernel.ids import ulid
from server.orders import lines as order_lines
from server.orders.model import LineChanged, State
from server.orders.store import LINES
from server.picking import actions, returns, rules
from server.picking.model import PICK, PickLine, PickState, Slot, slot_id
from server.picking.store import PICKS, SLOTS, TOTES_IN_USE
from server.protocol import steps
from server.protocol.waves import LoseDevice
from server.stock import actions as stock
from server.stock.model import pool_id
from server.tasks import actions as tasks
from server.tasks.model import TaskChanged, TaskKind, TaskState
from server.tasks.store import TASKS
from server.waves.model import PlannedPick, TaskReleased


async def lay(unit: Unit, event: TaskReleased) -> None:
    """TaskReleased: the task gets its lines in walking order, and its slots."""
    skus = await unit.many(SKUS, [p.sku for p in event.picks])
    before = await unit.many(PICKS, [p.line for p in event.picks])
    for sequence, planned in enumerate(event.picks, 1):
        key = ulid(unit.at) if planned.line in before else planned.line
        unit.put(PICKS, _line(event, planned, key, sequence, str(skus[planned.sku].tracking)))
        slot = slot_id(event.task, planned.slot)
        unit.put(SLOTS, Slot(slot, event.task, planned.slot, planned.order, planned.shipment, ""))


def _line(event: TaskReleased, planned: PlannedPick, key: str, sequence: int, tracking: str) -> PickLine:
    """Make a stop; one whose line was on the floor before has a key of its own, so that history stays."""
    return PickLine(
        id=key,
        task=event.task,
        kind="pick",
        sequence=sequence,
        site=event.site,
        order=planned.order,
        shipment=planned.shipment,
        line=planned.line,
        bin=planned.bin,
        sku=planned.sku,
        tracking=tracking,
        lot=planned.lot,
        quantity=planned.quantity,
        counted=0,
        picked=0,
        state=PickState.OPEN,
        step=steps.first("pick"),
        slot=planned.slot,
        tote="",
        serials=(),
        reason="",
        picked_at=0,
    )


async def line_changed(unit: Unit, event: LineChanged) -> None:
    """LineChanged: an order line was recalled, cancelled or withdrawn while a task or a tote holds it."""
    key = (State(event.was), State(event.state))
    if key == (State.PICKED, State.CANCELLED):
        await returns.to_bins(unit, event)
    elif key in WANTED:
        for pick in await _stops(unit, event):
            await WANTED[key](unit, pick)


async def _stops(unit: Unit, event: LineChanged) -> list[PickLine]:
    """Give the open stops of an order line; a part that was cut off a line on the floor gets its own here."""
    found = [p for p in await unit.where(PICKS, line=event.line) if _is_open(p)]
    return found or await _carved(unit, event)


def _is_open(pick: PickLine) -> bool:
    return pick.state is PickState.OPEN and pick.kind == "pick"


async def _carved(unit: Unit, event: LineChanged) -> list[PickLine]:
    """Cut a part's stop out of the stop that has more than its line wants since the cut; what is left starts anew."""
    for pick in await unit.where(PICKS, shipment=event.shipment, sku=event.sku):
        if _is_open(pick) and pick.quantity - (await unit.get(LINES, pick.line)).quantity == event.quantity:
            whole = rules.anew(pick)
            part = replace(whole, id=ulid(unit.at), line=event.line, quantity=event.quantity)
            unit.put(PICKS, replace(whole, quantity=pick.quantity - event.quantity), part)
            return [part]
    return []


async def task_changed(unit: Unit, event: TaskChanged) -> None:
    """TaskChanged: what nobody has in hand any more waits for the next picker, or with its task's end for a wave."""
    task = await unit.get(TASKS, event.task)
    if task.kind is not TaskKind.PICK or task.state in {TaskState.ACTIVE, TaskState.DONE}:
        return
    await actions.let_go(unit, task.id)
    if task.state is TaskState.WITHDRAWN:
        await order_lines.advance(unit, await actions.lines_in(unit, task.id, State.RELEASED), "recall")
        for use in await unit.where(TOTES_IN_USE, task=task.id):
            await returns.freed(unit, use)


async def _recalled(unit: Unit, pick: PickLine) -> None:
    await actions.drop(unit, pick, "drop")


async def _cancelled(unit: Unit, pick: PickLine) -> None:
    await actions.drop(unit, pick, "drop")
    await stock.free(unit, pool_id(pick.site, pick.sku), pick.quantity)


async def _withdrawing(unit: Unit, pick: PickLine) -> None:
    """The picker's device is told; the promise is kept until it has answered. Nobody's task needs no answer."""
    leaving = replace(pick, state=PICK.next(pick.state, "withdraw"))
    unit.put(PICKS, leaving)
    if (await unit.get(TASKS, pick.task)).state is TaskState.ACTIVE:
        await tasks.touch(unit, pick.task)
    else:
        await actions.withdrawn(unit, leaving)


WANTED = {
    (State.RELEASED, State.ALLOCATED): _recalled,
    (State.RELEASED, State.CANCELLED): _cancelled,
    (State.PICKING, State.WITHDRAWING): _withdrawing,
}


async def lose_device(unit: Unit, command: LoseDevice) -> None:
    """Carry out LoseDevice: its tasks return to the queue, and lines withdrawn from it are freed."""
    for task in await unit.where(TASKS, device=command.device, state=str(TaskState.ACTIVE)):
        await actions.let_go(unit, task.id)
        await tasks.hand_back(unit, task.id)
