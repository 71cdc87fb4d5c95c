"""Soft promises become hard: a batch's bins are pinned, its lines released, its task offered."""

from __future__ import annotations

from collections.abc import Sequence

from msgspec.structs import replace

from server.allocation.bins import bins_with, free_in, other_bins
from server.allocation.choose import pick_bins
from server.db.unit import Unit
from server.kernel.ids import ulid
from server.orders import lines as order_lines
from server.orders.model import OrderLine, Shipment, State
from server.orders.store import LINES, SHIPMENTS
from server.protocol import steps
from server.stock import actions as stock
from server.stock.model import pool_id
from server.tasks import actions as tasks
from server.tasks.model import TaskKind, TaskState, new_task
from server.waves.finish import finish_if_done
from server.waves.model import PickDropped, PlannedPick, PlannedTask, ReleaseTask, TaskReleased, WaveState
from server.waves.store import PLANNED, WAVES


async def release_task(unit: Unit, command: ReleaseTask) -> None:
    """Carry out ReleaseTask. Stops whose line changed since the plan, or whose bin gave out, drop out of the wave."""
    planned = await unit.get(PLANNED, command.planned)
    if planned.state != "planned":
        return
    picks = [pinned for pick in planned.picks for pinned in await _pin(unit, planned, pick)]
    unit.put(PLANNED, replace(planned, state="released" if picks else "dropped"))
    if picks:
        await _offer(unit, planned, picks)
    else:
        await finish_if_done(unit, planned.wave)


async def _pin(unit: Unit, planned: PlannedTask, pick: PlannedPick) -> list[PlannedPick]:
    """Pin one stop's units, in its own bin or another; gives the stops that stand."""
    line = await unit.find(LINES, pick.line)
    if line is None or line.state is not State.ALLOCATED or line.shipment != pick.shipment:
        await _drop(unit, planned, pick, "changed")
        return []
    pieces = await _pieces(unit, planned.site, pick, min(pick.quantity, line.quantity))
    result = []
    rest: OrderLine | None = line
    for bin_id, lot, quantity in pieces:
        if rest is None:
            break
        rest, part = await order_lines.cut(unit, rest, quantity)
        await stock.pin(unit, bin_id, pick.sku, lot, quantity)
        await order_lines.advance(unit, [part], "release")
        result.append(replace(pick, line=part.id, bin=bin_id, lot=lot, quantity=quantity))
    if sum(p.quantity for p in result) < pick.quantity:
        await _drop(unit, planned, pick, "not_enough_stock")
    return result


async def _pieces(unit: Unit, site: str, pick: PlannedPick, quantity: int) -> list[tuple[str, str, int]]:
    """Give the bins that serve a stop now: the planned one as far as it goes, then others. It is reserved already."""
    first = min(quantity, await free_in(unit, pick.bin, pick.sku, pick.lot))
    pieces = [(pick.bin, pick.lot, first)] if first > 0 else []
    if quantity > first:
        pieces += pick_bins(await bins_with(unit, site, pick.sku, without=pick.bin), quantity - first)
    return pieces


async def _drop(unit: Unit, planned: PlannedTask, pick: PlannedPick, reason: str) -> None:
    """Let what is not released of a shipment be planned again."""
    unit.emit(PickDropped(pick.line, pick.order, planned.wave, reason), f"floor:{planned.site}")
    shipment = await unit.get(SHIPMENTS, pick.shipment)
    if shipment.wave == planned.wave:
        unit.put(SHIPMENTS, replace(shipment, wave=""))


async def _offer(unit: Unit, planned: PlannedTask, picks: Sequence[PlannedPick]) -> None:
    """Create the task of a batch; a held wave's task waits."""
    wave = await unit.find(WAVES, planned.wave) if planned.wave else None
    task = new_task(
        TaskKind.PICK,
        planned.site,
        unit.at,
        lines=len(picks),
        steps=steps.VERSION,
        wave=planned.wave,
        priority=planned.priority,
        cut_off=planned.cut_off,
        walk_mm=planned.walk_mm,
    )
    held = wave is not None and wave.state is WaveState.HELD
    await tasks.create(unit, replace(task, id=planned.id, state=TaskState.HELD if held else task.state))
    unit.emit(TaskReleased(planned.id, planned.wave, planned.site, tuple(picks)), f"floor:{planned.site}")


async def repick(unit: Unit, shipment: Shipment, line: OrderLine) -> str:
    """Open a task that picks a back-ordered line again for its shipment; gives the task's id, '' without stock."""
    found = await other_bins(unit, shipment.site, line.sku, line.quantity)
    if sum(quantity for _, _, quantity in found) < line.quantity:
        return ""
    await stock.reserve(unit, pool_id(shipment.site, line.sku), line.quantity)
    rest: OrderLine | None = line
    picks = []
    for bin_id, lot, quantity in found:
        if rest is None:
            break
        rest, part = await order_lines.cut(unit, rest, quantity)
        await stock.pin(unit, bin_id, line.sku, lot, quantity)
        [allocated] = await order_lines.advance(unit, [part], "allocate", shipment=shipment.id)
        await order_lines.advance(unit, [allocated], "release")
        picks.append(PlannedPick(part.id, shipment.id, line.order, bin_id, line.sku, lot, quantity, 1))
    planned = PlannedTask(
        ulid(unit.at), "", shipment.site, 0, "released", shipment.cut_off, shipment.priority + 1, 0, 1, tuple(picks)
    )
    await _offer(unit, planned, picks)
    return planned.id
