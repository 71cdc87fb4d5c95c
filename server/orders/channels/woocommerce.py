"""Orders and refunds as WooCommerce sends them: REST API v3 payloads from a file, and webhooks.

A completed order has left the shop already: its lines are kept, but not as goods to be picked. Drafts
are no orders yet.
"""

from __future__ import annotations

import html
from collections.abc import Iterator

import msgspec

from server.kernel.money import share
from server.kernel.refusal import Refusal
from server.orders.channels import payload as p
from server.orders.channels import shapes
from server.orders.channels.signature import verify
from server.orders.incoming import (
    Incoming,
    IncomingAddress,
    IncomingLine,
    IncomingOrder,
    Returned,
    ReturnedLine,
)
from server.sites.countries import code_or_name

__all__ = ["HEADER", "kind", "parse", "verify"]

HEADER = "X-WC-Webhook-Signature"

SHAPES: shapes.Shapes = (
    ("webhook", frozenset({"delivery_url", "webhook_id"})),
    ("refund", frozenset({"refunded_by", "refunded_payment", "api_refund"})),
    ("product", frozenset({"catalog_visibility", "permalink", "stock_quantity"})),
    ("coupon", frozenset({"discount_type"})),
    ("customer", frozenset({"username", "is_paying_customer"})),
    ("order", frozenset({"line_items", "order_key", "payment_method", "customer_note"})),
)


class Status(msgspec.Struct, frozen=True):
    """What an order status means here: how it is paid, whether it is cancelled or has been shipped."""

    payment: str
    cancelled: bool = False
    shipped: bool = False


STATUSES = {
    "pending": Status("pending"),
    "on-hold": Status("pending"),
    "failed": Status("pending"),
    "processing": Status("paid"),
    "completed": Status("paid", shipped=True),
    "cancelled": Status("cancelled", cancelled=True),
    "refunded": Status("cancelled", cancelled=True),
    "trash": Status("cancelled", cancelled=True),
}
DRAFTS = frozenset({"checkout-draft", "auto-draft", "draft"})
CASH_LATER = frozenset({"cod"})
"""Payment methods whose orders are processed before they are paid."""


def kind(payload: bytes) -> str:
    """Tell what a payload is: order, refund, product, webhook, ..., unknown, malformed."""
    return shapes.kind(payload, SHAPES)


def parse(payload: bytes, channel: str) -> tuple[Incoming, ...]:
    """Make an order, and a Returned per refund, of each order in the payload; also of refunds sent alone."""
    return shapes.parse(payload, channel, SHAPES, {"order": _with_refunds, "refund": _alone})


def _with_refunds(fields: p.Fields, channel: str) -> Iterator[Incoming]:
    order = _order(fields, channel)
    yield order
    for place, refund in enumerate(p.parts(fields, "refunds")):
        with p.within(f"refunds[{place}]"):
            yield _refund(refund, channel, order.external_id, order.currency)


def _alone(fields: p.Fields, channel: str) -> Iterator[Incoming]:
    above = next(iter(p.parts(p.part(fields, "_links"), "up")), {})
    of_order = p.text(fields, "parent_id", "order_id") or p.text(above, "href").rpartition("/")[2]
    yield _refund(fields, channel, of_order, p.text(fields, "currency") or p.NO_CURRENCY)


def _status(fields: p.Fields) -> Status:
    """Look the status up; one that a plugin added is paid if a date of payment stands there."""
    name = p.text(fields, "status").removeprefix("wc-")
    paid = bool(p.text(fields, "date_paid", "date_paid_gmt"))
    status = STATUSES.get(name, Status("paid" if paid else "pending"))
    if name in DRAFTS:
        raise Refusal("not_an_order", column="status", value=name)
    later = status.payment == "paid" and not paid and p.text(fields, "payment_method") in CASH_LATER
    return Status("on_account") if later else status


def _order(fields: p.Fields, channel: str) -> IncomingOrder:
    """Make the order; Refusal `bad_value`, `no_goods` or `not_an_order` where there is none."""
    currency = p.text(fields, "currency") or p.NO_CURRENCY
    status = _status(fields)
    lines = _lines(fields, currency)
    if not any(line.goods for line in lines):
        raise Refusal("no_goods", column="line_items")
    if status.shipped:
        lines = tuple(msgspec.structs.replace(line, goods=False) for line in lines)
    billing = p.part(fields, "billing")
    changed = p.moment(fields, "date_modified_gmt", "date_modified")
    return IncomingOrder(
        channel=channel,
        external_id=p.external_id(fields),
        revision=p.revision(fields, changed),
        name=p.text(fields, "number", "id"),
        placed_at=p.moment(fields, "date_created_gmt", "date_created"),
        currency=currency,
        lines=(*lines, *_services(fields, currency)),
        total=p.amount(fields, "total", currency),
        payment=status.payment,
        customer_ref=p.text(fields, "customer_id").removeprefix("0"),
        customer_name=_person(billing),
        email=p.text(billing, "email"),
        address=_address(fields),
        note=p.text(fields, "customer_note"),
        cancelled=status.cancelled,
        shipping_method=next((p.text(line, "method_title") for line in p.parts(fields, "shipping_lines")), ""),
    )


def _lines(fields: p.Fields, currency: str) -> tuple[IncomingLine, ...]:
    lines = []
    for place, line in enumerate(p.parts(fields, "line_items")):
        with p.within(f"line_items[{place}]"):
            lines.append(_line(line, place, currency))
    return tuple(line for line in lines if line.quantity)


def _line(line: p.Fields, place: int, currency: str) -> IncomingLine:
    quantity = p.units(line, "quantity")
    return IncomingLine(
        external_id=p.text(line, "id") or str(place),
        code=_code(line),
        description=html.unescape(p.text(line, "name")),
        quantity=quantity,
        unit_price=_unit_price(line, currency, quantity),
        goods=line.get("virtual") is not True,
        barcode=p.text(line, "global_unique_id"),
        tax=p.amount(line, "total_tax", currency),
    )


def _code(line: p.Fields) -> str:
    """Give the SKU; where the shop has none, the id of variation or product, so that lines stay apart."""
    return p.text(line, "sku") or p.text(line, "variation_id").strip("0") or p.text(line, "product_id", "name")


def _unit_price(line: p.Fields, currency: str, quantity: int) -> int:
    """Give the price of one before discounts: those are service lines of their own."""
    if p.text(line, "subtotal"):
        return share(p.price(line, "subtotal", currency, 1), 1, quantity)
    return p.price(line, "price", currency, quantity)


SERVICES = (
    ("shipping_lines", "method_id", "method_title", "total", 1),
    ("fee_lines", "name", "name", "total", 1),
    ("coupon_lines", "code", "code", "discount", -1),
)
"""Lists of service lines: field of the code, of the words, of the money, and its sign."""


def _services(fields: p.Fields, currency: str) -> Iterator[IncomingLine]:
    for name, code, words, money, sign in SERVICES:
        for place, line in enumerate(p.parts(fields, name)):
            with p.within(f"{name}[{place}]"):
                minor = sign * p.amount(line, money, currency)
            own_id = p.text(line, "id") or f"{name}-{place}"
            yield p.service(own_id, p.text(line, code) or name, html.unescape(p.text(line, words)), minor)


def _person(fields: p.Fields) -> str:
    return f"{p.text(fields, 'first_name')} {p.text(fields, 'last_name')}".strip()


def _address(fields: p.Fields) -> IncomingAddress | None:
    """Take the address to ship to; WooCommerce leaves it blank where it is the one billed."""
    shipping, billing = p.part(fields, "shipping"), p.part(fields, "billing")
    found = shipping if p.text(shipping, "address_1", "city", "postcode") else billing
    if not p.text(found, "address_1", "city", "postcode", "country"):
        return None
    return IncomingAddress(
        name=_person(found),
        company=p.text(found, "company"),
        street="\n".join(filter(None, (p.text(found, "address_1"), p.text(found, "address_2")))),
        city=p.text(found, "city"),
        region=p.text(found, "state"),
        postcode=p.text(found, "postcode"),
        country=code_or_name(p.text(found, "country")),
        phone=p.text(found, "phone") or p.text(billing, "phone"),
        email=p.text(billing, "email"),
    )


def _refund(fields: p.Fields, channel: str, of_order: str, currency: str) -> Returned:
    """Make what came back of a refund; one without items is kept as the money paid back."""
    money = abs(p.amount(fields, "amount", currency) or p.amount(fields, "total", currency))
    lines = tuple(_returned_lines(fields, currency))
    return Returned(
        channel=channel,
        external_id=p.external_id(fields),
        name=of_order,
        at=p.moment(fields, "date_created_gmt", "date_created"),
        lines=lines or (ReturnedLine("refund", "", 1, money),),
        kind="cancellation",
        reason=p.text(fields, "reason"),
    )


def _returned_lines(fields: p.Fields, currency: str) -> Iterator[ReturnedLine]:
    """Make the lines of a refund, whose quantities and totals are below zero; money alone has quantity 0."""
    for place, line in enumerate(p.parts(fields, "line_items")):
        with p.within(f"line_items[{place}]"):
            quantity = abs(p.units(line, "quantity", -p.MOST_UNITS)) or 1
            total = abs(p.amount(line, "total", currency))
        yield ReturnedLine(_code(line), html.unescape(p.text(line, "name")), quantity, share(total, 1, quantity))
