"""One order as the office sees it, with its whole history; the list is in search.py."""

from __future__ import annotations

from typing import Any

import msgspec

from server.db.engine import Database
from server.db.reads import load, one
from server.orders import search
from server.orders.search import OrderRow
from server.orders.store import LINES, ORDERS, SHIPMENTS
from server.protocol.base import View

HISTORY = """
SELECT j.position, j.at, j.kind, j.body, coalesce(u.name, j."user") AS who, j.device,
       coalesce(d.name, '') AS device_name, coalesce(d.kind, '') AS device_kind
FROM journal j LEFT JOIN users u ON u.id = j."user" LEFT JOIN device d ON d.id = j.device
WHERE j.thread = ? ORDER BY j.position
"""
PARCELS = """
SELECT id, sscc, shipment, state, carrier, tracking, weight_g, opened_at
FROM parcel WHERE "order" = ? ORDER BY opened_at
"""


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


class ParcelHead(View, frozen=True):
    """One parcel of an order."""

    id: str
    sscc: str
    shipment: str
    state: str
    carrier: str
    tracking: str
    weight_g: int
    opened_at: int


class Happened(View, frozen=True):
    """One event in an order's history: who, at which device; `facts` are its fields."""

    position: int
    at: int
    kind: str
    who: str
    device: str
    device_name: str
    device_kind: str
    facts: dict[str, object]


class OrderView(View, frozen=True):
    """One order with lines, shipments, parcels and history."""

    order: OrderRow
    note: str
    ship_to: str
    lines: tuple[OrderLineView, ...]
    shipments: tuple[ShipmentView, ...]
    parcels: tuple[ParcelHead, ...]
    history: tuple[Happened, ...]


async def order_view(database: Database, order_id: str) -> OrderView:
    """Give one order; Refusal `not_found`."""
    order = await one(database, ORDERS, order_id)
    lines = sorted(await load(database, LINES, "order", [order_id]), key=lambda x: (x.number, x.id))
    shipments = await load(database, SHIPMENTS, "order", [order_id])
    parcels = await database.read(PARCELS, (order_id,))
    history = await database.read(HISTORY, (order_id,))
    address = order.address
    head = [name for name in (address.name, address.street, address.city, address.country) if name] if address else []
    return OrderView(
        order=await search.row(database, order_id),
        note=order.note,
        ship_to=", ".join(head),
        lines=tuple(msgspec.convert(x, OrderLineView, from_attributes=True) for x in lines),
        shipments=tuple(msgspec.convert(x, ShipmentView, from_attributes=True) for x in shipments),
        parcels=tuple(ParcelHead(**row) for row in parcels),
        history=tuple(_happened(row) for row in history),
    )


def _happened(row: dict[str, Any]) -> Happened:
    facts = msgspec.json.decode(row.pop("body"))
    return Happened(**row, facts=facts)
