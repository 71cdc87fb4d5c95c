"""A shipment as the pack station shows it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from server.catalog.store import BARCODES, SKUS
from server.db.engine import Database
from server.db.reads import load, one
from server.kernel.weight import MG
from server.orders.model import Order, OrderLine, Shipment, State
from server.orders.store import LINES, ORDERS, SHIPMENTS
from server.packing.model import Parcel, ParcelItem, ParcelState
from server.packing.rules import ON_THE_FLOOR
from server.packing.store import ITEMS, PARCELS
from server.packing.suggest import suggested
from server.picking.model import ToteUse
from server.picking.store import PICKS, TOTES_IN_USE
from server.protocol.packing import PackLineView, PackView, ParcelView
from server.sites.model import Site
from server.sites.store import CARTONS, SITES

LYING = frozenset({State.PICKED, State.PACKED, State.SHIPPED})


async def pack_view(database: Database, shipment_id: str) -> PackView:
    """Give a shipment with its lines, totes (here and still missing) and parcels; Refusal `not_found`."""
    shipment = await one(database, SHIPMENTS, shipment_id)
    order = await one(database, ORDERS, shipment.order)
    site = await one(database, SITES, shipment.site)
    lines: list[OrderLine] = await load(database, LINES, "shipment", [shipment_id])
    items: list[ParcelItem] = await load(database, ITEMS, "shipment", [shipment_id])
    parcels: list[Parcel] = await load(database, PARCELS, "shipment", [shipment_id])
    totes: list[ToteUse] = await load(database, TOTES_IN_USE, "shipment", [shipment_id])
    skus = {s.id: s for s in await load(database, SKUS, "id", [line.sku for line in lines])}
    codes: dict[str, list[str]] = {}
    for barcode in await load(database, BARCODES, "sku", list(skus)):
        codes.setdefault(barcode.sku, []).append(barcode.id)
    boxes = await load(database, CARTONS, "site", [site.id, ""])
    names = {sku: (skus[sku].name, tuple(codes.get(sku, ()))) for sku in skus}
    walking = [line.id for line in lines if line.state in ON_THE_FLOOR]
    missing = {pick.task for pick in await load(database, PICKS, "line", walking)}
    return _view(
        shipment,
        order,
        site,
        carton=suggested(lines, skus, boxes),
        here=tuple(sorted(t.tote for t in totes if t.place or not t.task)),
        missing=(*sorted(t.tote for t in totes if t.task and not t.place), *sorted(missing)),
        lines=tuple(_lines(lines, items, names)),
        parcels=tuple(_parcel(p) for p in parcels if p.state is not ParcelState.VOID),
    )


def _view(
    shipment: Shipment,
    order: Order,
    site: Site,
    *,
    carton: str,
    here: tuple[str, ...],
    missing: tuple[str, ...],
    lines: tuple[PackLineView, ...],
    parcels: tuple[ParcelView, ...],
) -> PackView:
    return PackView(
        shipment=shipment.id,
        order=order.name,
        state=str(shipment.state),
        carrier=shipment.carrier,
        note=order.note,
        suggested_carton=carton,
        trust_tote=site.policy.trust_tote,
        totes_here=here,
        totes_missing=missing,
        lines=lines,
        parcels=parcels,
        open_parcel=next((p.id for p in parcels if p.state == ParcelState.OPEN), ""),
    )


def _lines(
    lines: Sequence[OrderLine], items: Sequence[ParcelItem], names: dict[str, tuple[str, tuple[str, ...]]]
) -> list[PackLineView]:
    """Add up the shipment's lines per SKU, in one pass over each: a shipment may have hundreds."""
    ordered: Counter[str] = Counter()
    picked: Counter[str] = Counter()
    packed: Counter[str] = Counter()
    for line in lines:
        if line.state is not State.CANCELLED:
            ordered[line.sku] += line.quantity
            picked[line.sku] += line.quantity if line.state in LYING else 0
    for item in items:
        packed[item.sku] += item.quantity
    return [PackLineView(sku, *names[sku], units, picked[sku], packed[sku]) for sku, units in ordered.items()]


def _parcel(parcel: Parcel) -> ParcelView:
    known = parcel.expected_mg >= 0
    return ParcelView(
        id=parcel.id,
        sscc=parcel.sscc,
        state=str(parcel.state),
        carton=parcel.carton,
        expected_grams=round(parcel.expected_mg / MG) if known else -1,
        tolerance_grams=round(parcel.tolerance_mg / MG) if known else -1,
        weight_grams=parcel.weight_g,
        cause=parcel.accepted_reason,
        tracking=parcel.tracking,
    )
