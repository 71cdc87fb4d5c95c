"""Goods that must go back to a bin, and bins that must be counted: tasks that a fact on the floor opens."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from msgspec.structs import replace

from server.db.unit import Unit
from server.kernel.ids import ulid
from server.orders.model import LineChanged, State
from server.orders.store import LINES
from server.picking.model import PickLine, PickState, ToteUse
from server.picking.store import PICKS, TOTES_IN_USE
from server.protocol import steps
from server.stock import actions as stock
from server.stock.model import AdjustStock, bin_place
from server.stock.store import BALANCES
from server.tasks import actions as tasks
from server.tasks.model import Task, TaskKind, TaskState, new_task
from server.tasks.store import TASKS

ENDED = frozenset({TaskState.DONE, TaskState.WITHDRAWN})


async def _open_task(unit: Unit, kind: TaskKind, line: PickLine) -> None:
    """Offer a task of one line."""
    task = new_task(kind, line.site, unit.at, lines=1, steps=steps.VERSION)
    unit.put(PICKS, replace(line, id=ulid(unit.at), task=task.id, kind=kind, sequence=1, step=steps.first(kind)))
    await tasks.create(unit, task)


async def to_bin(unit: Unit, pick: PickLine) -> None:
    """Goods of a cancelled line lie in a tote: somebody carries them back to their bin."""
    fresh = replace(pick, quantity=pick.picked, counted=0, picked=0, state=PickState.OPEN, serials=(), picked_at=0)
    await _open_task(unit, TaskKind.RETURN, fresh)


async def to_bins(unit: Unit, event: LineChanged) -> None:
    """A line was cancelled whose goods lie in its shipment's totes: they go back to where such goods came from."""
    same = await unit.where(PICKS, shipment=event.shipment, sku=event.sku)
    taken = sorted((p for p in same if p.picked and p.kind == "pick"), key=lambda p: p.line != event.line)
    left = event.quantity
    wanted = await _wanted(unit, same)
    lies = await lying(unit, event.shipment, event.sku)
    for tote, lot, units in sorted(lies, key=lambda found: wanted[found[:2]] - found[2]):
        part = min(left, units)
        if part > 0:
            origin = next((p for p in taken if p.lot == lot), taken[0])
            await to_bin(unit, replace(origin, picked=part, lot=lot, tote=tote, line=event.line))
            left -= part


async def _wanted(unit: Unit, picks: Sequence[PickLine]) -> Counter[tuple[str, str]]:
    """Give what the lines that were picked into each tote still want of it, by tote and lot."""
    lines = await unit.many(LINES, [p.line for p in picks])
    wanted: Counter[tuple[str, str]] = Counter()
    for p in picks:
        if p.state is PickState.PICKED and p.kind == "pick" and lines[p.line].state is State.PICKED:
            wanted[p.tote, p.lot] += lines[p.line].quantity
    return wanted


async def lying(unit: Unit, shipment: str, sku: str, *, at_rest: bool = False) -> list[tuple[str, str, int]]:
    """Give (tote, lot, units) of a SKU in a shipment's totes, without what is about to be carried back.

    `at_rest` leaves out those that are still with a picker.
    """
    found = []
    for tote in await unit.where(TOTES_IN_USE, shipment=shipment):
        if at_rest and await on_trolley(unit, tote):
            continue
        for here in await unit.where(BALANCES, place=f"tote:{tote.tote}", sku=sku):
            leaving = await unit.where(PICKS, shipment=shipment, sku=sku, kind="return", state=str(PickState.OPEN))
            claimed = sum(p.quantity for p in leaving if (p.tote, p.lot) == (tote.tote, here.lot))
            found.append((tote.tote, here.lot, here.quantity - claimed))
    return found


async def returned(unit: Unit, task: Task, line: PickLine) -> None:
    """The goods lie in their bin again, and may be promised to others."""
    source = f"tote:{line.tote}"
    await stock.move(
        unit, line.sku, source, bin_place(line.bin), line.quantity, reason="return_to_bin", ref=line.line, lot=line.lot
    )
    await _close(unit, task, line, line.quantity)
    use = await unit.find(TOTES_IN_USE, line.tote)
    if use and not await on_trolley(unit, use):
        await freed(unit, use)


async def on_trolley(unit: Unit, use: ToteUse) -> bool:
    """Tell whether a tote is still with a picker, or waits with its task for the next one."""
    task = await unit.find(TASKS, use.task) if use.task else None
    return task is not None and task.state not in ENDED


async def free_empty(unit: Unit, shipment: str) -> None:
    """Let the empty totes of a shipment go that stand at rest."""
    for use in await unit.where(TOTES_IN_USE, shipment=shipment):
        if not await on_trolley(unit, use):
            await freed(unit, use)


async def freed(unit: Unit, use: ToteUse) -> bool:
    """Let a tote go that nothing lies in any more; tells whether it went."""
    inside = await unit.where(BALANCES, place=f"tote:{use.tote}")
    if any(balance.quantity for balance in inside):
        return False
    unit.drop(TOTES_IN_USE, use.tote)
    return True


async def recount(unit: Unit, pick: PickLine) -> None:
    """Queue a count of a bin's SKU, unless one waits already."""
    same = {"bin": pick.bin, "sku": pick.sku, "lot": pick.lot}
    if await unit.where(PICKS, kind=str(TaskKind.COUNT), state=str(PickState.OPEN), **same):
        return
    blank = replace(pick, quantity=0, counted=0, picked=0, state=PickState.OPEN, line="", tote="", serials=())
    await _open_task(unit, TaskKind.COUNT, replace(blank, order="", shipment="", slot=0, reason="", picked_at=0))


async def counted(unit: Unit, task: Task, line: PickLine) -> None:
    """A bin was counted: the book follows."""
    await stock.adjust(unit, AdjustStock(line.bin, line.sku, line.counted, "count", line.lot))
    await _close(unit, task, line, line.counted)


async def _close(unit: Unit, task: Task, line: PickLine, quantity: int) -> None:
    """Finish a line of a task that needs no tote to be dropped, and the task with its last line."""
    unit.put(PICKS, replace(line, state=PickState.PICKED, picked=quantity, step="done", picked_at=unit.at))
    others = [p for p in await unit.where(PICKS, task=task.id) if p.id != line.id and p.state is PickState.OPEN]
    if not others and (await unit.get(TASKS, task.id)).state is TaskState.ACTIVE:
        await tasks.finish(unit, task.id)
