"""The pack station: open, pack, report, close, reopen."""

from __future__ import annotations

from collections.abc import Sequence

from msgspec.structs import replace

from server.catalog.actions import resolve
from server.catalog.store import SKUS
from server.db import journal
from server.db.unit import Unit
from server.kernel import weight
from server.kernel.barcode import sscc
from server.kernel.ids import ulid
from server.kernel.refusal import Refusal
from server.orders import lines as order_lines
from server.orders.model import OrderLine, Shipment, State
from server.orders.store import LINES, ORDERS, SHIPMENTS
from server.packing import rules
from server.packing.model import (
    PARCEL,
    ItemMissing,
    Parcel,
    ParcelClosed,
    ParcelItem,
    ParcelReopened,
    ParcelState,
)
from server.packing.store import ITEMS, PARCELS
from server.picking import returns
from server.picking.model import ToteUse
from server.picking.store import TOTES_IN_USE
from server.protocol.packing import CloseParcel, OpenPack, PackItem, ReopenParcel, ReportMissing, TrustTote
from server.sites.store import CARTONS, SITES, STATIONS
from server.stock import actions as stock
from server.stock.model import DIFFERENCE, SCRAP
from server.stock.store import BALANCES
from server.waves.release import repick


async def open_pack(unit: Unit, command: OpenPack) -> str:
    """Carry out OpenPack; gives the shipment's id. A tote, an order's number or a parcel's SSCC may be scanned."""
    station = await unit.get(STATIONS, command.station)
    shipment = await _shipment(unit, command.code, station.site)
    order = await unit.get(ORDERS, shipment.order)
    rules.require_packable(order, shipment)
    await _require_totes(unit, shipment)
    if (await _left(unit, shipment.id))[1]:
        await open_parcel(unit, shipment, station.id)
    return shipment.id


async def _require_totes(unit: Unit, shipment: Shipment) -> None:
    """Refuse a shipment of which a tote is still on somebody's trolley, although all its lines are picked."""
    totes = await unit.where(TOTES_IN_USE, shipment=shipment.id)
    if late := sum([await returns.on_trolley(unit, tote) for tote in totes]):
        raise Refusal("totes_missing", totes=late)


async def _shipment(unit: Unit, code: str, site: str) -> Shipment:
    """Find the shipment that a scanned code means at this site."""
    tote = await unit.find(TOTES_IN_USE, code)
    if tote is not None:
        return await unit.get(SHIPMENTS, tote.shipment)
    found = [s for order in await unit.where(ORDERS, name=code) for s in await unit.where(SHIPMENTS, order=order.id)]
    direct = await unit.find(SHIPMENTS, code)
    here = [s for s in (*found, *([direct] if direct else [])) if s.site == site]
    if not here:
        raise Refusal("unknown_barcode", scanned=code, expected="a tote or an order")
    return min(here, key=lambda s: (s.state is State.CANCELLED, s.state is State.SHIPPED, s.id))


async def open_parcel(unit: Unit, shipment: Shipment, station: str) -> Parcel:
    """Give the shipment's open parcel, or begin one with the next SSCC of its prefix."""
    for parcel in await unit.where(PARCELS, shipment=shipment.id, state=str(ParcelState.OPEN)):
        return parcel
    policy = (await unit.get(SITES, shipment.site)).policy
    number = await journal.take(unit.base, f"sscc:{policy.sscc_prefix}")
    parcel = Parcel(
        id=ulid(unit.at),
        sscc=sscc(policy.sscc_prefix, number),
        order=shipment.order,
        shipment=shipment.id,
        site=shipment.site,
        station=station,
        state=ParcelState.OPEN,
        carton="",
        expected_mg=-1,
        tolerance_mg=-1,
        weight_g=-1,
        accepted_by="",
        accepted_reason="",
        carrier=shipment.carrier,
        tracking="",
        manifest="",
        prints=0,
        packer=unit.actor.user,
        opened_at=unit.at,
        closed_at=0,
    )
    unit.put(PARCELS, parcel)
    return parcel


async def _open(unit: Unit, shipment_id: str, parcel_id: str) -> Parcel:
    """Give the parcel if it is open, and its shipment may be packed."""
    parcel = await unit.get(PARCELS, parcel_id)
    shipment = await unit.get(SHIPMENTS, parcel.shipment)
    rules.require_packable(await unit.get(ORDERS, parcel.order), shipment)
    await _require_totes(unit, shipment)
    if parcel.shipment != shipment_id or parcel.state is not ParcelState.OPEN:
        raise Refusal("not_in_state", machine="parcel", state=str(parcel.state), event="pack")
    return parcel


async def _left(unit: Unit, shipment: str, **of: str) -> tuple[list[OrderLine], dict[str, int]]:
    """Give a shipment's lines (`sku=`: of one SKU, without reading hundreds of others), and what is left to pack."""
    found = await unit.where(LINES, shipment=shipment, **of)
    return found, rules.to_pack(found, await unit.where(ITEMS, shipment=shipment, **of))


async def pack_item(unit: Unit, command: PackItem) -> str:
    """Carry out PackItem; gives the shipment's id."""
    parcel = await _open(unit, command.shipment, command.parcel)
    barcode = await resolve(unit, command.code)
    if barcode is None:
        raise Refusal("unknown_barcode", scanned=command.code)
    found, left = await _left(unit, parcel.shipment, sku=barcode.sku)
    await _put_in(unit, parcel, rules.placed(found, left, barcode.sku, command.quantity or barcode.units))
    return parcel.shipment


async def trust_tote(unit: Unit, command: TrustTote) -> str:
    """Carry out TrustTote; gives the shipment's id. Refusal `not_allowed` where the site wants every item scanned."""
    parcel = await _open(unit, command.shipment, command.parcel)
    if not (await unit.get(SITES, parcel.site)).policy.trust_tote:
        raise Refusal("not_allowed", permission="trust_tote")
    await _put_in(unit, parcel, (await _left(unit, parcel.shipment))[1])
    return parcel.shipment


async def _put_in(unit: Unit, parcel: Parcel, units: dict[str, int]) -> None:
    for line_id, quantity in units.items():
        line = await unit.get(LINES, line_id)
        key = f"{parcel.id}/{line_id}"
        before = await unit.find(ITEMS, key)
        item = before or ParcelItem(key, parcel.id, parcel.shipment, line_id, line.sku, 0)
        unit.put(ITEMS, replace(item, quantity=item.quantity + quantity))


async def report_missing(unit: Unit, command: ReportMissing) -> str:
    """Carry out ReportMissing: the units leave the book of the tote, and are picked again if there are others."""
    found, left = await _left(unit, command.shipment, sku=command.sku)
    shipment = await unit.get(SHIPMENTS, command.shipment)
    target = SCRAP if command.reason == "damaged" else DIFFERENCE
    for line_id, quantity in rules.placed(found, left, command.sku, command.quantity).items():
        _, part = await order_lines.cut(unit, await unit.get(LINES, line_id), quantity)
        await _from_totes(unit, shipment.id, command.sku, quantity, target, f"pack:{command.reason}")
        [waiting] = await order_lines.advance(unit, [part], "missing", command.reason, shipment="")
        task = await repick(unit, shipment, waiting)
        fact = ItemMissing(shipment.id, shipment.order, command.sku, quantity, command.reason, task)
        unit.emit(fact, f"floor:{shipment.site}")
    return command.shipment


async def _from_totes(unit: Unit, shipment: str, sku: str, quantity: int, target: str, reason: str) -> None:
    """Move units of a SKU out of those of the shipment's totes that stand here, whichever hold them."""
    for tote, lot, units in await returns.lying(unit, shipment, sku, at_rest=True):
        part = min(quantity, units)
        if part > 0:
            await stock.move(unit, sku, f"tote:{tote}", target, part, reason=reason, ref=shipment, lot=lot)
            quantity -= part
    if quantity:
        raise Refusal("not_enough_stock", sku=sku, wanted=quantity, there=0, place=f"totes of {shipment}")


async def close_parcel(unit: Unit, command: CloseParcel) -> str:
    """Carry out CloseParcel: goods go from totes into the parcel, its lines are packed, its weight is expected."""
    parcel = await _open(unit, command.shipment, command.parcel)
    found, left = await _left(unit, parcel.shipment)
    items = await unit.where(ITEMS, parcel=parcel.id)
    if not items:
        raise Refusal("zero_quantity", parcel=parcel.id)
    if left and not command.partial_reason:
        raise Refusal("items_left", lines=len(left), units=sum(left.values()))
    await _require_carton(unit, command.carton, parcel.site)
    by_id = {line.id: line for line in found}
    packed = [await _pack_line(unit, item, by_id[item.line]) for item in items]
    await order_lines.advance(unit, packed, "pack")
    await returns.free_empty(unit, parcel.shipment)
    mg, tolerance = await _expect(unit, parcel, items, command.carton)
    closed = replace(parcel, carton=command.carton, expected_mg=mg, tolerance_mg=tolerance, closed_at=unit.at)
    unit.put(PARCELS, replace(closed, state=PARCEL.next(parcel.state, "close"), packer=unit.actor.user))
    facts = (sum(i.quantity for i in items), command.carton, command.partial_reason)
    unit.emit(ParcelClosed(parcel.id, parcel.order, parcel.shipment, parcel.site, *facts), f"floor:{parcel.site}")
    if left:
        await open_parcel(unit, await unit.get(SHIPMENTS, parcel.shipment), parcel.station)
    else:
        await void_empty(unit, parcel.shipment)
    return parcel.shipment


async def void_empty(unit: Unit, shipment: str) -> None:
    """Let the open parcels of a shipment go that nothing was put into, and nothing is left for."""
    for parcel in await unit.where(PARCELS, shipment=shipment, state=str(ParcelState.OPEN)):
        if not await unit.where(ITEMS, parcel=parcel.id):
            unit.put(PARCELS, replace(parcel, state=PARCEL.next(parcel.state, "void")))


async def _require_carton(unit: Unit, code: str, site: str) -> None:
    """Refuse a carton that is none of the site's; '' is goods sent as they are."""
    carton = await unit.find(CARTONS, code) if code else None
    if code and (carton is None or carton.site not in {"", site}):
        raise Refusal("carton_not_allowed", carton=code)


async def _pack_line(unit: Unit, item: ParcelItem, line: OrderLine) -> OrderLine:
    """Move an item's units into the parcel; a line that is split over parcels becomes two."""
    _, part = await order_lines.cut(unit, line, item.quantity)
    if part.id != item.line:
        unit.drop(ITEMS, item.id)
        unit.put(ITEMS, replace(item, id=f"{item.parcel}/{part.id}", line=part.id))
    await _from_totes(unit, item.shipment, item.sku, item.quantity, f"parcel:{item.parcel}", "pack")
    return part


async def _expect(unit: Unit, parcel: Parcel, items: Sequence[ParcelItem], carton: str) -> tuple[int, int]:
    """Give the expected weight and its tolerance in mg; -1, -1 while a SKU's weight is not known."""
    skus = await unit.many(SKUS, [item.sku for item in items])
    if any(sku.weight_mg < 0 for sku in skus.values()):
        return -1, -1
    site = await unit.get(SITES, parcel.site)
    box = await unit.find(CARTONS, carton) if carton else None
    policy = rules.weight_policy(site.policy)
    should = weight.expected(rules.contents(items, skus), rules.package(box, site.policy), policy)
    return should.mg, weight.tolerance_mg(should, policy)


async def reopen_parcel(unit: Unit, command: ReopenParcel) -> str:
    """Carry out ReopenParcel: its goods go back into a tote of its own name, its lines are to be packed again."""
    parcel = await unit.get(PARCELS, command.parcel)
    shipment = await unit.get(SHIPMENTS, parcel.shipment)
    unit.put(PARCELS, replace(emptied(parcel), state=PARCEL.next(parcel.state, "reopen")))
    await unpack(unit, parcel)
    unit.emit(ParcelReopened(parcel.id, parcel.order, unit.actor.user), f"floor:{parcel.site}")
    return shipment.id


def emptied(parcel: Parcel) -> Parcel:
    """Forget what a parcel weighed and that it was accepted."""
    return replace(
        parcel, expected_mg=-1, tolerance_mg=-1, weight_g=-1, accepted_by="", accepted_reason="", tracking=""
    )


async def unpack(unit: Unit, parcel: Parcel) -> None:
    """Take goods and lines of a parcel back to before it was closed: they stand beside it as a tote of its SSCC."""
    from_parcel = await unit.where(BALANCES, place=f"parcel:{parcel.id}")
    for here in from_parcel:
        if here.quantity:
            target = f"tote:{parcel.sscc}"
            await stock.move(
                unit, here.sku, here.place, target, here.quantity, reason="unpack", ref=parcel.id, lot=here.lot
            )
    items = await unit.where(ITEMS, parcel=parcel.id)
    for item in items:
        unit.drop(ITEMS, item.id)
    found = await unit.many(LINES, [item.line for item in items])
    await order_lines.advance(unit, [x for x in found.values() if x.state is State.PACKED], "unpack")
    await _as_tote(unit, parcel)


async def _as_tote(unit: Unit, parcel: Parcel) -> None:
    """Let the station find the unpacked goods as it finds those of any tote."""
    unit.put(TOTES_IN_USE, ToteUse(parcel.sscc, parcel.site, parcel.order, parcel.shipment, "", "", unit.at))
