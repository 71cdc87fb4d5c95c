"""The one order that every channel makes of its payload, and what is no order but must not be dropped."""

from __future__ import annotations

from collections.abc import Iterator

import msgspec

from server.kernel.rows import Rejected

__all__ = [
    "Incoming",
    "IncomingAddress",
    "IncomingLine",
    "IncomingOrder",
    "Parsed",
    "Rejected",
    "Returned",
    "ReturnedLine",
]


class IncomingLine(msgspec.Struct, frozen=True):
    """One line as ordered: `code` is the seller's SKU, prices and `tax` minor units.

    `tax` is of the whole line. `goods` is False for a service line: postage, a discount, a fee. Only
    goods are allocated and picked.
    """

    external_id: str
    code: str
    description: str
    quantity: int
    unit_price: int
    goods: bool
    barcode: str = ""
    tax: int = 0


class IncomingAddress(msgspec.Struct, frozen=True):
    """Where to ship.

    `street` is joined by newlines; `country` is ISO 3166 alpha-2 where known, else the name given.
    """

    name: str = ""
    company: str = ""
    street: str = ""
    city: str = ""
    region: str = ""
    postcode: str = ""
    country: str = ""
    phone: str = ""
    email: str = ""
    latitude: float | None = None
    longitude: float | None = None


class IncomingOrder(msgspec.Struct, frozen=True):
    """An order at one revision.

    `revision` compares as text: of two, the greater is the later where the channel tells a time, else it
    only tells them apart. `placed_at` is in ms, `total` in minor units, `payment` one of paid, pending,
    on_account, cancelled. `customer_ref` is the channel's id of the buyer ('' = guest); `name` is the order
    number that people use.
    """

    channel: str
    external_id: str
    revision: str
    name: str
    placed_at: int
    currency: str
    lines: tuple[IncomingLine, ...]
    total: int
    payment: str = "paid"
    customer_ref: str = ""
    customer_name: str = ""
    email: str = ""
    address: IncomingAddress | None = None
    note: str = ""
    cancelled: bool = False
    priority: int = 0
    shipping_method: str = ""


class ReturnedLine(msgspec.Struct, frozen=True):
    """What came back or was written off: `quantity` is above zero, `unit_price` in minor units."""

    code: str
    description: str
    quantity: int
    unit_price: int


class Returned(msgspec.Struct, frozen=True):
    """What came back, counted and kept for the returns station.

    `kind` is cancellation, negative (a line of an order) or write_off; `name` the order or refund.
    """

    channel: str
    external_id: str
    name: str
    at: int
    lines: tuple[ReturnedLine, ...]
    kind: str
    reason: str = ""


Incoming = IncomingOrder | Returned | Rejected
Parsed = Iterator[Incoming]
