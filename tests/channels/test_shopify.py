"""Shopify's orders and refunds, whole and in pieces."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.orders.channels import CHANNELS, shopify
from server.orders.incoming import Incoming, IncomingOrder, Rejected, Returned
from tests.shared import SHARED, with_shared

ORDER: dict[str, Any] = {
    "id": 450789469,
    "name": "#1001",
    "created_at": "2026-01-10T11:00:00-05:00",
    "updated_at": "2026-01-10T11:00:05-05:00",
    "currency": "USD",
    "financial_status": "paid",
    "total_price": "213.94",
    "total_discounts": "5.00",
    "discount_codes": [{"code": "TENOFF"}],
    "email": "bob@example.com",
    "customer": {"id": 207119551, "first_name": "Bob", "last_name": "Norman"},
    "shipping_address": {
        "name": "Bob Norman",
        "address1": "Chestnut Street 92",
        "address2": None,
        "city": "Louisville",
        "zip": "40202",
        "country": "United States",
        "latitude": "45.41634",
        "longitude": -75.6868,
    },
    "line_items": [
        {
            "id": 1,
            "sku": "RED",
            "name": "iPod red",
            "quantity": 2,
            "price": "99.50",
            "requires_shipping": True,
        }
    ],
    "shipping_lines": [{"id": 9, "code": "STD", "title": "Standard", "price": "19.94"}],
}
LINE: dict[str, Any] = ORDER["line_items"][0]


def parse(document: object) -> tuple[Incoming, ...]:
    return shopify.parse(json.dumps(document).encode(), "shop")


def order(**changes: object) -> IncomingOrder:
    found = parse({"order": ORDER | changes})[0]
    assert isinstance(found, IncomingOrder)
    return found


def refusal(document: object) -> Rejected:
    (found,) = parse(document)
    assert isinstance(found, Rejected)
    return found


def test_an_order_whole() -> None:
    found = order()
    assert (found.external_id, found.name, found.currency, found.total) == (
        "450789469",
        "#1001",
        "USD",
        21394,
    )
    assert [(line.code, line.quantity, line.unit_price, line.goods) for line in found.lines] == [
        ("RED", 2, 9950, True),
        ("STD", 1, 1994, False),
        ("discount", 1, -500, False),
    ]
    assert found.placed_at == 1_768_060_800_000
    assert found.revision == "001768060805000"
    assert (found.payment, found.customer_ref, found.customer_name) == ("paid", "207119551", "Bob Norman")
    assert found.shipping_method == "Standard"
    assert found.address is not None
    assert (found.address.country, found.address.latitude) == ("US", 45.41634)


def test_a_later_revision_compares_greater() -> None:
    assert order(updated_at="2026-01-10T16:00:06Z").revision > order().revision
    assert order(updated_at=None).revision != order(updated_at=None, note="hurry").revision


@pytest.mark.parametrize("wrap", [lambda o: o, lambda o: [o], lambda o: {"orders": [o]}, lambda o: {"order": o}])
def test_bare_listed_or_wrapped(wrap: Any) -> None:
    (found,) = parse(wrap(ORDER))
    assert isinstance(found, IncomingOrder)


@pytest.mark.parametrize(
    ("status", "payment"),
    [
        ("paid", "paid"),
        ("authorized", "paid"),
        ("pending", "pending"),
        ("partially_paid", "pending"),
        ("voided", "cancelled"),
        ("new_one", "pending"),
        (None, "pending"),
    ],
)
def test_payments(status: str | None, payment: str) -> None:
    assert order(financial_status=status).payment == payment


def test_terms_of_payment_are_on_account() -> None:
    assert order(financial_status="pending", payment_terms={"due_in_days": 30}).payment == "on_account"


def test_what_was_removed_or_refunded_is_not_ordered() -> None:
    gone = LINE | {"id": 2, "sku": "BLACK", "current_quantity": 0}
    assert [line.code for line in order(line_items=[LINE, gone]).lines if line.goods] == ["RED"]
    refunds = [{"id": 5, "refund_line_items": [{"line_item_id": 1, "quantity": 1, "line_item": LINE}]}]
    kept, returned = parse(ORDER | {"refunds": refunds})
    assert isinstance(kept, IncomingOrder)
    assert kept.lines[0].quantity == 1
    assert isinstance(returned, Returned)
    assert (returned.external_id, returned.lines[0].quantity) == ("5", 1)


def test_an_order_of_which_nothing_is_left_is_cancelled() -> None:
    emptied = order(line_items=[LINE | {"current_quantity": 0}])
    assert (emptied.cancelled, emptied.lines[0].quantity) == (True, 2)
    assert order(cancelled_at="2026-01-11T00:00:00Z").cancelled
    assert not order().cancelled


def test_what_was_fulfilled_elsewhere_is_not_picked_again() -> None:
    done = order(line_items=[LINE | {"fulfillment_status": "fulfilled", "fulfillable_quantity": 0}])
    assert [(line.external_id, line.quantity, line.goods) for line in done.lines[:1]] == [("1-fulfilled", 2, False)]
    assert not done.cancelled
    half = order(line_items=[LINE | {"fulfillment_status": "partial", "fulfillable_quantity": 1}])
    assert [(line.quantity, line.goods) for line in half.lines[:2]] == [(1, True), (1, False)]


def test_gift_cards_and_downloads_are_services() -> None:
    card = LINE | {"id": 2, "sku": "CARD", "gift_card": True}
    download = LINE | {"id": 3, "sku": "EBOOK", "requires_shipping": False}
    found = order(line_items=[LINE, card, download])
    assert [line.code for line in found.lines if line.goods] == ["RED"]
    assert refusal(ORDER | {"line_items": [card]}).code == "no_goods"
    assert refusal(ORDER | {"line_items": []}).code == "no_goods"


def test_nulls_numbers_and_money_sets() -> None:
    nothing = dict.fromkeys(ORDER) | {"id": "gid://shopify/Order/7", "line_items": [LINE | {"price": None}]}
    (found,) = parse({"order": nothing})
    assert isinstance(found, IncomingOrder)
    assert (found.external_id, found.currency, found.total, found.address) == ("7", "XXX", 0, None)
    money = {"shop_money": {"amount": "12.50", "currency_code": "EUR"}}
    dear = order(line_items=[LINE | {"price": None, "price_set": money}], currency="EUR")
    assert dear.lines[0].unit_price == 1250
    assert order(line_items=[LINE | {"price": 99.5, "quantity": "2"}]).lines[0].unit_price == 9950
    assert order(line_items=[LINE | {"sku": None, "variant_id": 39072856}]).lines[0].code == "39072856"


@pytest.mark.parametrize(
    ("changes", "column", "value"),
    [
        ({"id": None}, "id", ""),
        ({"line_items": [LINE, LINE | {"quantity": 1.5}]}, "line_items[1].quantity", "1.5"),
        ({"line_items": [LINE | {"quantity": -1}]}, "line_items[0].quantity", "-1"),
        ({"line_items": [LINE | {"quantity": None}]}, "line_items[0].quantity", ""),
        ({"line_items": [LINE | {"price": "a lot"}]}, "line_items[0].price", "a lot"),
        ({"line_items": [LINE | {"price": "9" * 18}]}, "line_items[0].price", "9" * 18),
        ({"total_price": "?"}, "total_price", "?"),
    ],
)
def test_a_bad_field_rejects_its_order_and_names_the_field(changes: dict[str, object], column: str, value: str) -> None:
    bad, good = parse([ORDER | changes, ORDER])
    assert isinstance(bad, Rejected)
    assert (bad.code, bad.column, bad.value) == ("bad_value", column, value)
    assert json.loads(bad.raw[0])["name"] == "#1001"
    assert isinstance(good, IncomingOrder)


def test_broken_json_is_rejected_with_its_place() -> None:
    (found,) = shopify.parse(b'{"order":\n  {"id": 1,}}', "shop")
    assert isinstance(found, Rejected)
    assert (found.row, found.code) == (2, "bad_row")
    assert found.raw == ('{"order":\n  {"id": 1,}}',)
    assert shopify.kind(b"\xff\xfe") == "malformed"
    assert shopify.kind(b"[" * 100_000) == "malformed"


@with_shared
@pytest.mark.parametrize("path", sorted((SHARED / "channels" / "shopify").rglob("*.json")), ids=lambda p: p.name)
def test_shopifys_own_samples(path: Path) -> None:
    body = path.read_bytes()
    wanted = next(iter(json.loads(body)))
    assert shopify.kind(body) == wanted
    found = list(CHANNELS["shopify"].read([body], "shop"))
    made = {"order": IncomingOrder, "refund": Returned}.get(wanted, Rejected)
    assert isinstance(found[0], made)
    bare = json.dumps(json.loads(body)[wanted]).encode()
    if wanted in {"order", "refund", "draft_order", "fulfillment", "product"}:
        assert shopify.kind(bare) == wanted
    else:
        assert shopify.kind(bare) != "order"


@given(st.binary(max_size=200))
def test_any_bytes_are_values(body: bytes) -> None:
    assert all(isinstance(made, Incoming) for made in shopify.parse(body, "shop"))


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=12),
    lambda inside: st.lists(inside, max_size=3) | st.dictionaries(st.sampled_from([*ORDER, *LINE]), inside, max_size=4),
    max_leaves=12,
)


@given(st.sampled_from(sorted(ORDER)), JSON)
def test_any_field_may_hold_anything(field: str, value: object) -> None:
    for made in parse(ORDER | {field: value}):
        assert isinstance(made, Incoming)


@given(st.sampled_from([*LINE, "current_quantity", "fulfillment_status", "fulfillable_quantity"]), JSON)
def test_any_field_of_a_line_may_hold_anything(field: str, value: object) -> None:
    for made in parse(ORDER | {"line_items": [LINE | {field: value}]}):
        assert isinstance(made, Incoming)


@pytest.mark.parametrize("number", ["9" * 6000, f'"{"9" * 6000}"', "1e400", "-0", "Infinity"])
@pytest.mark.parametrize("field", ["id", "quantity", "price", "latitude"])
def test_numbers_beyond_all_measure_are_values(field: str, number: str) -> None:
    line = {"id": 1, "quantity": 1, "price": "1", "sku": "A"}
    body = json.dumps({"id": 1, "line_items": [line], "shipping_address": {"latitude": 1}})
    body = body.replace(f'"{field}": 1', f'"{field}": {number}').replace(f'"{field}": "1"', f'"{field}": {number}')
    assert all(isinstance(made, Incoming) for made in shopify.parse(body.encode(), "shop"))
