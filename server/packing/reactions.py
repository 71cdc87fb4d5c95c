"""What packing does because of others: a cancelled line's parcel is opened, and its goods go back to their bins."""

from __future__ import annotations

from msgspec.structs import replace

from server.db.unit import Unit
from server.orders.model import LineChanged, State
from server.packing import actions
from server.packing.model import PARCEL
from server.packing.store import ITEMS, PARCELS
from server.picking import returns
from server.picking.store import PICKS


async def line_changed(unit: Unit, event: LineChanged) -> None:
    """LineChanged: a packed line was cancelled. Its parcel is void; what else lay in it is packed anew."""
    if (event.was, event.state) != (State.PACKED, State.CANCELLED):
        return
    items = await unit.where(ITEMS, line=event.line)
    for parcel_id in {item.parcel for item in items}:
        parcel = await unit.get(PARCELS, parcel_id)
        unit.put(PARCELS, replace(actions.emptied(parcel), state=PARCEL.next(parcel.state, "void")))
        await actions.unpack(unit, parcel)
        for pick in await unit.where(PICKS, shipment=parcel.shipment, sku=event.sku):
            if pick.picked:
                back = replace(pick, picked=event.quantity, tote=parcel.sscc, line=event.line)
                await returns.to_bin(unit, back)
                break
