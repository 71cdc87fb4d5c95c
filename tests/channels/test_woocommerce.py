"""WooCommerce's orders and refunds, whole and in pieces."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.orders.channels import CHANNELS, woocommerce
from server.orders.incoming import (
    Incoming,
    IncomingOrder,
    Rejected,
    Returned,
    ReturnedLine,
)
from tests.shared import SHARED, with_shared

LINE: dict[str, Any] = {
    "id": 315,
    "name": "Mug &ndash; blue",
    "product_id": 93,
    "variation_id": 0,
    "quantity": 3,
    "subtotal": "10.00",
    "total": "9.00",
    "total_tax": "0.45",
    "sku": "MUG",
    "price": 3,
}
ORDER: dict[str, Any] = {
    "id": 727,
    "number": "727",
    "status": "processing",
    "currency": "USD",
    "date_created_gmt": "2026-03-22T19:28:02",
    "date_modified_gmt": "2026-03-22T19:28:08",
    "total": "20.45",
    "customer_id": 0,
    "customer_note": "Ring twice",
    "payment_method": "bacs",
    "billing": {
        "first_name": "Jo",
        "last_name": "Doe",
        "address_1": "969 Market",
        "country": "US",
        "phone": "1",
    },
    "shipping": {"first_name": "", "address_1": "", "city": ""},
    "line_items": [LINE],
    "shipping_lines": [{"id": 1, "method_id": "flat_rate", "method_title": "Flat Rate", "total": "10.00"}],
    "fee_lines": [{"id": 2, "name": "Gift wrap", "total": "2.00"}],
    "coupon_lines": [{"id": 3, "code": "TEN", "discount": "1.00"}],
}


def parse(document: object) -> tuple[Incoming, ...]:
    return woocommerce.parse(json.dumps(document).encode(), "woo")


def order(**changes: object) -> IncomingOrder:
    found = parse(ORDER | changes)[0]
    assert isinstance(found, IncomingOrder)
    return found


def test_an_order_whole() -> None:
    found = order()
    assert [(line.code, line.quantity, line.unit_price, line.goods) for line in found.lines] == [
        ("MUG", 3, 333, True),
        ("flat_rate", 1, 1000, False),
        ("Gift wrap", 1, 200, False),
        ("TEN", 1, -100, False),
    ]
    assert found.lines[0].description == "Mug \u2013 blue"
    assert (found.customer_ref, found.customer_name, found.note) == ("", "Jo Doe", "Ring twice")
    assert (found.total, found.revision, found.shipping_method) == (2045, "001774207688000", "Flat Rate")
    assert found.address is not None
    assert (found.address.street, found.address.country) == ("969 Market", "US")


@pytest.mark.parametrize(
    ("status", "payment", "cancelled"),
    [
        ("pending", "pending", False),
        ("on-hold", "pending", False),
        ("failed", "pending", False),
        ("processing", "paid", False),
        ("wc-processing", "paid", False),
        ("completed", "paid", False),
        ("cancelled", "cancelled", True),
        ("refunded", "cancelled", True),
        ("trash", "cancelled", True),
        ("packed-by-plugin", "pending", False),
        (None, "pending", False),
    ],
)
def test_statuses(status: str | None, payment: str, *, cancelled: bool) -> None:
    found = order(status=status)
    assert (found.payment, found.cancelled) == (payment, cancelled)


def test_a_completed_order_is_not_picked_again() -> None:
    assert not any(line.goods for line in order(status="completed").lines)


def test_cash_on_delivery_is_on_account_until_it_is_paid() -> None:
    assert order(payment_method="cod").payment == "on_account"
    assert order(payment_method="cod", date_paid="2026-03-22T16:28:08").payment == "paid"


def test_a_draft_is_no_order() -> None:
    (found,) = parse(ORDER | {"status": "checkout-draft"})
    assert isinstance(found, Rejected)
    assert found.code == "not_an_order"


def test_refunds_of_items_and_of_money() -> None:
    _, money = parse(ORDER | {"refunds": [{"id": 8, "reason": "late", "total": "-4.00"}]})
    assert isinstance(money, Returned)
    assert (money.name, money.reason, money.lines) == ("727", "late", (ReturnedLine("refund", "", 1, 400),))
    line = LINE | {"quantity": -2, "total": "-6.66"}
    (items,) = parse({"id": 9, "parent_id": 727, "amount": "6.66", "refunded_by": 1, "line_items": [line]})
    assert isinstance(items, Returned)
    assert items.name == "727"
    assert items.lines == (ReturnedLine("MUG", "Mug \u2013 blue", 2, 333),)


def test_nulls_and_missing_fields() -> None:
    (found,) = parse(dict.fromkeys(ORDER) | {"id": "7", "line_items": [{"quantity": 1, "product_id": 93}]})
    assert isinstance(found, IncomingOrder)
    assert (found.lines[0].code, found.currency, found.address, found.placed_at) == ("93", "XXX", None, 0)


@pytest.mark.parametrize(
    ("changes", "column"),
    [
        ({"id": None}, "id"),
        ({"line_items": [LINE | {"quantity": "two"}]}, "line_items[0].quantity"),
        ({"fee_lines": [{"total": "?"}]}, "fee_lines[0].total"),
        ({"total": []}, "total"),
    ],
)
def test_a_bad_field_is_named(changes: dict[str, object], column: str) -> None:
    (found,) = parse(ORDER | changes)
    assert isinstance(found, Rejected)
    assert (found.code, found.column) == ("bad_value", column)


@with_shared
@pytest.mark.parametrize("path", sorted((SHARED / "channels" / "woocommerce").rglob("*.json")), ids=lambda p: p.name)
def test_woocommerces_own_samples(path: Path) -> None:
    body, wanted = path.read_bytes(), path.name.split("-")[1]
    assert woocommerce.kind(body) == wanted
    (found,) = CHANNELS["woocommerce"].read([body], "woo")
    assert isinstance(found, {"order": IncomingOrder, "refund": Returned}.get(wanted, Rejected))


@given(st.binary(max_size=200))
def test_any_bytes_are_values(body: bytes) -> None:
    assert all(isinstance(made, Incoming) for made in woocommerce.parse(body, "woo"))


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=12),
    lambda inside: st.lists(inside, max_size=3) | st.dictionaries(st.sampled_from([*ORDER, *LINE]), inside, max_size=4),
    max_leaves=12,
)


@given(st.sampled_from([*ORDER, "refunds", "_links", "date_paid"]), JSON, st.sampled_from(sorted(LINE)), JSON)
def test_any_field_may_hold_anything(field: str, value: object, of_line: str, other: object) -> None:
    for document in (ORDER | {field: value}, ORDER | {"line_items": [LINE | {of_line: other}]}):
        assert all(isinstance(made, Incoming) for made in parse(document))
