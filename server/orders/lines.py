"""How every station moves lines on: one function, so that shipment and order are derived in the same transaction."""

from __future__ import annotations

from collections.abc import Iterable

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


async def advance(
    unit: Unit, lines: Iterable[OrderLine], event: str, reason: str = "", *, shipment: str | None = None
) -> list[OrderLine]:
    """Let `event` happen to these lines and derive their shipments and orders; Refusal where one does not allow it.

    `shipment` moves them there ('' takes them out of theirs).
    """
    return [await _advance(unit, line, event, reason, shipment) for line in lines]


async def _advance(unit: Unit, line: OrderLine, event: str, reason: str, shipment: str | None) -> OrderLine:
    after = rules.advanced(line, event, reason)
    if shipment is not None:
        after = replace(after, shipment=shipment)
    unit.put(LINES, after)
    facts = (after.id, after.order, after.shipment, line.shipment, after.sku, after.quantity)
    unit.emit(LineChanged(*facts, state=after.state, was=line.state, reason=after.reason))
    await _tally(unit, line, after)
    return after


async def _tally(unit: Unit, before: OrderLine | None, after: OrderLine) -> None:
    """Count a line over from one state to another in its order and shipments: no line is read again."""
    if not after.goods:
        return
    order = await unit.get(ORDERS, after.order)
    tally = rules.counted(order.tally, before.state if before else None, after.state)
    state = rules.together(tally)
    unit.put(ORDERS, replace(order, tally=tally, state=state, version=order.version + 1))
    if state is not order.state:
        unit.emit(OrderChanged(order.id, state, order.state))
    old = before.shipment if before else ""
    for shipment_id in dict.fromkeys(s for s in (old, after.shipment) if s):
        was = before.state if before and old == shipment_id else None
        now = after.state if after.shipment == shipment_id else None
        await _tally_shipment(unit, shipment_id, was, now)


async def _tally_shipment(unit: Unit, shipment_id: str, was: State | None, now: State | None) -> None:
    shipment = await unit.get(SHIPMENTS, shipment_id)
    tally = rules.counted(shipment.tally, was, now)
    state = rules.together(tally)
    unit.put(SHIPMENTS, replace(shipment, tally=tally, state=state, version=shipment.version + 1))
    if state is not shipment.state:
        audience = f"floor:{shipment.site}"
        unit.emit(ShipmentChanged(shipment_id, shipment.order, shipment.site, state, shipment.state), audience)


async def enter(unit: Unit, lines: Iterable[OrderLine]) -> None:
    """Store new lines of an order that is already stored, and count them."""
    for line in lines:
        unit.put(LINES, line)
        await _tally(unit, None, line)


async def cut(unit: Unit, line: OrderLine, quantity: int) -> tuple[OrderLine | None, OrderLine]:
    """Split `quantity` units off a line and store both; gives (rest or None, part)."""
    if quantity == line.quantity:
        return None, line
    rest, part = rules.split(line, quantity, ulid(unit.at))
    unit.put(LINES, rest, part)
    await _tally(unit, None, part)
    return rest, part


def is_open(line: OrderLine) -> bool:
    """Tell whether a line still wants something of the house."""
    return line.goods and line.state not in {State.CANCELLED, State.SHIPPED}
