"""Counts that the floor asks for, and the question whether a bin is empty."""

from __future__ import annotations

from server.picking.model import PickLine
from server.picking.reads import task_views
from server.picking.store import PICKS
from server.protocol import picking as pick
from server.sites.model import Policy
from server.stock.model import AdjustStock
from server.tasks.store import TASKS
from tests.floor import (
    COLLEAGUE,
    PICKER,
    a_warehouse,
    at_bin,
    confirm,
    on_the_floor,
    pool,
    received,
    stops,
    there,
)
from tests.kit import World


async def a_count(w: World) -> PickLine:
    """A bin of lamps that was found short is queued for a count, and a colleague takes it."""
    task = await on_the_floor(w, "1", ("LAMP", 2))
    [line] = await stops(w, task)
    await w.do(pick.Short(task, line.id, "damaged"), PICKER)
    count: PickLine = await w.one(PICKS, "kind = 'count'")
    await w.do(pick.TakeTask(count.task), COLLEAGUE)
    return count


async def test_the_book_follows_the_count(w: World) -> None:
    count = await a_count(w)
    wrong = pick.Scan(count.task, count.id, "bin", "A-01-01")
    assert (await w.refused(wrong, COLLEAGUE)).code == "wrong_bin"
    await at_bin(w, count, COLLEAGUE)
    assert (await w.refused(pick.Scan(count.task, count.id, "sku", "MUG"), COLLEAGUE)).code == "wrong_sku"
    await w.do(pick.Scan(count.task, count.id, "sku", "LAMP", quantity=7), COLLEAGUE)
    assert await there(w, "bin:MAIN:B-01-01", "LAMP") == 7
    assert (await w.one(TASKS, "id = ?", count.task)).state == "done"
    assert len(await w.events("StockAdjusted")) == 1


async def test_empty_is_an_answer(w: World) -> None:
    count = await a_count(w)
    await w.do(pick.ZeroCheck(count.task, count.id, empty=True), COLLEAGUE)
    await w.settle()
    assert await pool(w, "LAMP") == (0, 0)
    assert (await w.refused(pick.ZeroCheck(count.task, count.id, empty=True), COLLEAGUE)).code == "task_taken"


async def test_a_count_is_never_short(w: World) -> None:
    count = await a_count(w)
    assert (await w.refused(pick.Short(count.task, count.id, "damaged"), COLLEAGUE)).code == "not_in_state"


async def test_a_count_of_what_is_promised_waits_for_nobody(w: World) -> None:
    await on_the_floor(w, "2", ("MUG", 9))
    assert (await w.refused(AdjustStock("MAIN:A-01-01", "MUG", -1, "count"))).code == "bad_value"
    await w.do(AdjustStock("MAIN:A-01-01", "MUG", 10, "count"))
    assert await w.events("StockAdjusted") == []


async def asked(w: World, task: str) -> list[str]:
    """The SKUs after which the picker is asked whether the bin is empty."""
    [view] = await task_views(w.database, [task])
    return [line.sku for line in view.lines if line.zero_check]


async def test_the_last_units_of_a_bin_ask_whether_it_is_empty(house: World) -> None:
    await a_warehouse(house, Policy(zero_check=True))
    task = await on_the_floor(house, "1", ("LAMP", 5), ("MUG", 2))
    assert await asked(house, task) == ["LAMP"]
    lamp = next(p for p in await stops(house, task) if p.sku == "LAMP")
    await confirm(house, lamp)
    assert await asked(house, task) == ["LAMP"]
    await house.do(pick.ZeroCheck(task, lamp.id, empty=False), PICKER)
    assert await asked(house, task) == []
    assert (await house.one(PICKS, "kind = 'count'")).bin == "MAIN:B-01-01"


async def test_other_goods_in_the_bin_answer_the_question(house: World) -> None:
    await a_warehouse(house, Policy(zero_check=True))
    await received(house, "B-01-01", "MUG", 1)
    task = await on_the_floor(house, "1", ("LAMP", 5))
    assert await asked(house, task) == []


async def test_two_lines_empty_a_bin_together(house: World) -> None:
    await a_warehouse(house, Policy(zero_check=True))
    task = await on_the_floor(house, "1", ("LAMP", 3), ("LAMP", 2))
    assert await asked(house, task) == ["LAMP"]
    first, second = await stops(house, task)
    await confirm(house, first)
    await confirm(house, second)
    assert await asked(house, task) == ["LAMP"]
    await house.do(pick.ZeroCheck(task, second.id, empty=True), PICKER)
    assert await house.all(PICKS, "kind = 'count'") == []


async def test_a_site_that_does_not_ask(w: World) -> None:
    task = await on_the_floor(w, "1", ("LAMP", 5))
    assert await asked(w, task) == []
