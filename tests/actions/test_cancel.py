"""An order is cancelled wherever it stands: promises are freed, goods find their way back to their bins."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from server.orders.model import CancelOrder, ImportOrder
from server.packing.store import PARCELS
from server.picking.store import TOTES_IN_USE
from server.protocol import packing as pack
from server.protocol import picking as pick
from server.protocol import shipping as ship
from server.shipping.store import MANIFESTS
from server.tasks.store import TASKS
from tests.floor import (
    COLLEAGUE,
    OFFICE,
    PACKER,
    PICKER,
    an_order,
    at_bin,
    at_door,
    at_station,
    carried_back,
    confirm,
    counted,
    finish,
    into,
    labelled,
    line_states,
    on_the_floor,
    order_state,
    ordered,
    packed,
    picked,
    planned,
    pool,
    shipped,
    stops,
    there,
)
from tests.kit import World

ORDER = CancelOrder("csv:1", "changed mind")


async def test_before_it_is_paid(w: World) -> None:
    await ordered(w, "1", ("LAMP", 2), payment="pending")
    await w.do(ORDER, OFFICE)
    assert await order_state(w, "csv:1") == "cancelled"


async def test_allocated(w: World) -> None:
    await ordered(w, "1", ("LAMP", 2))
    await w.do(ORDER, OFFICE)
    assert (await order_state(w, "csv:1"), await pool(w, "LAMP")) == ("cancelled", (5, 0))


async def test_planned(w: World) -> None:
    await ordered(w, "1", ("LAMP", 2))
    wave = await planned(w)
    await w.do(ORDER, OFFICE)
    assert wave
    assert await pool(w, "LAMP") == (5, 0)


async def test_released_to_nobody_yet_takes_the_task_away(w: World) -> None:
    task = await on_the_floor(w, "1", ("LAMP", 2), take=False)
    await w.do(ORDER, OFFICE)
    assert (await order_state(w, "csv:1"), await pool(w, "LAMP")) == ("cancelled", (5, 0))
    assert (await w.one(TASKS, "id = ?", task)).state == "withdrawn"
    assert (await w.refused(pick.TakeTask(task), PICKER)).code == "task_withdrawn"


async def test_in_hand_waits_for_the_picker_to_have_seen_it(w: World) -> None:
    task = await on_the_floor(w, "1", ("LAMP", 2))
    [line] = await stops(w, task)
    await at_bin(w, line)
    await w.do(ORDER, OFFICE)
    assert (await order_state(w, "csv:1"), await pool(w, "LAMP")) == ("withdrawing", (5, 2))
    assert (await w.refused(pick.DropTotes(task), PICKER)).code == "lines_open"
    await w.do(pick.AcknowledgeWithdrawal(task, (line.id,)), PICKER)
    assert (await order_state(w, "csv:1"), await pool(w, "LAMP")) == ("cancelled", (5, 0))
    await w.do(pick.DropTotes(task), PICKER)


async def test_confirmed_offline_all_the_same_is_carried_back(w: World) -> None:
    task = await on_the_floor(w, "1", ("LAMP", 2))
    [line] = await stops(w, task)
    await w.do(ORDER, OFFICE)
    await confirm(w, line)
    assert (await order_state(w, "csv:1"), await pool(w, "LAMP")) == ("cancelled", (3, 0))
    await w.do(pick.DropTotes(task, "CONS-1"), PICKER)
    assert await carried_back(w) == 1
    assert await pool(w, "LAMP") == (5, 0)
    assert await w.all(TOTES_IN_USE) == []


async def test_half_counted_and_then_acknowledged(w: World) -> None:
    task = await on_the_floor(w, "1", ("LAMP", 2))
    [line] = await stops(w, task)
    await counted(w, line, 1)
    await w.do(ORDER, OFFICE)
    assert (await w.refused(pick.Short(task, line.id, "damaged"), PICKER)).code == "line_cancelled"
    await w.do(pick.AcknowledgeWithdrawal(task, (line.id,)), PICKER)
    assert await pool(w, "LAMP") == (5, 0)


async def test_handing_a_withdrawn_line_back_frees_it(w: World) -> None:
    task = await on_the_floor(w, "1", ("LAMP", 2))
    await w.do(ORDER, OFFICE)
    await w.do(pick.HandBack(task), PICKER)
    assert (await order_state(w, "csv:1"), await pool(w, "LAMP")) == ("cancelled", (5, 0))


async def test_picked_goods_are_carried_back_and_their_tote_is_free(w: World) -> None:
    await picked(w, "1", ("LAMP", 2), ("MUG", 3))
    await w.do(ORDER, OFFICE)
    assert await order_state(w, "csv:1") == "cancelled"
    assert (await w.refused(pack.OpenPack("S1", "T1"), PACKER)).code == "order_cancelled"
    assert (await w.refused(pack.OpenPack("S1", "1"), PACKER)).code == "order_cancelled"
    assert await carried_back(w, COLLEAGUE) == 2
    assert (await pool(w, "LAMP"), await pool(w, "MUG")) == ((5, 0), (20, 0))
    assert await w.all(TOTES_IN_USE) == []
    await picked(w, "2", ("LAMP", 5))


async def test_an_empty_tote_stays_the_orders_while_its_task_goes_on(w: World) -> None:
    task = await on_the_floor(w, "1", ("LAMP", 2), ("MUG", 3))
    first, second = await stops(w, task)
    await confirm(w, first)
    change = an_order("1", ("LAMP", 2), ("MUG", 3), revision="2").order
    kept = tuple(line for line in change.lines if line.code == second.sku)
    await w.do(ImportOrder(replace(change, lines=kept)))
    assert await carried_back(w, COLLEAGUE) == 1
    await finish(w, task)
    assert await there(w, "tote:T1", second.sku) == second.quantity
    assert [t.tote for t in await w.all(TOTES_IN_USE)] == ["T1"]


async def test_in_an_open_parcel(w: World) -> None:
    await picked(w, "1", ("LAMP", 2), ("MUG", 3))
    shipment, parcel = await at_station(w)
    await w.do(pack.PackItem(shipment, parcel, "LAMP", quantity=2), PACKER)
    await w.do(ORDER, OFFICE)
    assert (await w.refused(pack.PackItem(shipment, parcel, "MUG"), PACKER)).code == "order_cancelled"
    assert await carried_back(w) == 2
    assert (await w.one(PARCELS)).state == "void"


async def test_packed_voids_the_parcel_and_everything_is_carried_back(w: World) -> None:
    parcel = await packed(w, "1", ("LAMP", 2), ("MUG", 3))
    await w.do(ORDER, OFFICE)
    assert (await w.one(PARCELS, "id = ?", parcel.id)).state == "void"
    assert await carried_back(w) == 2
    assert (await pool(w, "LAMP"), await pool(w, "MUG")) == ((5, 0), (20, 0))
    assert await w.all(TOTES_IN_USE) == []


async def test_goods_of_two_bins_are_carried_back(w: World) -> None:
    await packed(w, "1", ("MUG", 13))
    await w.do(ORDER, OFFICE)
    assert await carried_back(w) >= 1
    assert await pool(w, "MUG") == (20, 0)


async def test_loaded_comes_off_the_load(w: World) -> None:
    first, second = await labelled(w, "1", ("LAMP", 2)), await labelled(w, "2", ("LAMP", 1))
    load = await at_door(w)
    for parcel in (first, second):
        await w.do(ship.LoadParcel(load, parcel.sscc), PACKER)
    await w.do(ORDER, OFFICE)
    assert (await w.one(MANIFESTS)).parcels == 1
    await w.do(ship.CloseManifest(load, 1), PACKER)
    await w.settle()
    assert await order_state(w, "csv:2") == "shipped"
    assert await carried_back(w) == 1


async def test_what_is_on_the_road_is_not_cancelled_before_its_shipping_is_posted(w: World) -> None:
    parcel = await labelled(w, "1", ("LAMP", 2))
    load = await at_door(w)
    await w.do(ship.LoadParcel(load, parcel.sscc), PACKER)
    runner = w.house.runner
    assert runner
    await runner.stop()  # nobody posts it yet
    await w.do(ship.CloseManifest(load, 1), PACKER)
    assert (await w.refused(ORDER, OFFICE)).code == "on_the_road"
    assert (await w.refused(an_order("1", ("LAMP", 1), revision="2"))).code == "on_the_road"
    after = await w.one(PARCELS, "id = ?", parcel.id)
    assert (after.state, after.manifest, await there(w, f"parcel:{parcel.id}", "LAMP")) == ("loaded", load, 2)
    runner.start()
    await w.settle()
    assert await order_state(w, "csv:1") == "shipped"


async def test_shipped_is_refused(w: World) -> None:
    await shipped(w, "1", ("LAMP", 2))
    assert (await w.refused(ORDER, OFFICE)).code == "order_shipped"
    assert await order_state(w, "csv:1") == "shipped"


async def test_what_waits_is_cancelled_although_a_part_has_left(w: World) -> None:
    await shipped(w, "1", ("LAMP", 7))
    assert await line_states(w, "csv:1") == [("LAMP", 2, "back_ordered"), ("LAMP", 5, "shipped")]
    await w.do(ORDER, OFFICE)
    assert await line_states(w, "csv:1") == [("LAMP", 2, "cancelled"), ("LAMP", 5, "shipped")]
    assert await order_state(w, "csv:1") == "shipped"


async def test_twice_is_once(w: World) -> None:
    await ordered(w, "1", ("LAMP", 2))
    await w.do(ORDER, OFFICE)
    await w.do(ORDER, OFFICE)
    assert (await w.refused(CancelOrder("csv:9"), OFFICE)).code == "not_found"


@pytest.mark.parametrize("moment", ["released", "counted", "picked"])
async def test_the_colleagues_line_on_the_same_walk_goes_on(w: World, moment: str) -> None:
    await ordered(w, "2", ("MUG", 2))
    task = await on_the_floor(w, "1", ("LAMP", 2), take=moment != "released")
    lamp = next(p for p in await stops(w, task) if p.sku == "LAMP")
    if moment != "released":
        await counted(w, lamp, 2)
    if moment == "picked":
        await into(w, lamp, "T2")
    await w.do(ORDER, OFFICE)
    await w.do(pick.TakeTask(task), PICKER)
    await w.do(pick.AcknowledgeWithdrawal(task, (lamp.id,)), PICKER)
    await finish(w, task)
    assert await order_state(w, "csv:2") == "picked"
    await carried_back(w)
    assert await pool(w, "LAMP") == (5, 0)
