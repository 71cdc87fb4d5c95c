"""Orders as the office sees them: a list to search, and one order with its whole history."""

from __future__ import annotations

from typing import Any

import msgspec

from server.db.engine import Database
from server.db.reads import load, one
from server.orders.store import LINES, ORDERS, SHIPMENTS
from server.protocol.base import View

LIST = """
SELECT o.id, o.channel, o.name, o.placed_at, o.state, o.payment, o.total, o.currency, o.reason,
       coalesce(c.name, '') AS customer,
       (SELECT count(*) FROM order_line l WHERE l."order" = o.id AND l.goods) AS lines
FROM orders o LEFT JOIN customer c ON c.id = o.customer
WHERE (? = '' OR o.state = ?) AND (? = '' OR o.name LIKE ? OR o.external_id = ? OR c.name LIKE ?)
ORDER BY o.placed_at DESC, o.id LIMIT ? OFFSET ?
"""
HISTORY = """
SELECT j.position, j.at, j.kind, j.body, coalesce(u.name, j."user") AS who, j.device
FROM journal j LEFT JOIN users u ON u.id = j."user" WHERE j.thread = ? ORDER BY j.position
"""


class OrderRow(View, frozen=True):
    """One order in a list. `total` in minor units."""

    id: str
    channel: str
    name: str
    placed_at: int
    state: str
    payment: str
    total: int
    currency: str
    reason: str
    customer: str
    lines: int


class OrderLineView(View, frozen=True):
    """One line of an order."""

    id: str
    code: str
    sku: str
    description: str
    quantity: int
    unit_price: int
    goods: bool
    state: str
    reason: str
    shipment: str


class ShipmentView(View, frozen=True):
    """One shipment of an order."""

    id: str
    site: str
    carrier: str
    state: str
    wave: str
    tracking: str
    cut_off: int


class Happened(View, frozen=True):
    """One event in an order's history; `facts` are its fields."""

    position: int
    at: int
    kind: str
    who: str
    device: str
    facts: dict[str, object]


class OrderView(View, frozen=True):
    """One order with lines, shipments and history."""

    order: OrderRow
    note: str
    ship_to: str
    lines: tuple[OrderLineView, ...]
    shipments: tuple[ShipmentView, ...]
    history: tuple[Happened, ...]


async def search(
    database: Database, query: str = "", state: str = "", limit: int = 100, offset: int = 0
) -> list[OrderRow]:
    """Give orders, newest first: by state, and by number, channel's id or buyer's name."""
    like = f"%{query}%"
    rows = await database.read(LIST, (state, state, query, like, query, like, limit, offset))
    return [OrderRow(**row) for row in rows]


async def order_view(database: Database, order_id: str) -> OrderView:
    """Give one order; Refusal `not_found`."""
    order = await one(database, ORDERS, order_id)
    lines = sorted(await load(database, LINES, "order", [order_id]), key=lambda x: (x.number, x.id))
    shipments = await load(database, SHIPMENTS, "order", [order_id])
    history = await database.read(HISTORY, (order_id,))
    address = order.address
    head = [name for name in (address.name, address.street, address.city, address.country) if name] if address else []
    fields = {name: getattr(order, name) for name in OrderRow.__struct_fields__ if name not in {"customer", "lines"}}
    row = OrderRow(**fields, customer=address.name if address else "", lines=sum(x.goods for x in lines))
    return OrderView(
        order=row,
        note=order.note,
        ship_to=", ".join(head),
        lines=tuple(msgspec.convert(x, OrderLineView, from_attributes=True) for x in lines),
        shipments=tuple(msgspec.convert(x, ShipmentView, from_attributes=True) for x in shipments),
        history=tuple(_happened(row) for row in history),
    )


def _happened(row: dict[str, Any]) -> Happened:
    facts = msgspec.json.decode(row.pop("body"))
    return Happened(**row, facts=facts)
