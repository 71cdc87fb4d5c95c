"""A walk that has begun is found anew when its lines change; a plan that is not released takes in what came since."""

from __future__ import annotations

from server.catalog.model import PutProduct
from server.orders.model import CancelOrder
from server.orders.store import SHIPMENTS
from server.protocol import picking as pick
from server.protocol import waves as wave
from server.sites.model import PutBin
from server.tasks.store import TASKS
from server.waves.reads import plan_of
from server.waves.store import WAVES
from tests.floor import CHIEF, OFFICE, PICKER, a_released_wave, a_warehouse, confirm, ordered, planned, received, stops
from tests.kit import World

SHELVES = {"C-1": ("PEN", 1_000), "C-2": ("INK", 5_000), "C-3": ("PEN", 6_000), "C-4": ("PAD", 9_000)}


async def an_aisle(w: World) -> None:
    """Pens at both ends of an aisle, ink and pads between and behind."""
    await a_warehouse(w)
    for code, (sku, y_mm) in SHELVES.items():
        await w.do(PutBin("MAIN", code, aisle="C", x_mm=9_000, y_mm=y_mm))
        await w.do(PutProduct(sku=sku, name=sku, weight_mg=10_000))
        await received(w, code, sku, 5 if code == "C-1" else 9)


async def bins_ahead(w: World, task: str) -> list[str]:
    return [line.bin.partition(":")[2] for line in await stops(w, task)]


async def test_what_lies_in_another_bin_is_fetched_where_one_comes_by(w: World) -> None:
    await an_aisle(w)
    await ordered(w, "1", ("PEN", 2), ("INK", 1), ("PAD", 1))
    [task] = await a_released_wave(w)
    await w.do(pick.TakeTask(task), PICKER)
    assert await bins_ahead(w, task) == ["C-1", "C-2", "C-4"]
    before = (await w.one(TASKS, "id = ?", task)).version
    await w.do(pick.Short(task, (await stops(w, task))[0].id, "none_on_shelf"), PICKER)
    await w.settle()
    assert await bins_ahead(w, task) == ["C-2", "C-3", "C-4"], "not last, although it came last"
    assert (await w.one(TASKS, "id = ?", task)).version > before + 1, "the handheld was told of the new walk"


async def test_what_the_picker_has_begun_stays_first(w: World) -> None:
    await an_aisle(w)
    await ordered(w, "1", ("PEN", 1), ("INK", 1))
    await ordered(w, "2", ("PAD", 1), ("LAMP", 1))
    [task] = await a_released_wave(w)
    await w.do(pick.TakeTask(task), PICKER)
    last = next(line for line in await stops(w, task) if line.bin == "MAIN:C-4")
    await w.do(pick.Skip(task, (await stops(w, task))[0].id), PICKER)
    await w.do(pick.Scan(task, last.id, "bin", "C-4"), PICKER)
    await w.do(CancelOrder("csv:1", "changed their mind"), OFFICE)
    await w.settle()
    begun = next(line for line in await stops(w, task) if line.step != "bin")
    assert begun.bin == "MAIN:C-4"
    assert begun.sequence == last.sequence


async def test_a_plan_made_anew_takes_in_what_came_since(w: World) -> None:
    await an_aisle(w)
    await ordered(w, "1", ("PEN", 1))
    found = await planned(w)
    await ordered(w, "2", ("PEN", 1))
    await ordered(w, "3", ("INK", 1), ("PAD", 1))
    await w.do(wave.ReplanWave(found), CHIEF)
    await w.settle()
    again = await w.one(WAVES, "id = ?", found)
    assert (str(again.state), again.shipments, again.lines) == ("planned", 3, 4)
    picks = [p.order for task in await plan_of(w.database, found) for p in task.picks]
    assert sorted(picks) == ["csv:1", "csv:2", "csv:3", "csv:3"]
    assert {s.wave for s in await w.all(SHIPMENTS)} == {found}
    assert again.first_come_mm >= again.walk_mm > 0
    assert again.work_ms > 0


async def test_a_released_wave_is_not_planned_anew(w: World) -> None:
    await an_aisle(w)
    await ordered(w, "1", ("PEN", 1))
    found = await planned(w)
    await w.do(wave.ReleaseWave(found), CHIEF)
    assert (await w.refused(wave.ReplanWave(found), CHIEF)).code == "not_in_state"


async def test_a_new_plan_leaves_picked_goods_alone(w: World) -> None:
    await an_aisle(w)
    await ordered(w, "1", ("PEN", 2), ("INK", 1), ("PAD", 1))
    [task] = await a_released_wave(w)
    await w.do(pick.TakeTask(task), PICKER)
    await confirm(w, (await stops(w, task))[0])
    await w.do(pick.Short(task, (await stops(w, task))[0].id, "none_on_shelf"), PICKER)
    await w.settle()
    assert await bins_ahead(w, task) == ["C-4"]


async def test_a_plan_made_anew_keeps_to_the_zone_of_its_wave(w: World) -> None:
    await an_aisle(w)
    await w.do(PutBin("MAIN", "Z-1", aisle="Z", zone="COLD", x_mm=12_000, y_mm=1_000))
    await w.do(PutProduct(sku="ICE", name="Ice", weight_mg=10_000))
    await received(w, "Z-1", "ICE", 9)
    await ordered(w, "1", ("ICE", 1), ("PEN", 1))
    found = await planned(w, zone="COLD")
    await w.do(wave.ReplanWave(found), CHIEF)
    await w.settle()
    assert [p.sku for task in await plan_of(w.database, found) for p in task.picks] == ["ICE"]
