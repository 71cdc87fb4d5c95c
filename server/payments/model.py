"""Payments of orders."""

from __future__ import annotations

import msgspec

from server.db.event import Event
from server.protocol.base import Command


class PaymentRow(msgspec.Struct, frozen=True):
    """What was paid for an order: `amount` in minor units."""

    id: str
    order: str
    gateway: str
    amount: int
    currency: str
    reference: str
    state: str
    at: int


class PayOrder(Command, frozen=True):
    """Capture an order's total by a gateway, in a job. `token` is the gateway's own."""

    order: str
    gateway: str
    token: str = ""


class PutOnAccount(Command, frozen=True):
    """Let an order go on unpaid, on the customer's account."""

    order: str


class RecordPayment(Command, frozen=True):
    """A gateway has answered."""

    order: str
    gateway: str
    amount: int
    currency: str
    reference: str
    declined: str = ""


class OrderPaid(Event, frozen=True):
    """An order is paid or on account."""

    order: str
    payment: str
    amount: int


class PaymentDeclined(Event, frozen=True):
    """A gateway said no."""

    order: str
    gateway: str
    reason: str
