"""A bin does not give what its book says: what is there is kept, the rest is found elsewhere or waits."""

from __future__ import annotations

from server.orders.model import State
from server.orders.store import LINES
from server.picking.store import PICKS
from server.protocol import picking as pick
from server.sites.model import Policy
from server.stock.model import AdjustStock
from server.tasks.store import TASKS
from tests.floor import (
    PICKER,
    a_released_wave,
    a_warehouse,
    at_bin,
    confirm,
    counted,
    finish,
    into,
    line_states,
    on_the_floor,
    order_state,
    pick_task,
    pool,
    received,
    stops,
    there,
)
from tests.kit import World


async def counts(w: World) -> list[tuple[str, str]]:
    """Bins and SKUs queued for a count."""
    found = await w.all(PICKS, "kind = 'count' AND state = 'open'")
    return [(p.bin, p.sku) for p in found]


async def test_short_to_nothing_asks_for_no_tote_and_waits(w: World) -> None:
    task = await on_the_floor(w, "1", ("LAMP", 2))
    [line] = await stops(w, task)
    await at_bin(w, line)
    await w.do(pick.Short(task, line.id, "none_on_shelf"), PICKER)
    assert await stops(w, task) == []
    assert await line_states(w, "csv:1") == [("LAMP", 2, "back_ordered")]
    assert (await w.one(LINES, "sku = 'LAMP'")).reason == "short"
    assert await there(w, line_place("B-01-01"), "LAMP") == 0
    assert await counts(w) == [("MAIN:B-01-01", "LAMP")]
    await w.do(pick.DropTotes(task), PICKER)
    assert (await w.one(TASKS, "id = ?", task)).state == "done"
    await received(w, "B-01-01", "LAMP", 3)
    await w.settle()
    assert await line_states(w, "csv:1") == [("LAMP", 2, "allocated")]


def line_place(code: str) -> str:
    """The place of a bin."""
    return f"bin:MAIN:{code}"


async def test_what_is_counted_is_kept_and_another_bin_gives_the_rest(w: World) -> None:
    task = await on_the_floor(w, "1", ("MUG", 8))
    [line] = await stops(w, task)
    await counted(w, line, 3)
    await w.do(pick.Short(task, line.id, "none_on_shelf"), PICKER)
    first, other = await stops(w, task)
    assert (first.quantity, first.step) == (3, "tote")
    assert (other.quantity, other.bin != first.bin, other.step) == (5, True, "bin")
    await into(w, first)
    await finish(w, task)
    assert await line_states(w, "csv:1") == [("MUG", 3, "picked"), ("MUG", 5, "picked")]
    assert await there(w, "tote:T1", "MUG") == 8
    assert await there(w, f"bin:{line.bin}", "MUG") == 0


async def test_half_is_found_elsewhere_and_half_waits(w: World) -> None:
    await w.do(AdjustStock("MAIN:A-02-01", "MUG", 3, "broken"))
    task = await on_the_floor(w, "1", ("MUG", 8))
    [line] = await stops(w, task)
    await w.do(pick.Short(task, line.id, "wrong_item"), PICKER)
    await finish(w, task)
    assert await line_states(w, "csv:1") == [("MUG", 3, "picked"), ("MUG", 5, "back_ordered")]
    assert await pool(w, "MUG") == (0, 0)


async def test_damaged_goods_leave_the_book_but_their_neighbours_stay(w: World) -> None:
    task = await on_the_floor(w, "1", ("LAMP", 2))
    [line] = await stops(w, task)
    await counted(w, line, 1)
    await w.do(pick.Short(task, line.id, "damaged"), PICKER)
    await into(w, line)
    assert await there(w, "bin:MAIN:B-01-01", "LAMP") == 3


async def test_goods_out_of_reach_stay_in_the_book_and_are_promised_again(w: World) -> None:
    task = await on_the_floor(w, "1", ("LAMP", 2))
    [line] = await stops(w, task)
    await w.do(pick.Short(task, line.id, "cannot_reach"), PICKER)
    await w.settle()
    assert await pool(w, "LAMP") == (5, 2)
    assert await line_states(w, "csv:1") == [("LAMP", 2, "allocated")]


async def test_a_line_is_short_once(w: World) -> None:
    task = await on_the_floor(w, "1", ("LAMP", 2))
    [line] = await stops(w, task)
    await counted(w, line, 2)
    assert (await w.refused(pick.Short(task, line.id, "damaged"), PICKER)).code == "line_done"
    await into(w, line)
    assert (await w.refused(pick.Short(task, line.id, "damaged"), PICKER)).code == "line_done"


async def test_short_twice_in_the_same_bin_queues_one_count(w: World) -> None:
    first = await on_the_floor(w, "1", ("LAMP", 2))
    second = await on_the_floor(w, "2", ("LAMP", 2))
    for task in (first, second):
        [line] = await stops(w, task)
        await w.do(pick.Short(task, line.id, "none_on_shelf"), PICKER)
    assert await counts(w) == [("MAIN:B-01-01", "LAMP")]


async def test_a_site_without_tote_scans(house: World) -> None:
    await a_warehouse(house, Policy(confirm_tote=False))
    task = await on_the_floor(house, "1", ("LAMP", 3))
    [line] = await stops(house, task)
    await at_bin(house, line)
    scan = pick.Scan(task, line.id, "sku", "LAMP", quantity=2)
    await house.do(scan, PICKER)
    short = pick.Short(task, line.id, "none_on_shelf")
    assert (await house.refused(short, PICKER)).code == "tote_needed"
    await house.do(pick.NewTote(task, 1, "T1"), PICKER)
    await house.do(short, PICKER)
    assert await there(house, "tote:T1", "LAMP") == 2
    assert await line_states(house, "csv:1") == [("LAMP", 1, "back_ordered"), ("LAMP", 2, "picked")]
    await house.do(pick.DropTotes(task, "CONS-1"), PICKER)


async def test_without_tote_scans_the_last_unit_moves_the_goods(house: World) -> None:
    await a_warehouse(house, Policy(confirm_tote=False))
    task = await on_the_floor(house, "1", ("LAMP", 2))
    [line] = await stops(house, task)
    await at_bin(house, line)
    await house.do(pick.NewTote(task, 1, "T1"), PICKER)
    await house.do(pick.Scan(task, line.id, "sku", "LAMP"), PICKER)
    assert await there(house, "tote:T1", "LAMP") == 0
    await house.do(pick.Scan(task, line.id, "sku", "LAMP"), PICKER)
    assert await there(house, "tote:T1", "LAMP") == 2


async def test_a_short_line_can_be_picked_in_a_later_wave(w: World) -> None:
    task = await on_the_floor(w, "1", ("LAMP", 2))
    [line] = await stops(w, task)
    await w.do(pick.Short(task, line.id, "none_on_shelf"), PICKER)
    await received(w, "B-01-01", "LAMP", 2)
    await w.settle()
    await w.do(pick.DropTotes(task), PICKER)
    [again] = await a_released_wave(w)
    await pick_task(w, again)
    assert await order_state(w, "csv:1") == State.PICKED
    assert [p.state for p in await w.all(PICKS, "task = ?", task)] == ["short"]


async def test_the_last_bin_found_short_leaves_the_other_lines_alone(w: World) -> None:
    task = await on_the_floor(w, "1", ("LAMP", 5), ("MUG", 1))
    lamp = next(p for p in await stops(w, task) if p.sku == "LAMP")
    await w.do(pick.Short(task, lamp.id, "none_on_shelf"), PICKER)
    [mug] = await stops(w, task)
    await confirm(w, mug)
    await w.do(pick.DropTotes(task, "CONS-1"), PICKER)
    assert await line_states(w, "csv:1") == [("LAMP", 5, "back_ordered"), ("MUG", 1, "picked")]
