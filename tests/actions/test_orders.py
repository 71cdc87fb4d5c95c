"""Orders come in, change at their channel, are held and go on, wherever their goods are by then."""

from __future__ import annotations

from typing import Any

import pytest
from msgspec.structs import replace

from server.catalog.model import PutProduct
from server.orders.model import HoldOrder, ImportOrder, ResumeOrder
from server.orders.store import LINES, ORDERS
from server.protocol import packing as pack
from server.protocol import picking as pick
from server.protocol import shipping as ship
from tests.floor import (
    OFFICE,
    PACKER,
    PICKER,
    an_order,
    at_door,
    at_station,
    carried_back,
    finish,
    labelled,
    line_states,
    on_the_floor,
    order_state,
    ordered,
    packed,
    picked,
    pool,
    received,
    shipped,
    stops,
)
from tests.kit import World


async def amended(w: World, revision: str, *lines: tuple[str, int], **facts: Any) -> None:
    """The channel changes order 1."""
    await w.do(an_order("1", *lines, revision=revision, **facts))
    await w.settle()


async def test_the_same_revision_and_an_older_one_change_nothing(w: World) -> None:
    await ordered(w, "1", ("LAMP", 2), revision="5")
    await amended(w, "5", ("LAMP", 1))
    await amended(w, "4", ("LAMP", 1))
    assert await line_states(w, "csv:1") == [("LAMP", 2, "allocated")]


@pytest.mark.parametrize(("first", "then"), [("b2", "a1"), ("a1", "b2"), ("9", "10")])
async def test_a_revision_without_a_time_is_later_if_it_is_another(w: World, first: str, then: str) -> None:
    await ordered(w, "1", ("LAMP", 2), revision=first)
    await amended(w, then, ("LAMP", 1))
    assert ("LAMP", 1, "allocated") in await line_states(w, "csv:1")


async def test_more_units_are_a_line_more(w: World) -> None:
    await ordered(w, "1", ("LAMP", 2))
    await amended(w, "2", ("LAMP", 3))
    assert await line_states(w, "csv:1") == [("LAMP", 1, "allocated"), ("LAMP", 2, "allocated")]
    await amended(w, "3", ("LAMP", 3), ("MUG", 1))
    assert (await pool(w, "LAMP"), await pool(w, "MUG")) == ((5, 3), (20, 1))


async def test_fewer_units_free_the_rest(w: World) -> None:
    await ordered(w, "1", ("LAMP", 4), ("MUG", 2))
    await amended(w, "2", ("LAMP", 1))
    assert (await pool(w, "LAMP"), await pool(w, "MUG")) == ((5, 1), (20, 0))
    assert await order_state(w, "csv:1") == "allocated"


async def test_another_item_on_the_same_line(w: World) -> None:
    await ordered(w, "1", ("LAMP", 4))
    await amended(w, "2", ("MUG", 4))
    assert await line_states(w, "csv:1") == [("LAMP", 4, "cancelled"), ("MUG", 4, "allocated")]


async def test_fewer_units_of_a_line_on_offer(w: World) -> None:
    task = await on_the_floor(w, "1", ("LAMP", 4), take=False)
    await amended(w, "2", ("LAMP", 3))
    assert await pool(w, "LAMP") == (5, 3)
    await w.do(pick.TakeTask(task), PICKER)
    await finish(w, task)
    assert await line_states(w, "csv:1") == [("LAMP", 1, "cancelled"), ("LAMP", 3, "picked")]


async def test_fewer_units_of_a_line_in_hand_wait_for_the_picker(w: World) -> None:
    task = await on_the_floor(w, "1", ("LAMP", 4))
    await amended(w, "2", ("LAMP", 1))
    assert await line_states(w, "csv:1") == [("LAMP", 1, "picking"), ("LAMP", 3, "withdrawing")]
    gone = next(p for p in await stops(w, task) if p.state == "withdrawing")
    await w.do(pick.AcknowledgeWithdrawal(task, (gone.id,)), PICKER)
    await finish(w, task)
    assert await pool(w, "LAMP") == (4, 0)


async def test_more_units_while_others_are_withdrawn(w: World) -> None:
    await on_the_floor(w, "1", ("LAMP", 4))
    await amended(w, "2", ("LAMP", 1))
    await amended(w, "3", ("LAMP", 2))
    states = await line_states(w, "csv:1")
    assert states == [("LAMP", 1, "allocated"), ("LAMP", 1, "picking"), ("LAMP", 3, "withdrawing")]


async def test_fewer_units_of_picked_goods_are_carried_back(w: World) -> None:
    await picked(w, "1", ("LAMP", 4))
    await amended(w, "2", ("LAMP", 3))
    assert await carried_back(w) == 1
    assert await pool(w, "LAMP") == (2, 0)
    shipment, parcel = await at_station(w)
    await w.do(pack.PackItem(shipment, parcel, "LAMP", quantity=3), PACKER)
    await w.do(pack.CloseParcel(shipment, parcel, "C1"), PACKER)
    assert await order_state(w, "csv:1") == "packed"


async def test_fewer_units_of_goods_in_an_open_parcel(w: World) -> None:
    await picked(w, "1", ("LAMP", 4))
    shipment, parcel = await at_station(w)
    await w.do(pack.PackItem(shipment, parcel, "LAMP", quantity=4), PACKER)
    await amended(w, "2", ("LAMP", 3))
    await w.do(pack.CloseParcel(shipment, parcel, "C1"), PACKER)
    assert await line_states(w, "csv:1") == [("LAMP", 1, "cancelled"), ("LAMP", 3, "packed")]
    assert await carried_back(w) == 1


async def test_fewer_units_of_packed_goods_open_the_parcel(w: World) -> None:
    parcel = await packed(w, "1", ("LAMP", 4), ("MUG", 1))
    await amended(w, "2", ("LAMP", 3), ("MUG", 1))
    states = await line_states(w, "csv:1")
    assert states == [("LAMP", 1, "cancelled"), ("LAMP", 3, "picked"), ("MUG", 1, "picked")]
    assert await carried_back(w) == 1
    shipment, again = await at_station(w, parcel.sscc)
    await w.do(pack.TrustTote(shipment, again), PACKER)
    await w.do(pack.CloseParcel(shipment, again, "C1"), PACKER)
    assert await order_state(w, "csv:1") == "packed"


async def test_nothing_is_taken_off_what_has_left(w: World) -> None:
    await shipped(w, "1", ("LAMP", 2))
    assert (await w.refused(an_order("1", ("LAMP", 1), revision="2"))).code == "order_shipped"
    await amended(w, "3", ("LAMP", 3))
    assert await line_states(w, "csv:1") == [("LAMP", 1, "allocated"), ("LAMP", 2, "shipped")]


async def test_cancelled_at_the_channel(w: World) -> None:
    await ordered(w, "1", ("LAMP", 2))
    await amended(w, "2", ("LAMP", 2), cancelled=True)
    assert (await w.one(LINES)).reason == "cancelled_at_channel"
    await ordered(w, "2", ("LAMP", 2), cancelled=True, payment="cancelled")
    assert await order_state(w, "csv:2") == "cancelled"


async def test_an_unknown_sku_waits_until_it_is_known(w: World) -> None:
    key = await ordered(w, "1", ("CUP", 2), ("LAMP", 1))
    assert await line_states(w, key) == [("CUP", 2, "on_hold"), ("LAMP", 1, "allocated")]
    assert (await w.one(LINES, "code = 'CUP'")).reason == "unknown_sku"
    assert (await w.refused(ResumeOrder(key), OFFICE)).code == "unknown_sku"
    await w.do(PutProduct(sku="CUP", name="Cup"))
    await w.settle()
    assert ("CUP", 2, "back_ordered") in await line_states(w, key)
    await received(w, "A-01-01", "CUP", 2)
    await w.settle()
    assert ("CUP", 2, "allocated") in await line_states(w, key)


@pytest.mark.parametrize("code", ["4006381333931", "04006381333931", "PEN-1"])
async def test_an_unknown_sku_becomes_known_by_any_of_its_codes(w: World, code: str) -> None:
    key = await ordered(w, "1", (code, 2))
    await w.do(PutProduct(sku="PEN", name="Pen", barcodes=(("4006381333931", 1), ("PEN-1", 1))))
    await w.settle()
    assert await line_states(w, key) == [("PEN", 2, "back_ordered")]


async def test_a_pack_of_twelve_is_not_taken_for_one(w: World) -> None:
    key = await ordered(w, "1", ("PEN-12", 2))
    await w.do(PutProduct(sku="PEN", name="Pen", barcodes=(("PEN-12", 12),)))
    assert await line_states(w, key) == [("PEN-12", 2, "on_hold")]


async def test_a_held_order_is_kept_from_the_floor_and_goes_on(w: World) -> None:
    key = await ordered(w, "1", ("LAMP", 2))
    await w.do(HoldOrder(key, "address"), OFFICE)
    assert (await order_state(w, key), await pool(w, "LAMP")) == ("on_hold", (5, 0))
    assert (await w.one(ORDERS)).reason == "address"
    await amended(w, "2", ("LAMP", 3))
    assert {state for _, _, state in await line_states(w, key)} == {"on_hold"}
    await w.do(ResumeOrder(key), OFFICE)
    await w.settle()
    assert (await order_state(w, key), await pool(w, "LAMP")) == ("allocated", (5, 3))
    assert (await w.refused(ResumeOrder(key), OFFICE)).code == "not_in_state"


async def test_a_held_order_is_taken_off_the_offer(w: World) -> None:
    await on_the_floor(w, "1", ("LAMP", 2), take=False)
    await w.do(HoldOrder("csv:1", "address"), OFFICE)
    assert (await order_state(w, "csv:1"), await pool(w, "LAMP")) == ("on_hold", (5, 0))


async def test_a_held_order_in_hand_stops_at_the_station(w: World) -> None:
    task = await on_the_floor(w, "1", ("LAMP", 2))
    await w.do(HoldOrder("csv:1", "address"), OFFICE)
    await finish(w, task)
    assert (await w.refused(pack.OpenPack("S1", "T1"), PACKER)).code == "order_on_hold"
    await w.do(ResumeOrder("csv:1"), OFFICE)
    await w.do(pack.OpenPack("S1", "T1"), PACKER)


async def test_a_held_order_stops_at_the_door(w: World) -> None:
    parcel = await labelled(w, "1", ("LAMP", 2))
    await w.do(HoldOrder("csv:1", "address"), OFFICE)
    load = await at_door(w)
    assert (await w.refused(ship.LoadParcel(load, parcel.sscc), PACKER)).code == "order_on_hold"


async def test_a_shipped_order_is_not_held(w: World) -> None:
    await shipped(w, "1", ("LAMP", 2))
    assert (await w.refused(HoldOrder("csv:1", "late"), OFFICE)).code == "not_in_state"


async def test_a_held_order_is_not_served_when_stock_arrives(w: World) -> None:
    key = await ordered(w, "1", ("LAMP", 7))
    await w.do(HoldOrder(key, "address"), OFFICE)
    await received(w, "B-01-01", "LAMP", 5)
    await w.settle()
    assert {state for _, _, state in await line_states(w, key)} == {"on_hold"}
    await w.do(ResumeOrder(key), OFFICE)
    await w.settle()
    assert await pool(w, "LAMP") == (10, 7)


async def test_service_lines_are_never_picked(w: World) -> None:
    order = an_order("1", ("LAMP", 1), ("POSTAGE", 1)).order
    lamp, postage = order.lines
    await w.do(ImportOrder(replace(order, lines=(lamp, replace(postage, goods=False)))))
    await w.settle()
    assert await order_state(w, "csv:1") == "allocated"
    assert await line_states(w, "csv:1") == [("LAMP", 1, "allocated")]
