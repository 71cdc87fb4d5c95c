"""Orders and refunds as Shopify sends them: REST payloads from a file, and webhooks.

What is ordered is `current_quantity`: ordered less removed and refunded. An order of which nothing is
left counts as cancelled; one that was never for goods is `no_goods`. What Shopify calls fulfilled is
kept as a line that is not goods, since picking it again would be wrong.
"""

from __future__ import annotations

from collections.abc import Iterator

from msgspec.structs import replace

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

HEADER = "X-Shopify-Hmac-Sha256"

SHAPES: shapes.Shapes = (
    ("refund", frozenset({"refund_line_items"})),
    ("fulfillment_order", frozenset({"assigned_location_id", "assigned_location"})),
    ("fulfillment", frozenset({"tracking_number", "tracking_numbers", "shipment_status"})),
    ("draft_order", frozenset({"invoice_sent_at", "invoice_url"})),
    ("checkout", frozenset({"abandoned_checkout_url"})),
    ("product", frozenset({"variants", "body_html", "product_type"})),
    ("inventory_level", frozenset({"inventory_item_id"})),
    ("order", frozenset({"line_items", "financial_status", "order_number", "total_price"})),
)

PAYMENTS = {
    "authorized": "paid",  # the shop holds the money and captures it when told that the order is shipped
    "paid": "paid",
    "partially_refunded": "paid",
    "refunded": "cancelled",
    "voided": "cancelled",
}
"""financial_status to payment; whatever else there is (pending, partially_paid, expired, null) is pending."""


def kind(payload: bytes) -> str:
    """Tell what a payload is: order, refund, product, fulfillment, ..., unknown, malformed."""
    return shapes.kind(payload, SHAPES)


def parse(payload: bytes, channel: str) -> tuple[Incoming, ...]:
    """Make an order, and a Returned per refund, of each order in the payload; also of refunds sent alone."""
    return shapes.parse(payload, channel, SHAPES, {"order": _with_refunds, "refund": _alone})


def _with_refunds(fields: p.Fields, channel: str) -> Iterator[Incoming]:
    currency = _currency(fields)
    yield _order(fields, channel, currency)
    for place, refund in enumerate(p.parts(fields, "refunds")):
        with p.within(f"refunds[{place}]"):
            yield _refund(refund, channel, currency)


def _alone(fields: p.Fields, channel: str) -> Iterator[Incoming]:
    paid_back = next(iter(p.parts(fields, "transactions")), {})
    yield _refund(fields, channel, _currency(paid_back))


def _currency(fields: p.Fields) -> str:
    sets = (p.part(p.part(fields, name), "shop_money") for name in ("total_price_set", "subtotal_price_set"))
    named = (p.text(money, "currency_code") for money in sets)
    return p.text(fields, "currency") or next(filter(None, named), p.NO_CURRENCY)


def _order(fields: p.Fields, channel: str, currency: str) -> IncomingOrder:
    """Make the order; Refusal `bad_value` or `no_goods` where there is none."""
    left, asked = _lines(fields, currency, _left(fields)), _lines(fields, currency, {})
    if not any(line.goods for line in asked):
        raise Refusal("no_goods", column="line_items")
    empty = not any(line.goods for line in left)
    gone = empty or bool(p.text(fields, "cancelled_at"))
    buyer = p.part(fields, "customer")
    return IncomingOrder(
        channel=channel,
        external_id=p.external_id(fields),
        revision=p.revision(fields, p.moment(fields, "updated_at")),
        name=p.text(fields, "name", "order_number", "number", "id"),
        placed_at=p.moment(fields, "processed_at", "created_at", "updated_at"),
        currency=currency,
        lines=(*(asked if empty else _unshipped(fields, left)), *_services(fields, currency)),
        total=p.amount(fields, _current(fields, "total_price"), currency),
        payment=_payment(fields, gone=gone),
        customer_ref=p.text(buyer, "id"),
        customer_name=_person(buyer),
        email=p.text(fields, "email", "contact_email") or p.text(buyer, "email"),
        address=_address(fields),
        note=p.text(fields, "note"),
        cancelled=gone,
        shipping_method=next((p.text(line, "title", "code") for line in p.parts(fields, "shipping_lines")), ""),
    )


def _current(fields: p.Fields, name: str) -> str:
    """Name the field that has what is left of `name`, where the payload has it."""
    return f"current_{name}" if fields.get(f"current_{name}") is not None else name


def _payment(fields: p.Fields, *, gone: bool) -> str:
    status = p.text(fields, "financial_status")
    if gone and status not in PAYMENTS:
        return "cancelled"
    owed = "on_account" if p.part(fields, "payment_terms") else "pending"
    return PAYMENTS.get(status, owed)


def _left(fields: p.Fields) -> dict[str, int]:
    """Tell per line id how many are left where the payload says it, or says what was refunded."""
    left = {}
    for place, line in enumerate(p.parts(fields, "line_items")):
        with p.within(f"line_items[{place}]"):
            if line.get("current_quantity") is not None:
                left[p.text(line, "id")] = p.units(line, "current_quantity")
    for refund in p.parts(fields, "refunds"):
        for item in p.parts(refund, "refund_line_items"):
            line_id, line = p.text(item, "line_item_id"), p.part(item, "line_item")
            if line_id not in left and line:
                left[line_id] = max(p.units(line, "quantity") - p.units(item, "quantity"), 0)
    return left


def _lines(fields: p.Fields, currency: str, left: dict[str, int]) -> tuple[IncomingLine, ...]:
    """Make the lines of which something is left."""
    lines = []
    for place, line in enumerate(p.parts(fields, "line_items")):
        with p.within(f"line_items[{place}]"):
            lines.append(_line(line, place, currency, left))
    return tuple(line for line in lines if line.quantity)


def _unshipped(fields: p.Fields, lines: tuple[IncomingLine, ...]) -> Iterator[IncomingLine]:
    """Split off what was fulfilled elsewhere; it stays on the order, but is not goods to be picked."""
    by_id = {p.text(line, "id"): line for line in p.parts(fields, "line_items")}
    for line in lines:
        done = _fulfilled(by_id.get(line.external_id, {}), line.quantity)
        if line.quantity > done:
            tax = line.tax - share(line.tax, done, line.quantity)
            yield replace(line, quantity=line.quantity - done, tax=tax)
        if done:
            own_id, tax = f"{line.external_id}-fulfilled", share(line.tax, done, line.quantity)
            yield replace(line, external_id=own_id, quantity=done, tax=tax, goods=False)


def _fulfilled(line: p.Fields, quantity: int) -> int:
    """Tell how many of a line were fulfilled already."""
    status = p.text(line, "fulfillment_status")
    if status == "partial" and line.get("fulfillable_quantity") is not None:
        return max(quantity - p.units(line, "fulfillable_quantity"), 0)
    return quantity if status == "fulfilled" else 0


def _line(line: p.Fields, place: int, currency: str, left: dict[str, int]) -> IncomingLine:
    line_id = p.text(line, "id")
    quantity = left.get(line_id, p.units(line, "quantity"))
    ships = line.get("requires_shipping") is not False and line.get("gift_card") is not True
    return IncomingLine(
        external_id=line_id or str(place),
        code=p.text(line, "sku", "variant_id", "product_id", "title"),
        description=p.text(line, "name", "title"),
        quantity=quantity,
        unit_price=p.price(line, "price", currency, quantity),
        goods=ships,
        barcode=p.text(line, "barcode"),
        tax=sum(p.amount(tax, "price", currency) for tax in p.parts(line, "tax_lines")),
    )


def _services(fields: p.Fields, currency: str) -> Iterator[IncomingLine]:
    """Make a line of each postage, of the discounts together, and of the tip."""
    for place, line in enumerate(p.parts(fields, "shipping_lines")):
        if line.get("is_removed") is not True:
            with p.within(f"shipping_lines[{place}]"):
                price = p.amount(line, "price", currency)
            name = p.text(line, "title", "code")
            yield p.service(p.text(line, "id") or f"shipping-{place}", p.text(line, "code") or "shipping", name, price)
    codes = ", ".join(p.text(code, "code") for code in p.parts(fields, "discount_codes"))
    taken_off = p.amount(fields, _current(fields, "total_discounts"), currency)
    tip = p.amount(fields, "total_tip_received", currency)
    if taken_off:
        yield p.service("discount", "discount", codes, -taken_off)
    if tip:
        yield p.service("tip", "tip", "", tip)


def _person(fields: p.Fields) -> str:
    return p.text(fields, "name") or f"{p.text(fields, 'first_name')} {p.text(fields, 'last_name')}".strip()


def _address(fields: p.Fields) -> IncomingAddress | None:
    """Take the address to ship to, else the buyer's own, else the one billed."""
    given = (p.part(fields, "shipping_address"), p.part(p.part(fields, "customer"), "default_address"))
    found = next(filter(None, (*given, p.part(fields, "billing_address"))), None)
    if found is None:
        return None
    return IncomingAddress(
        name=_person(found),
        company=p.text(found, "company"),
        street="\n".join(filter(None, (p.text(found, "address1"), p.text(found, "address2")))),
        city=p.text(found, "city"),
        region=p.text(found, "province_code", "province"),
        postcode=p.text(found, "zip"),
        country=code_or_name(p.text(found, "country_code", "country")),
        phone=p.text(found, "phone") or p.text(fields, "phone"),
        email=p.text(fields, "email"),
        latitude=p.coordinate(found, "latitude"),
        longitude=p.coordinate(found, "longitude"),
    )


def _refund(fields: p.Fields, channel: str, currency: str) -> Returned:
    """Make what came back of a refund; one without items is kept as the money paid back."""
    lines = []
    for place, item in enumerate(p.parts(fields, "refund_line_items")):
        with p.within(f"refund_line_items[{place}]"):
            lines.append(_returned_line(item, currency))
    money = sum(p.amount(paid, "amount", currency) for paid in p.parts(fields, "transactions"))
    return Returned(
        channel=channel,
        external_id=p.external_id(fields),
        name=p.text(fields, "order_id"),
        at=p.moment(fields, "processed_at", "created_at"),
        lines=tuple(lines) or (ReturnedLine("refund", "", 1, money),),
        kind="cancellation",
        reason=p.text(fields, "note"),
    )


def _returned_line(item: p.Fields, currency: str) -> ReturnedLine:
    line = p.part(item, "line_item")
    return ReturnedLine(
        code=p.text(line, "sku", "variant_id", "product_id", "title") or p.text(item, "line_item_id"),
        description=p.text(line, "name", "title"),
        quantity=p.units(item, "quantity", 1),
        unit_price=p.amount(line, "price", currency),
    )
