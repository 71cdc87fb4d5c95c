"""What packing does because of others: a cancelled line's parcel is void, and its goods go back to their bins."""

from __future__ import annotations

from msgspec.structs import replace

from server.db.unit import Unit
from server.orders.model import LineChanged, State
from server.orders.store import LINES, SHIPMENTS
from server.packing import actions
from server.packing.model import PARCEL, ParcelItem, ParcelVoided
from server.packing.store import ITEMS, PARCELS
from server.picking import returns

COMING = frozenset({State.ALLOCATED, State.RELEASED, State.PICKING, State.WITHDRAWING, State.PICKED})
"""States of lines that the station still waits for."""
GONE = frozenset({State.CANCELLED, State.BACK_ORDERED, State.ON_HOLD, State.PAID})
"""States in which a line has left its shipment, or does not count in it any more."""


async def line_changed(unit: Unit, event: LineChanged) -> None:
    """LineChanged: a picked or packed line was cancelled; with the last one that was to come, nothing is left open."""
    if event.state == State.CANCELLED and event.was in {State.PICKED, State.PACKED}:
        await _cancelled(unit, event)
    for shipment in {event.shipment, event.was_shipment} - {""} if event.state in GONE else ():
        await _tidy(unit, shipment)


async def _cancelled(unit: Unit, event: LineChanged) -> None:
    """Take the line's goods out of their parcels; what else lay in a closed one is packed anew."""
    items = await _items(unit, event)
    for parcel_id in sorted({item.parcel for item in items}) if event.was == State.PACKED else ():
        await _void(unit, parcel_id)
    if event.was == State.PACKED:
        await returns.to_bins(unit, event)
    for item in items if event.was == State.PICKED else ():
        await _trim(unit, item)


async def _tidy(unit: Unit, shipment: str) -> None:
    """Where a shipment waits for nothing more, its empty parcels are void and its empty totes free."""
    if COMING & (await unit.get(SHIPMENTS, shipment)).tally.keys():
        return
    await actions.void_empty(unit, shipment)
    await returns.free_empty(unit, shipment)


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
