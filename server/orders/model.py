"""Orders, their lines, and shipments (order x warehouse): structs, states, events, commands."""

from __future__ import annotations

from enum import StrEnum
from typing import Literal

import msgspec

from server.db.event import Event
from server.kernel.machine import Machine
from server.orders.incoming import IncomingAddress, IncomingOrder, Returned
from server.protocol.base import Command

Payment = Literal["pending", "paid", "on_account", "refunded", "cancelled"]


class State(StrEnum):
    """Where a line, and the shipment it goes with, stands."""

    RECEIVED = "received"
    PAID = "paid"
    ON_HOLD = "on_hold"
    BACK_ORDERED = "back_ordered"
    ALLOCATED = "allocated"
    RELEASED = "released"
    PICKING = "picking"
    WITHDRAWING = "withdrawing"
    PICKED = "picked"
    PACKED = "packed"
    SHIPPED = "shipped"
    CANCELLED = "cancelled"


S = State
LINE: Machine[State] = Machine(
    "line",
    S.RECEIVED,
    {
        (S.RECEIVED, "pay"): S.PAID,
        (S.RECEIVED, "hold"): S.ON_HOLD,
        (S.RECEIVED, "cancel"): S.CANCELLED,
        (S.PAID, "allocate"): S.ALLOCATED,
        (S.PAID, "back_order"): S.BACK_ORDERED,
        (S.PAID, "hold"): S.ON_HOLD,
        (S.PAID, "cancel"): S.CANCELLED,
        (S.ON_HOLD, "resume"): S.RECEIVED,
        (S.ON_HOLD, "cancel"): S.CANCELLED,
        (S.BACK_ORDERED, "allocate"): S.ALLOCATED,
        (S.BACK_ORDERED, "hold"): S.ON_HOLD,
        (S.BACK_ORDERED, "cancel"): S.CANCELLED,
        (S.ALLOCATED, "release"): S.RELEASED,
        (S.ALLOCATED, "free"): S.PAID,
        (S.ALLOCATED, "hold"): S.ON_HOLD,
        (S.ALLOCATED, "cancel"): S.CANCELLED,
        (S.RELEASED, "take"): S.PICKING,
        (S.RELEASED, "recall"): S.ALLOCATED,
        (S.RELEASED, "short"): S.BACK_ORDERED,
        (S.RELEASED, "cancel"): S.CANCELLED,
        (S.PICKING, "hand_back"): S.RELEASED,
        (S.PICKING, "pick"): S.PICKED,
        (S.PICKING, "short"): S.BACK_ORDERED,
        (S.PICKING, "withdraw"): S.WITHDRAWING,
        (S.WITHDRAWING, "withdrawn"): S.CANCELLED,
        (S.PICKED, "undo"): S.PICKING,
        (S.PICKED, "pack"): S.PACKED,
        (S.PICKED, "missing"): S.BACK_ORDERED,
        (S.PICKED, "cancel"): S.CANCELLED,
        (S.PACKED, "unpack"): S.PICKED,
        (S.PACKED, "cancel"): S.CANCELLED,
        (S.PACKED, "ship"): S.SHIPPED,
        (S.SHIPPED, "unship"): S.PACKED,
    },
)
"""What may happen to a line. A shipment and an order have no machine of their own: theirs is derived."""

PROGRESS: tuple[State, ...] = (
    S.ON_HOLD,
    S.RECEIVED,
    S.BACK_ORDERED,
    S.PAID,
    S.ALLOCATED,
    S.RELEASED,
    S.WITHDRAWING,
    S.PICKING,
    S.PICKED,
    S.PACKED,
    S.SHIPPED,
)
"""From least to most advanced: what several lines are together is the least of them."""


class Order(msgspec.Struct, frozen=True):
    """An order as the buyer sees it. `total` in minor units of `currency`; `version` grows with every change.

    `tally` counts its goods lines per state: `state` is derived from it without reading them. `reason` says why
    the office holds it ('' = it does not).
    """

    id: str
    channel: str
    external_id: str
    revision: str
    name: str
    placed_at: int
    currency: str
    customer: str
    address: IncomingAddress | None
    payment: str
    total: int
    note: str
    priority: int
    shipping_method: str
    state: State
    tally: dict[State, int]
    reason: str
    version: int
    created_at: int


class OrderLine(msgspec.Struct, frozen=True):
    """Units of one SKU that travel together. Splitting a line makes two rows of the same `number`.

    `reason` says why it is on hold, back-ordered or cancelled; `shipment` is '' until it is allocated.
    """

    id: str
    order: str
    number: int
    external_id: str
    code: str
    sku: str
    description: str
    quantity: int
    unit_price: int
    goods: bool
    state: State
    shipment: str
    reason: str


class Shipment(msgspec.Struct, frozen=True):
    """What of an order one warehouse sends. `cut_off` is when its carrier leaves (ms UTC)."""

    id: str
    order: str
    site: str
    carrier: str
    cut_off: int
    priority: int
    state: State
    tally: dict[State, int]
    wave: str
    tracking: str
    version: int


class Return(msgspec.Struct, frozen=True):
    """A cancellation or negative line a channel sent: counted and kept for the returns station."""

    id: str
    channel: str
    external_id: str
    name: str
    at: int
    kind: str
    code: str
    description: str
    quantity: int
    unit_price: int


class ChannelSettings(msgspec.Struct, frozen=True):
    """A channel's settings: `kind` names its file in channels/, `secret` signs what goes in and out.

    `url` is told of tracking numbers and stock ('' = nobody); `pushed` is when stock was last told (ms UTC).
    """

    id: str
    kind: str
    secret: str
    url: str
    active: bool
    pushed: int


class PutChannel(Command, frozen=True):
    """Make a channel as given, new or changed; a secret of '' leaves the one it has."""

    id: str
    kind: str
    secret: str = ""
    url: str = ""
    active: bool = True


class StockTold(Command, frozen=True):
    """A channel has accepted available quantities as of `at` (ms UTC). A job's command."""

    channel: str
    at: int


class ImportOrder(Command, frozen=True):
    """Take a channel's order: new, an amendment (a later revision), or the same again."""

    order: IncomingOrder


class ImportReturn(Command, frozen=True):
    """Keep a cancellation or negative lines that a channel sent."""

    returned: Returned


class CancelOrder(Command, frozen=True):
    """Cancel what has not left the house; what is on the floor is withdrawn."""

    order: str
    reason: str = ""


class HoldOrder(Command, frozen=True):
    """Keep an order from the floor and from the door; what a picker has in hand goes on as far as the tote."""

    order: str
    reason: str


class ResumeOrder(Command, frozen=True):
    """Let a held order go on."""

    order: str


class OrderReceived(Event, frozen=True):
    """A channel's order is in the house."""

    order: str
    channel: str
    external_id: str
    lines: int
    payment: str


class OrderAmended(Event, frozen=True):
    """A later revision of an order was carried out."""

    order: str
    revision: str
    payment: str


class ReturnReceived(Event, frozen=True):
    """A channel sent a cancellation or negative lines: kept for the returns station."""

    external_id: str
    channel: str
    kind: str
    lines: int


class HoldChanged(Event, frozen=True):
    """The office holds an order, for this reason; '' = it goes on."""

    order: str
    reason: str


class OrderChanged(Event, frozen=True):
    """The order's derived state changed."""

    order: str
    state: str
    was: str


class LineChanged(Event, frozen=True):
    """A line went from one state to another; `reason` where there is one, `was_shipment` if that changed too."""

    line: str
    order: str
    shipment: str
    was_shipment: str
    sku: str
    quantity: int
    state: str
    was: str
    reason: str


class ShipmentChanged(Event, frozen=True):
    """The shipment's derived state changed."""

    shipment: str
    order: str
    site: str
    state: str
    was: str
