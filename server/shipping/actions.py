"""Labels, the door, the manifest."""

from __future__ import annotations

from collections import Counter

from msgspec.structs import replace

from server.db.unit import Unit
from server.jobs.actions import enqueue
from server.kernel.ids import ulid
from server.kernel.refusal import Refusal
from server.orders import lines as order_lines
from server.orders.model import State
from server.orders.store import LINES, ORDERS, SHIPMENTS
from server.packing.model import PARCEL, Parcel, ParcelState, ParcelVoided
from server.packing.rules import require_verified
from server.packing.store import ITEMS, PARCELS
from server.protocol.packing import PrintLabel, VoidLabel
from server.protocol.shipping import CloseManifest, LoadParcel, OpenManifest, SetTracking, Unship
from server.shipping import rules
from server.shipping.carriers import carrier
from server.shipping.model import (
    MANIFEST,
    LabelPrinted,
    LabelStuck,
    LabelVoided,
    Manifest,
    ManifestClosed,
    ManifestState,
    ParcelLoaded,
    ParcelShipped,
    ParcelUnshipped,
    ShipParcel,
    TellStuck,
)
from server.shipping.store import MANIFESTS
from server.sites.store import SITES, STATIONS
from server.stock import actions as stock
from server.stock.model import CUSTOMER
from server.stock.store import BALANCES, MOVES


async def print_label(unit: Unit, command: PrintLabel) -> str:
    """Carry out PrintLabel; gives the shipment's id. The first call labels the parcel, later ones reprint it."""
    parcel = await unit.get(PARCELS, command.parcel)
    require_verified(parcel)
    station = await unit.get(STATIONS, command.station or parcel.station)
    if not station.printer:
        raise Refusal("no_printer", station=station.id)
    reprint = parcel.state is ParcelState.LABELLED
    if not reprint:
        tracking = parcel.tracking or carrier(parcel.carrier).tracking(parcel)
        parcel = replace(parcel, state=PARCEL.next(parcel.state, "label"), tracking=tracking)
    number = parcel.prints + 1
    unit.put(PARCELS, replace(parcel, prints=number))
    where = {"printer": station.printer, "station": station.id, "user": unit.actor.user}
    await enqueue(
        unit, "print_label", {"parcel": parcel.id, "number": number, **where}, key=f"label:{parcel.id}:{number}"
    )
    fact = LabelPrinted(parcel.id, parcel.order, parcel.site, station.printer, reprint)
    unit.emit(fact, f"floor:{parcel.site}", f"station:{station.id}")
    return parcel.shipment


async def tell_stuck(unit: Unit, command: TellStuck) -> None:
    """Carry out TellStuck."""
    parcel = await unit.get(PARCELS, command.parcel)
    fact = LabelStuck(parcel.id, parcel.order, command.station, command.error)
    unit.emit(fact, f"user:{command.user}", f"station:{command.station}")


async def void_label(unit: Unit, command: VoidLabel) -> str:
    """Carry out VoidLabel; gives the shipment's id."""
    parcel = await unit.get(PARCELS, command.parcel)
    unit.put(PARCELS, replace(parcel, state=PARCEL.next(parcel.state, "void_label"), tracking=""))
    unit.emit(LabelVoided(parcel.id, parcel.order, command.reason), f"floor:{parcel.site}")
    return parcel.shipment


async def set_tracking(unit: Unit, command: SetTracking) -> str:
    """Carry out SetTracking; gives the shipment's id."""
    parcel = await unit.get(PARCELS, command.parcel)
    if parcel.state in {ParcelState.SHIPPED, ParcelState.VOID}:
        raise Refusal("already_shipped", parcel=parcel.id)
    unit.put(PARCELS, replace(parcel, tracking=command.number))
    return parcel.shipment


async def open_manifest(unit: Unit, command: OpenManifest) -> str:
    """Carry out OpenManifest; gives the id of the carrier's open load at this site, a new one if there is none."""
    await unit.get(SITES, command.site)
    carrier(command.carrier)
    for manifest in await unit.where(MANIFESTS, site=command.site, state=str(ManifestState.OPEN)):
        if manifest.carrier == command.carrier:
            return manifest.id
    fresh = Manifest(
        ulid(unit.at), command.site, command.carrier, ManifestState.OPEN, unit.at, 0, unit.actor.user, 0, 0
    )
    unit.put(MANIFESTS, fresh)
    return fresh.id


async def load_parcel(unit: Unit, command: LoadParcel) -> str:
    """Carry out LoadParcel; gives the manifest's id."""
    manifest = await unit.get(MANIFESTS, command.manifest)
    found = await unit.where(PARCELS, sscc=rules.sscc_of(command.code))
    if not found:
        raise Refusal("unknown_barcode", scanned=command.code, expected="a parcel label")
    [parcel] = found
    order = await unit.get(ORDERS, parcel.order)
    rules.require_loadable(parcel, manifest, order)
    unit.put(PARCELS, replace(parcel, state=PARCEL.next(parcel.state, "load"), manifest=manifest.id))
    grams = manifest.grams + max(0, parcel.weight_g)
    unit.put(MANIFESTS, replace(manifest, parcels=manifest.parcels + 1, grams=grams))
    unit.emit(ParcelLoaded(parcel.id, parcel.order, manifest.id, parcel.site), f"floor:{parcel.site}")
    return manifest.id


async def close_manifest(unit: Unit, command: CloseManifest) -> str:
    """Carry out CloseManifest: a job a parcel posts what has left; gives the manifest's id."""
    manifest = await unit.get(MANIFESTS, command.manifest)
    if command.count and command.count != manifest.parcels:
        raise Refusal("count_differs", counted=command.count, loaded=manifest.parcels)
    if not manifest.parcels:
        raise Refusal("zero_quantity", manifest=manifest.id)
    closed = replace(manifest, state=MANIFEST.next(manifest.state, "close"), closed_at=unit.at)
    unit.put(MANIFESTS, closed)
    for parcel in await unit.where(PARCELS, manifest=manifest.id):
        await enqueue(unit, "ship_parcel", {"parcel": parcel.id}, key=f"ship:{manifest.id}:{parcel.id}")
    counts = (manifest.parcels, manifest.grams)
    unit.emit(ManifestClosed(manifest.id, manifest.site, manifest.carrier, *counts), f"floor:{manifest.site}")
    return manifest.id


async def ship_parcel(unit: Unit, command: ShipParcel) -> None:
    """Carry out ShipParcel: goods go to the customer, lines are shipped, the shipment has its tracking number.

    A parcel that came off the load meanwhile stays.
    """
    parcel = await unit.get(PARCELS, command.parcel)
    if parcel.state is not ParcelState.LOADED:
        return
    unit.put(PARCELS, replace(parcel, state=PARCEL.next(parcel.state, "ship")))
    for here in await unit.where(BALANCES, place=f"parcel:{parcel.id}"):
        if here.quantity:
            await stock.move(
                unit, here.sku, here.place, CUSTOMER, here.quantity, reason="ship", ref=parcel.id, lot=here.lot
            )
    shipment = await unit.get(SHIPMENTS, parcel.shipment)
    unit.put(SHIPMENTS, replace(shipment, tracking=parcel.tracking))
    await _lines(unit, parcel, State.PACKED, "ship")
    facts = (parcel.order, parcel.shipment, parcel.site, parcel.carrier, parcel.tracking)
    unit.emit(ParcelShipped(parcel.id, *facts), f"floor:{parcel.site}")


async def unship(unit: Unit, command: Unship) -> str:
    """Carry out Unship: the parcel stands at the door again; gives the shipment's id."""
    parcel = await unit.get(PARCELS, command.parcel)
    state = PARCEL.next(parcel.state, "unship" if parcel.state is ParcelState.SHIPPED else "unload")
    unit.put(PARCELS, replace(parcel, state=state, manifest=""))
    if parcel.state is ParcelState.SHIPPED:
        await _take_back(unit, parcel)
        await _lines(unit, parcel, State.SHIPPED, "unship")
    else:
        await _off_load(unit, parcel.manifest, max(0, parcel.weight_g))
    unit.emit(ParcelUnshipped(parcel.id, parcel.order, command.reason), f"floor:{parcel.site}")
    return parcel.shipment


async def _take_back(unit: Unit, parcel: Parcel) -> None:
    """Undo the moves to the customer, lot by lot, as the ledger has them."""
    out: Counter[tuple[str, str]] = Counter()
    for move in await unit.where(MOVES, concerns=parcel.id):
        out[move.sku, move.lot] += move.quantity * ((move.target == CUSTOMER) - (move.source == CUSTOMER))
    for (sku, lot), units in out.items():
        if units:
            await stock.move(unit, sku, CUSTOMER, f"parcel:{parcel.id}", units, reason="unship", ref=parcel.id, lot=lot)


async def voided(unit: Unit, event: ParcelVoided) -> None:
    """ParcelVoided: it comes off the load it was on; Refusal `on_the_road` where that load has left with it."""
    if event.manifest:
        rules.require_here(await unit.get(MANIFESTS, event.manifest), event.parcel)
        await _off_load(unit, event.manifest, event.grams)


async def _off_load(unit: Unit, manifest: str, grams: int) -> None:
    load = await unit.get(MANIFESTS, manifest)
    unit.put(MANIFESTS, replace(load, parcels=load.parcels - 1, grams=load.grams - grams))


async def _lines(unit: Unit, parcel: Parcel, state: State, event: str) -> None:
    """Move on the lines that lie in a parcel."""
    items = await unit.where(ITEMS, parcel=parcel.id)
    found = await unit.many(LINES, [item.line for item in items])
    await order_lines.advance(unit, [line for line in found.values() if line.state is state], event)
