"""Labels, the door, the load; and what comes back from the van."""

from __future__ import annotations

from server.catalog.model import PutProduct, Tracking
from server.orders.model import CancelOrder
from server.orders.store import SHIPMENTS
from server.protocol import packing as pack
from server.protocol import picking as pick
from server.protocol import shipping as ship
from server.shipping.model import ShipParcel
from server.shipping.store import MANIFESTS
from server.sites.model import PutStation
from server.stock.store import BALANCES
from tests.floor import (
    OFFICE,
    PACKER,
    PICKER,
    a_site,
    an_order,
    at_bin,
    at_door,
    at_station,
    finish,
    into,
    labelled,
    on_the_floor,
    order_state,
    packed,
    received,
    shipped,
    stops,
    the_parcel,
    there,
    weigh,
)
from tests.kit import World


async def test_what_is_not_loaded(w: World) -> None:
    await a_site(w, "EAST")
    load = await at_door(w)
    parcel = await packed(w, "1", ("LAMP", 2))
    put = ship.LoadParcel(load, parcel.sscc)
    assert (await w.refused(put, PACKER)).code == "not_weighed"
    await weigh(w, parcel.id)
    assert (await w.refused(put, PACKER)).code == "no_label"
    await w.do(pack.PrintLabel(parcel.id), PACKER)
    manual = await at_door(w, "manual")
    assert (await w.refused(ship.LoadParcel(manual, parcel.sscc), PACKER)).code == "wrong_carrier"
    east = await w.do(ship.OpenManifest("EAST", "own_van"), PACKER)
    assert (await w.refused(ship.LoadParcel(east, parcel.sscc), PACKER)).code == "wrong_site"
    assert (await w.refused(ship.LoadParcel(load, "400999900000000099"), PACKER)).code == "unknown_barcode"
    assert (await w.refused(ship.CloseManifest(load), PACKER)).code == "zero_quantity"
    await w.do(ship.LoadParcel(load, f"]C100{parcel.sscc}"), PACKER)
    assert (await w.refused(put, PACKER)).code == "already_loaded"
    assert (await w.refused(ship.CloseManifest(load, 2), PACKER)).code == "count_differs"
    await w.do(ship.CloseManifest(load, 1), PACKER)
    await w.settle()
    assert (await w.refused(put, PACKER)).code == "not_in_state"
    again = await at_door(w)
    assert again != load
    assert (await w.refused(ship.LoadParcel(again, parcel.sscc), PACKER)).code == "already_shipped"
    assert (await w.refused(ship.OpenManifest("MAIN", "pigeon"), PACKER)).code == "not_found"


async def test_an_open_parcel_is_not_loaded(w: World) -> None:
    parcel = await packed(w, "1", ("LAMP", 2))
    await w.do(pack.ReopenParcel(parcel.id), PACKER)
    load = await at_door(w)
    assert (await w.refused(ship.LoadParcel(load, parcel.sscc), PACKER)).code == "not_packed"


async def test_one_label_and_logged_reprints(w: World) -> None:
    parcel = await labelled(w, "1", ("LAMP", 2))
    await w.do(pack.PrintLabel(parcel.id), PACKER)
    assert (await the_parcel(w, parcel.id)).prints == 2
    assert ['"reprint":true' in e.body for e in await w.events("LabelPrinted")] == [False, True]


async def test_a_station_without_a_printer(w: World) -> None:
    await w.do(PutStation(id="S2", site="MAIN", name="Station 2"))
    parcel = await packed(w, "1", ("LAMP", 2))
    await weigh(w, parcel.id)
    assert (await w.refused(pack.PrintLabel(parcel.id, "S2"), PACKER)).code == "no_printer"


async def test_a_void_label_is_made_anew(w: World) -> None:
    parcel = await labelled(w, "1", ("LAMP", 2))
    await w.do(pack.VoidLabel(parcel.id, "torn"), PACKER)
    load = await at_door(w)
    assert (await w.refused(ship.LoadParcel(load, parcel.sscc), PACKER)).code == "no_label"
    assert (await w.refused(pack.VoidLabel(parcel.id, "torn"), PACKER)).code == "not_in_state"
    await w.do(pack.PrintLabel(parcel.id), PACKER)
    await w.do(ship.LoadParcel(load, parcel.sscc), PACKER)


async def test_a_tracking_number_from_paper(w: World) -> None:
    await w.do(an_order("1", ("LAMP", 2), shipping_method="manual"))
    parcel = await labelled(w, "1", ("LAMP", 2))
    load = await at_door(w, "manual")
    put = ship.LoadParcel(load, parcel.sscc)
    assert (await w.refused(put, PACKER)).code == "tracking_needed"
    await w.do(ship.SetTracking(parcel.id, "AB 123"), PACKER)
    await w.do(put, PACKER)
    await w.do(ship.CloseManifest(load), PACKER)
    await w.settle()
    assert (await w.one(SHIPMENTS)).tracking == "AB 123"
    assert (await w.refused(ship.SetTracking(parcel.id, "AB 124"), PACKER)).code == "already_shipped"


async def test_a_parcel_comes_off_the_load(w: World) -> None:
    parcel = await labelled(w, "1", ("LAMP", 2))
    load = await at_door(w)
    await w.do(ship.LoadParcel(load, parcel.sscc), PACKER)
    await w.do(ship.Unship(parcel.id, "no room"), PACKER)
    found = await w.one(MANIFESTS)
    assert (found.parcels, found.grams) == (0, 0)
    await w.do(ship.LoadParcel(load, parcel.sscc), PACKER)


async def test_a_shipped_parcel_comes_back_before_it_left_the_yard(w: World) -> None:
    parcel = await shipped(w, "1", ("LAMP", 2))
    assert await there(w, "customer", "LAMP") == 2
    await w.do(ship.Unship(parcel.id, "wrong van"), PACKER)
    assert await order_state(w, "csv:1") == "packed"
    assert (await there(w, "customer", "LAMP"), await there(w, f"parcel:{parcel.id}", "LAMP")) == (0, 2)
    load = await at_door(w)
    await w.do(ship.LoadParcel(load, parcel.sscc), PACKER)
    await w.do(ship.CloseManifest(load), PACKER)
    await w.settle()
    assert await order_state(w, "csv:1") == "shipped"


async def test_a_lot_that_comes_back_is_still_that_lot(w: World) -> None:
    await w.do(PutProduct(sku="MILK", name="Milk", weight_mg=1_000_000, tracking=Tracking.LOT))
    await received(w, "A-01-01", "MILK", 5, lot="L7")
    task = await on_the_floor(w, "1", ("MILK", 1))
    [line] = await stops(w, task)
    await at_bin(w, line)
    await w.do(pick.Scan(task, line.id, "sku", "MILK"), PICKER)
    await w.do(pick.Scan(task, line.id, "lot", "L7"), PICKER)
    await into(w, line)
    await finish(w, task)
    shipment, parcel = await at_station(w)
    await w.do(pack.TrustTote(shipment, parcel), PACKER)
    await w.do(pack.CloseParcel(shipment, parcel), PACKER)
    await weigh(w, parcel)
    await w.do(pack.PrintLabel(parcel), PACKER)
    load = await at_door(w)
    await w.do(ship.LoadParcel(load, (await the_parcel(w, parcel)).sscc), PACKER)
    await w.do(ship.CloseManifest(load), PACKER)
    await w.settle()
    await w.do(ship.Unship(parcel, "wrong van"), PACKER)
    lying = {b.place: b.lot for b in await w.all(BALANCES, "sku = 'MILK' AND quantity > 0")}
    assert lying == {"bin:MAIN:A-01-01": "L7", f"parcel:{parcel}": "L7"}


async def test_a_label_is_not_printed_once_its_parcel_is_void(w: World) -> None:
    parcel = await packed(w, "1", ("LAMP", 2))
    await weigh(w, parcel.id)
    await w.do(pack.PrintLabel(parcel.id), PACKER)
    await w.do(CancelOrder("csv:1"), OFFICE)
    await w.settle()
    assert (await the_parcel(w, parcel.id)).state == "void"


async def test_a_parcel_taken_off_a_closed_load_stays(w: World) -> None:
    parcel = await labelled(w, "1", ("LAMP", 2))
    load = await at_door(w)
    await w.do(ship.LoadParcel(load, parcel.sscc), PACKER)
    await w.do(ship.Unship(parcel.id, "no room"), PACKER)
    await w.do(ShipParcel(parcel.id))
    assert (await the_parcel(w, parcel.id)).state == "labelled"
