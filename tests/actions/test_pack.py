"""The pack station: what is refused, what is missing, parcels of a part, parcels put right."""

from __future__ import annotations

from msgspec.structs import replace

from server.catalog.model import PutProduct
from server.orders.store import LINES, SHIPMENTS
from server.packing.store import PARCELS
from server.picking.store import TOTES_IN_USE
from server.protocol import packing as pack
from server.protocol import picking as pick
from server.sites.model import Policy, PutCarton
from server.stock.model import AdjustStock
from server.tasks.store import TASKS
from tests.floor import (
    PACKER,
    PICKER,
    a_released_wave,
    a_site,
    a_warehouse,
    at_station,
    confirm,
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
    the_parcel,
    there,
    weigh,
)
from tests.kit import World


async def test_what_does_not_belong(w: World) -> None:
    await picked(w, "1", ("LAMP", 2))
    await w.do(PutProduct(sku="CUP", name="Cup"))
    shipment, parcel = await at_station(w)
    refusals = {
        pack.PackItem(shipment, parcel, "CUP"): "item_not_in_order",
        pack.PackItem(shipment, parcel, "who knows"): "unknown_barcode",
        pack.PackItem(shipment, parcel, "LAMP", quantity=3): "more_than_ordered",
        pack.CloseParcel(shipment, parcel): "zero_quantity",
        pack.ReportMissing(shipment, "LAMP", 3, "missing"): "more_than_ordered",
        pack.OpenPack("S1", "T9"): "unknown_barcode",
        pack.OpenPack("S9", "T1"): "not_found",
        pack.PrintLabel(parcel): "not_verified",
        pack.Weigh(parcel, 2000, stable=True): "not_packed",
    }
    for command, code in refusals.items():
        assert (await w.refused(command, PACKER)).code == code
    await w.do(pack.PackItem(shipment, parcel, "LAMP"), PACKER)
    assert (await w.refused(pack.CloseParcel(shipment, parcel), PACKER)).code == "items_left"
    await w.do(pack.PackItem(shipment, parcel, "LAMP"), PACKER)
    assert (await w.refused(pack.CloseParcel(shipment, parcel, "C9"), PACKER)).code == "carton_not_allowed"
    assert (await w.refused(pack.PackItem(shipment, parcel, "LAMP"), PACKER)).code == "more_than_ordered"


async def test_another_sites_carton(w: World) -> None:
    await a_site(w, "EAST")
    await w.do(PutCarton("CE", 400, 300, 200, 100, 9000, site="EAST"))
    await picked(w, "1", ("LAMP", 2))
    shipment, parcel = await at_station(w)
    await w.do(pack.TrustTote(shipment, parcel), PACKER)
    assert (await w.refused(pack.CloseParcel(shipment, parcel, "CE"), PACKER)).code == "carton_not_allowed"


async def test_a_tote_is_still_on_its_way(w: World) -> None:
    task = await on_the_floor(w, "1", ("LAMP", 2), ("MUG", 1))
    first, _ = await stops(w, task)
    await confirm(w, first)
    assert (await w.refused(pack.OpenPack("S1", "T1"), PACKER)).code == "totes_missing"
    await finish(w, task)
    await w.do(pack.OpenPack("S1", "1"), PACKER)


async def test_a_site_that_scans_every_item(house: World) -> None:
    await a_warehouse(house, Policy(trust_tote=False))
    await picked(house, "1", ("LAMP", 2))
    shipment, parcel = await at_station(house)
    assert (await house.refused(pack.TrustTote(shipment, parcel), PACKER)).code == "not_allowed"


async def test_a_shipped_order_is_not_packed_again(w: World) -> None:
    await shipped(w, "1", ("LAMP", 2))
    assert (await w.refused(pack.OpenPack("S1", "1"), PACKER)).code == "already_shipped"


async def test_a_packed_order_gets_no_empty_parcel(w: World) -> None:
    await packed(w, "1", ("LAMP", 2))
    await w.do(pack.OpenPack("S1", "1"), PACKER)
    assert len(await w.all(PARCELS)) == 1
    assert await w.all(TOTES_IN_USE) == []


async def test_one_shipment_in_two_parcels(w: World) -> None:
    await picked(w, "1", ("LAMP", 3), ("MUG", 2))
    shipment, first = await at_station(w)
    await w.do(pack.PackItem(shipment, first, "LAMP", quantity=2), PACKER)
    await w.do(pack.CloseParcel(shipment, first, "C1", "too large"), PACKER)
    states = await line_states(w, "csv:1")
    assert states == [("LAMP", 1, "picked"), ("LAMP", 2, "packed"), ("MUG", 2, "picked")]
    assert await order_state(w, "csv:1") == "picked"
    second = (await w.one(PARCELS, "state = 'open'")).id
    await w.do(pack.TrustTote(shipment, second), PACKER)
    await w.do(pack.CloseParcel(shipment, second, "C1"), PACKER)
    assert await order_state(w, "csv:1") == "packed"
    assert await there(w, f"parcel:{first}", "LAMP") == 2
    assert (await there(w, f"parcel:{second}", "LAMP"), await there(w, f"parcel:{second}", "MUG")) == (1, 2)
    assert len({p.sscc for p in await w.all(PARCELS)}) == 2
    assert await w.all(TOTES_IN_USE) == []


async def test_a_parcel_put_right(w: World) -> None:
    parcel = await labelled(w, "1", ("LAMP", 2), ("MUG", 1))
    await w.do(pack.ReopenParcel(parcel.id), PACKER)
    again = await the_parcel(w, parcel.id)
    assert (again.state, again.weight_g, again.tracking) == ("open", -1, "")
    assert await order_state(w, "csv:1") == "picked"
    await w.do(pack.TrustTote(parcel.shipment, parcel.id), PACKER)
    await w.do(pack.CloseParcel(parcel.shipment, parcel.id, "C1"), PACKER)
    await weigh(w, parcel.id)
    await w.do(pack.PrintLabel(parcel.id), PACKER)
    assert await w.all(TOTES_IN_USE) == []
    assert [e.kind for e in await w.events("LabelPrinted")] == ["LabelPrinted"] * 2


async def test_missing_goods_are_picked_again(w: World) -> None:
    await picked(w, "1", ("LAMP", 3))
    shipment, parcel = await at_station(w)
    await w.do(pack.ReportMissing(shipment, "LAMP", 1, "missing"), PACKER)
    [task] = await w.all(TASKS, "state = 'offered' AND kind = 'pick'")
    assert (await w.refused(pack.PackItem(shipment, parcel, "LAMP"), PACKER)).code == "totes_missing"
    await w.do(pick.TakeTask(task.id), PICKER)
    await finish(w, task.id, "T2")
    await w.do(pack.OpenPack("S1", "T2"), PACKER)
    await w.do(pack.TrustTote(shipment, parcel), PACKER)
    await w.do(pack.CloseParcel(shipment, parcel, "C1"), PACKER)
    assert await order_state(w, "csv:1") == "packed"
    assert await pool(w, "LAMP") == (1, 0)
    assert await there(w, "difference", "LAMP") == 1


async def test_damaged_goods_are_scrapped_and_wait_where_there_are_no_others(w: World) -> None:
    await picked(w, "1", ("LAMP", 5))
    shipment, parcel = await at_station(w)
    await w.do(pack.ReportMissing(shipment, "LAMP", 2, "damaged"), PACKER)
    assert await there(w, "scrap", "LAMP") == 2
    assert await line_states(w, "csv:1") == [("LAMP", 2, "back_ordered"), ("LAMP", 3, "picked")]
    await w.do(pack.TrustTote(shipment, parcel), PACKER)
    await w.do(pack.CloseParcel(shipment, parcel, "C1"), PACKER)
    await received(w, "B-01-01", "LAMP", 2)
    await w.settle()
    assert len(await w.all(SHIPMENTS)) == 2
    assert ("LAMP", 2, "allocated") in await line_states(w, "csv:1")


async def test_missing_while_the_shelf_is_promised_to_others(w: World) -> None:
    await picked(w, "1", ("LAMP", 3))
    await on_the_floor(w, "2", ("LAMP", 2))
    shipment, _ = await at_station(w)
    await w.do(pack.ReportMissing(shipment, "LAMP", 1, "missing"), PACKER)
    assert (await w.one(LINES, "state = 'back_ordered'")).reason == "missing"


async def test_two_sites_of_one_company_never_share_a_parcel_number(w: World) -> None:
    await packed(w, "1", ("LAMP", 1))
    await a_site(w, "EAST")
    await received(w, "A-01-01", "LAMP", 1, "EAST")
    await w.do(AdjustStock("MAIN:B-01-01", "LAMP", 0, "count"))
    await ordered(w, "2", ("LAMP", 1))
    [task] = await a_released_wave(w, "EAST")
    picker, packer = replace(PICKER, site="EAST"), replace(PACKER, site="EAST")
    await w.do(pick.TakeTask(task), picker)
    await finish(w, task, "EAST-T1", picker)
    await w.do(pack.OpenPack("EAST-S1", "EAST-T1"), packer)
    assert len({p.sscc for p in await w.all(PARCELS)}) == 2
