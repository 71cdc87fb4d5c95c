"""How every station moves lines on: one function, so that shipment and order are derived in the same transaction."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from msgspec.structs import replace

from server.db.unit import Unit
from server.kernel.ids import ulid
from server.orders import rules
from server.orders.model import LineChanged, OrderChanged, OrderLine, ShipmentChanged, State
from server.orders.store import LINES, ORDERS, SHIPMENTS


async def of_order(unit: Unit, order: str) -> list[OrderLine]:
    """Give all lines of an order, service lines included."""
    return await unit.where(LINES, order=order)


async def of_shipment(unit: Unit, shipment: str) -> list[OrderLine]:
    """Give the lines of a shipment."""
    return await unit.where(LINES, shipment=shipment)


async def advance(unit: Unit, lines: Iterable[OrderLine], event: str, reason: str = "") -> list[OrderLine]:
    """Let `event` happen to these lines and derive their shipments and orders; Refusal where one does not allow it.

    The lines given are stored as they are (shipment or quantity may have been set by the caller).
    """
    changed = [(line, rules.advanced(line, event, reason)) for line in lines]
    for before, after in changed:
        unit.put(LINES, after)
        unit.emit(
            LineChanged(
                after.id,
                after.order,
                after.shipment,
                after.sku,
                after.quantity,
                after.state,
                before.state,
                after.reason,
            )
        )
    await derive(unit, [after for _, after in changed])
    return [after for _, after in changed]


async def derive(unit: Unit, lines: Sequence[OrderLine]) -> None:
    """Set what shipments and orders of these lines are together; say so where that changed."""
    for order_id in dict.fromkeys(line.order for line in lines):
        family = await of_order(unit, order_id)
        for shipment_id in dict.fromkeys(line.shipment for line in lines if line.order == order_id and line.shipment):
            await _derive_shipment(unit, shipment_id, [x for x in family if x.shipment == shipment_id])
        order = await unit.get(ORDERS, order_id)
        state = rules.of_order(family)
        unit.put(ORDERS, replace(order, state=state, version=order.version + 1))
        if state is not order.state:
            unit.emit(OrderChanged(order_id, state, order.state))


async def _derive_shipment(unit: Unit, shipment_id: str, lines: Sequence[OrderLine]) -> None:
    shipment = await unit.get(SHIPMENTS, shipment_id)
    state = rules.together(line.state for line in lines)
    unit.put(SHIPMENTS, replace(shipment, state=state, version=shipment.version + 1))
    if state is not shipment.state:
        audience = f"floor:{shipment.site}"
        unit.emit(ShipmentChanged(shipment_id, shipment.order, shipment.site, state, shipment.state), audience)


def cut(unit: Unit, line: OrderLine, quantity: int) -> tuple[OrderLine, OrderLine]:
    """Split `quantity` units off a line and store both; gives (rest, part). The whole line is its own part."""
    if quantity == line.quantity:
        return line, line
    rest, part = rules.split(line, quantity, ulid(unit.at))
    unit.put(LINES, rest, part)
    return rest, part


def is_open(line: OrderLine) -> bool:
    """Tell whether a line still wants something of the house."""
    return line.goods and line.state not in {State.CANCELLED, State.SHIPPED}
