"""What packing does because of others: a cancelled line's parcel is void, and its goods go back to their bins."""

from __future__ import annotations

from msgspec.structs import replace

from server.db.unit import Unit
from server.orders.model import LineChanged, State
from server.orders.store import LINES, SHIPMENTS
from server.packing import actions
from server.packing.model import PARCEL, ParcelItem, ParcelState, ParcelVoided
from server.packing.store import ITEMS, PARCELS
from server.picking import returns


async def line_changed(unit: Unit, event: LineChanged) -> None:
    """LineChanged: a picked or packed line was cancelled; what else lay in a closed parcel is packed anew."""
    if event.state != State.CANCELLED or event.was not in {State.PICKED, State.PACKED}:
        return
    items = await _items(unit, event)
    for parcel_id in sorted({item.parcel for item in items}) if event.was == State.PACKED else ():
        await _void(unit, parcel_id)
    if event.was == State.PACKED:
        await returns.to_bins(unit, event)
    for item in items if event.was == State.PICKED else ():
        await _trim(unit, item)
    if (await unit.get(SHIPMENTS, event.shipment)).state is State.CANCELLED:
        for parcel in await unit.where(PARCELS, shipment=event.shipment, state=str(ParcelState.OPEN)):
            unit.put(PARCELS, replace(parcel, state=PARCEL.next(parcel.state, "void")))


async def _items(unit: Unit, event: LineChanged) -> list[ParcelItem]:
    """Give what parcels hold of a line; for a part that was cut off one, the items that have more than their line."""
    found = await unit.where(ITEMS, line=event.line)
    same = [item for item in await unit.where(ITEMS, shipment=event.shipment) if item.sku == event.sku]
    return found or [item for item in same if item.quantity > (await unit.get(LINES, item.line)).quantity]


async def _void(unit: Unit, parcel_id: str) -> None:
    parcel = await unit.get(PARCELS, parcel_id)
    void = replace(actions.emptied(parcel), state=PARCEL.next(parcel.state, "void"), manifest="")
    unit.put(PARCELS, void)
    await actions.unpack(unit, parcel)
    fact = ParcelVoided(parcel.id, parcel.order, parcel.site, parcel.manifest, max(0, parcel.weight_g))
    unit.emit(fact, f"floor:{parcel.site}", f"station:{parcel.station}")


async def _trim(unit: Unit, item: ParcelItem) -> None:
    """Take out of an open parcel what its line does not want any more."""
    line = await unit.get(LINES, item.line)
    wanted = line.quantity if line.state is State.PICKED else 0
    unit.drop(ITEMS, item.id)
    if wanted:
        unit.put(ITEMS, replace(item, quantity=min(item.quantity, wanted)))
