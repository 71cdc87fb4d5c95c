"""A wave is planned, put on the floor, held, cancelled; what changed meanwhile drops out and is planned again."""

from __future__ import annotations

from server.catalog.model import PutProduct
from server.orders.model import CancelOrder, HoldOrder, ResumeOrder
from server.orders.store import LINES, SHIPMENTS
from server.protocol import picking as pick
from server.protocol import waves as wave
from server.sites.model import Policy, PutBin
from server.stock.model import AdjustStock
from server.tasks.store import TASKS
from server.waves.store import PLANNED, WAVES
from tests.floor import (
    CHIEF,
    OFFICE,
    PICKER,
    a_released_wave,
    a_site,
    a_warehouse,
    confirm,
    finish,
    line_states,
    on_the_floor,
    order_state,
    ordered,
    pick_task,
    planned,
    pool,
    received,
    stops,
)
from tests.kit import World


async def state(w: World, wave_id: str) -> str:
    """Where a wave stands."""
    return str((await w.one(WAVES, "id = ?", wave_id)).state)


async def release(w: World, wave_id: str) -> None:
    """Put a wave on the floor."""
    await w.do(wave.ReleaseWave(wave_id), CHIEF)
    await w.settle()


async def test_nothing_to_plan(w: World) -> None:
    assert (await w.refused(wave.PlanWave("MAIN"), CHIEF)).code == "nothing_to_plan"
    await ordered(w, "1", ("LAMP", 1))
    assert (await w.refused(wave.PlanWave("MAIN", carrier="manual"), CHIEF)).code == "nothing_to_plan"
    assert (await w.refused(wave.PlanWave("MAIN", least_priority=1), CHIEF)).code == "nothing_to_plan"
    assert (await w.refused(wave.PlanWave("MAIN", cut_off_before=1), CHIEF)).code == "nothing_to_plan"


async def test_a_wave_from_plan_to_done(w: World) -> None:
    await ordered(w, "1", ("LAMP", 1))
    found = await planned(w)
    assert await state(w, found) == "planned"
    await release(w, found)
    assert await state(w, found) == "released"
    [task] = await w.all(TASKS)
    await pick_task(w, task.id)
    assert await state(w, found) == "done"
    assert (await w.refused(wave.HoldWave(found), CHIEF)).code == "not_in_state"


async def test_a_line_cancelled_after_the_plan_drops_out(w: World) -> None:
    await ordered(w, "1", ("LAMP", 1))
    await ordered(w, "2", ("MUG", 1))
    found = await planned(w)
    await w.do(CancelOrder("csv:1"), OFFICE)
    await release(w, found)
    [task] = await w.all(TASKS)
    assert [p.sku for p in await stops(w, task.id)] == ["MUG"]
    assert [e.kind for e in await w.events("PickDropped")] == ["PickDropped"]


async def test_a_plan_of_nothing_left_is_done_at_once(w: World) -> None:
    await ordered(w, "1", ("LAMP", 1))
    found = await planned(w)
    await w.do(CancelOrder("csv:1"), OFFICE)
    await release(w, found)
    assert (await state(w, found), await w.all(TASKS)) == ("done", [])
    assert (await w.one(PLANNED)).state == "dropped"


async def test_held_and_resumed_is_planned_again(w: World) -> None:
    await ordered(w, "1", ("LAMP", 1))
    found = await planned(w)
    await w.do(HoldOrder("csv:1", "address"), OFFICE)
    await w.do(ResumeOrder("csv:1"), OFFICE)
    await w.settle()
    await release(w, found)
    [task] = await a_released_wave(w)
    await pick_task(w, task)


async def test_another_bin_serves_where_the_planned_one_gave_out(w: World) -> None:
    await ordered(w, "1", ("MUG", 4))
    found = await planned(w)
    bin_id = (await w.one(PLANNED)).picks[0].bin
    await w.do(AdjustStock(bin_id, "MUG", 1, "count"))
    await release(w, found)
    [task] = await w.all(TASKS)
    served = {p.bin == bin_id: p.quantity for p in await stops(w, task.id)}
    assert served == {True: 1, False: 3}


async def test_a_blocked_bin_serves_nobody(w: World) -> None:
    await ordered(w, "1", ("MUG", 12))
    await w.do(PutBin("MAIN", "A-02-01", aisle="A", x_mm=3000, y_mm=2000, blocked=True))
    [task] = await a_released_wave(w)
    assert {p.bin for p in await stops(w, task)} == {"MAIN:A-01-01"}
    await pick_task(w, task)
    assert await line_states(w, "csv:1") == [("MUG", 2, "allocated"), ("MUG", 10, "picked")]
    await w.do(PutBin("MAIN", "A-02-01", aisle="A", x_mm=3000, y_mm=2000))
    [rest] = await a_released_wave(w)
    await finish_into(w, rest, "T2")
    assert await order_state(w, "csv:1") == "picked"


async def finish_into(w: World, task: str, tote: str) -> None:
    """Take a task and pick it into another tote."""
    await w.do(pick.TakeTask(task), PICKER)
    await finish(w, task, tote)


async def test_no_bin_has_it_any_more(w: World) -> None:
    await ordered(w, "1", ("LAMP", 5))
    found = await planned(w)
    await w.do(AdjustStock("MAIN:B-01-01", "LAMP", 2, "count"))
    await w.settle()
    await release(w, found)
    [task] = await w.all(TASKS)
    assert [p.quantity for p in await stops(w, task.id)] == [2]


async def test_a_held_wave_offers_nothing_until_it_goes_on(w: World) -> None:
    await ordered(w, "1", ("LAMP", 1))
    [task] = await a_released_wave(w)
    found = (await w.one(WAVES)).id
    await w.do(wave.HoldWave(found), CHIEF)
    assert (await w.refused(pick.TakeTask(task), PICKER)).code == "not_in_state"
    await w.do(wave.ResumeWave(found), CHIEF)
    await pick_task(w, task)


async def test_a_wave_held_while_it_is_released_keeps_its_tasks_back(w: World) -> None:
    await ordered(w, "1", ("LAMP", 1))
    found = await planned(w)
    await w.do(wave.ReleaseWave(found), CHIEF)
    await w.do(wave.HoldWave(found), CHIEF)
    await w.settle()
    assert (await w.one(TASKS)).state == "held"


async def test_a_cancelled_plan_can_be_planned_again(w: World) -> None:
    await ordered(w, "1", ("LAMP", 1))
    found = await planned(w)
    await w.do(wave.CancelWave(found, "no van"), CHIEF)
    assert (await w.one(SHIPMENTS)).wave == ""
    [task] = await a_released_wave(w)
    await pick_task(w, task)


async def test_a_cancelled_wave_leaves_what_is_in_hand(w: World) -> None:
    task = await on_the_floor(w, "1", ("LAMP", 1))
    await w.do(wave.CancelWave((await w.one(WAVES)).id), CHIEF)
    await finish(w, task)
    assert await order_state(w, "csv:1") == "picked"


async def test_a_cancelled_wave_frees_what_is_on_offer(w: World) -> None:
    task = await on_the_floor(w, "1", ("LAMP", 1), take=False)
    await w.do(wave.CancelWave((await w.one(WAVES)).id), CHIEF)
    assert (await line_states(w, "csv:1"), await pool(w, "LAMP")) == ([("LAMP", 1, "allocated")], (5, 1))
    assert (await w.refused(pick.TakeTask(task), PICKER)).code == "task_withdrawn"
    [again] = await a_released_wave(w)
    await pick_task(w, again)


async def test_cancelled_after_it_was_handed_back_half_done(w: World) -> None:
    task = await on_the_floor(w, "1", ("LAMP", 1), ("MUG", 1))
    first, _ = await stops(w, task)
    await confirm(w, first)
    await w.do(wave.AssignTask(task, ""), CHIEF)
    await w.do(wave.CancelWave((await w.one(WAVES)).id), CHIEF)
    assert sorted(s for _, _, s in await line_states(w, "csv:1")) == ["allocated", "picked"]


async def test_a_unit_larger_than_any_trolley_is_held_with_the_reason(w: World) -> None:
    await w.do(PutProduct(sku="SOFA", name="Sofa", length_mm=2000, width_mm=900, height_mm=800, weight_mg=1))
    await received(w, "A-01-01", "SOFA", 1)
    await ordered(w, "1", ("SOFA", 1), ("LAMP", 1))
    await a_released_wave(w)
    assert await line_states(w, "csv:1") == [("LAMP", 1, "released"), ("SOFA", 1, "on_hold")]
    assert (await w.one(LINES, "sku = 'SOFA'")).reason == "unit_too_large"


async def test_a_line_of_74215_units_is_split_over_tasks(house: World) -> None:
    await a_warehouse(house, Policy(trolley_totes=4, unusual_quantity=1_000_000))
    await house.do(PutProduct(sku="PIN", name="Pin", length_mm=100, width_mm=50, height_mm=50, weight_mg=1000))
    await received(house, "A-01-01", "PIN", 80_000)
    await ordered(house, "1", ("PIN", 74_215))
    tasks = await a_released_wave(house)
    found = [p for task in tasks for p in await stops(house, task)]
    assert len(tasks) > 10
    assert sum(p.quantity for p in found) == 74_215
    assert max(p.quantity for p in found) * 250 <= 45_000
    assert await order_state(house, "csv:1") == "released"


async def test_a_zone_is_planned_alone_and_the_rest_later(house: World) -> None:
    await a_site(house)
    await house.do(PutBin("MAIN", "Z-01", zone="Z", aisle="Z", x_mm=9000, y_mm=2000))
    for sku, code in (("CUP", "Z-01"), ("PAN", "A-01-01")):
        await house.do(PutProduct(sku=sku, name=sku))
        await received(house, code, sku, 5)
    await ordered(house, "1", ("CUP", 1), ("PAN", 1))
    found = await planned(house, zone="Z")
    await release(house, found)
    [task] = await house.all(TASKS)
    await pick_task(house, task.id)
    assert await line_states(house, "csv:1") == [("CUP", 1, "picked"), ("PAN", 1, "allocated")]
    [rest] = await a_released_wave(house)
    await finish_into(house, rest, "T2")
