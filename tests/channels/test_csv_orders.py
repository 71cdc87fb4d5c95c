"""Order lines from a CSV file: what is imported, what comes back, and what a bad row takes with it."""

from __future__ import annotations

import gzip
from collections import Counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from server.orders.channels import CHANNELS, csv
from server.orders.incoming import (
    Incoming,
    IncomingOrder,
    Rejected,
    Returned,
    ReturnedLine,
)
from tests.shared import SHARED, with_shared

HEAD = "InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,CustomerID,Country"
AT = 1_291_191_960_000


def row(**cells: str) -> str:
    usual = {
        "InvoiceNo": "536365",
        "StockCode": "85123A",
        "Description": "T-LIGHT HOLDER",
        "Quantity": "6",
        "InvoiceDate": "2010-12-01 08:26:00",
        "UnitPrice": "2.55",
        "CustomerID": "17850.0",
        "Country": "United Kingdom",
    }
    return ",".join((usual | cells).values())


def read(*rows: str) -> list[Incoming]:
    return list(csv.read([HEAD, *rows], "csv"))


def order(*rows: str) -> IncomingOrder:
    (found,) = read(*rows)
    assert isinstance(found, IncomingOrder)
    return found


def test_an_order_with_postage_and_a_discount() -> None:
    found = order(
        row(),
        row(StockCode="71053", Quantity="2", UnitPrice="3.395"),
        row(StockCode="POST", Description="POSTAGE", Quantity="1", UnitPrice="18.0"),
        row(StockCode="D", Description="Discount", Quantity="-1", UnitPrice="5.00"),
    )
    assert [(line.code, line.quantity, line.unit_price, line.goods) for line in found.lines] == [
        ("85123A", 6, 255, True),
        ("71053", 2, 340, True),
        ("POST", 1, 1800, False),
        ("D", 1, -500, False),
    ]
    assert (found.total, found.currency, found.placed_at) == (3510, "GBP", AT)
    assert (found.customer_ref, found.payment, found.name) == ("17850", "paid", "536365")
    assert found.address is not None
    assert found.address.country == "GB"


def test_a_guest_has_no_reference() -> None:
    found = order(row(CustomerID="", Country="Unspecified"))
    assert (found.customer_ref, found.customer_name) == ("", "")
    assert found.address is not None
    assert found.address.country == "Unspecified"


def test_the_same_rows_are_the_same_revision_whatever_the_delimiter() -> None:
    again = next(csv.read([line.replace(",", ";") for line in (HEAD, row())], "csv"))
    assert isinstance(again, IncomingOrder)
    assert order(row()).revision == again.revision
    assert order(row()).revision != order(row(Quantity="7")).revision


def test_cancellations_negative_lines_and_write_offs_are_kept() -> None:
    found = read(
        row(InvoiceNo="C1", Quantity="-2"),
        row(InvoiceNo="2", Quantity="-3", UnitPrice="0.0", Description="damaged"),
        row(InvoiceNo="3"),
        row(InvoiceNo="3", StockCode="22423", Quantity="-1"),
    )
    cancelled, written_off, ordered, negative = found
    assert cancelled == Returned(
        "csv", "C1", "C1", AT, (ReturnedLine("85123A", "T-LIGHT HOLDER", 2, 255),), "cancellation"
    )
    assert isinstance(written_off, Returned)
    assert written_off.kind == "write_off"
    assert isinstance(ordered, IncomingOrder)
    assert [line.code for line in ordered.lines] == ["85123A"]
    assert isinstance(negative, Returned)
    assert (negative.kind, negative.lines[0].code) == ("negative", "22423")


def test_services_alone_are_no_order() -> None:
    (found,) = read(row(StockCode="POST", Quantity="1"))
    assert isinstance(found, Rejected)
    assert (found.code, found.column, found.value) == ("no_goods", "StockCode", "POST")


@pytest.mark.parametrize(
    ("column", "value", "code"),
    [
        ("StockCode", "", "bad_value"),
        ("Quantity", "six", "bad_value"),
        ("Quantity", "", "bad_value"),
        ("Quantity", "1.5", "bad_value"),
        ("Quantity", "0", "zero_quantity"),
        ("Quantity", "1000000001", "bad_value"),
        ("Quantity", "9" * 40, "bad_value"),
        ("InvoiceDate", "yesterday", "bad_value"),
        ("InvoiceDate", "2010-13-01 00:00:00", "bad_value"),
        ("UnitPrice", "-1", "bad_value"),
        ("UnitPrice", "cheap", "bad_value"),
        ("UnitPrice", "9" * 18, "bad_value"),
    ],
)
def test_a_bad_row_rejects_its_whole_order_and_no_other(column: str, value: str, code: str) -> None:
    rows = (row(), row(InvoiceNo="536366"), row(**{column: value}))
    bad, good = read(*rows)
    assert bad == Rejected("536365", 4, column, code, value, (rows[0], rows[2]))
    assert isinstance(good, IncomingOrder)
    assert good.external_id == "536366"


def test_a_row_with_a_cell_too_few_takes_its_order_with_it() -> None:
    short = row().rpartition(",")[0]
    bad, good = read(row(), short, row(InvoiceNo="536366"))
    assert bad == Rejected("536365", 3, "Country", "bad_row", short, (row(), short))
    assert isinstance(good, IncomingOrder)


def test_a_cancellation_cannot_order() -> None:
    (found,) = read(row(InvoiceNo="C536365"))
    assert isinstance(found, Rejected)
    assert found.column == "Quantity"


def test_rows_of_one_order_may_lie_apart() -> None:
    first, second = read(row(), row(InvoiceNo="9"), row(StockCode="71053"))
    assert isinstance(first, IncomingOrder)
    assert isinstance(second, IncomingOrder)
    assert (len(first.lines), len(second.lines)) == (2, 1)


def test_a_row_that_comes_too_late_is_said_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(csv, "WINDOW", 4)
    others = [row(InvoiceNo=str(number)) for number in range(12)]
    found = read(row(), *others, row())
    assert isinstance(found[0], IncomingOrder)
    late = [made for made in found if isinstance(made, Rejected)]
    assert late == [Rejected("536365", 15, "InvoiceNo", "late_row", "536365", (row(),))]
    assert len(found) == 14


def test_other_spellings_and_american_dates() -> None:
    head = HEAD.replace("InvoiceNo", "Invoice").replace("UnitPrice", "Price").replace("ID", " ID")
    (found,) = csv.read([head, row(InvoiceDate="12/1/2010 8:26")], "csv")
    assert isinstance(found, IncomingOrder)
    assert found.placed_at == AT
    assert found.customer_ref == "17850"


@given(st.lists(st.text(max_size=80) | st.binary(max_size=80), max_size=20))
@settings(max_examples=60)
def test_any_file_is_values_and_no_exception(lines: list[str | bytes]) -> None:
    for made in csv.read([HEAD, row(), *lines], "csv"):
        assert made.external_id is not None


@given(st.sampled_from(HEAD.split(",")), st.text(max_size=30))
def test_any_cell_is_a_value_and_no_exception(column: str, value: str) -> None:
    found = read(row(**{column: value}))
    assert len(found) <= 1 + value.count("\n")


@with_shared
@pytest.mark.parametrize(("month", "orders"), [("2010-12", 1622), ("2011-01", 1114), ("2011-02", 1121)])
def test_real_months(month: str, orders: int) -> None:
    with gzip.open(SHARED / "online-retail" / f"online-retail-{month}.csv.gz") as lines:
        found = list(CHANNELS["csv"].read(lines, "csv"))
    kinds = Counter(type(made).__name__ for made in found)
    assert kinds["IncomingOrder"] == orders
    assert {made.code for made in found if isinstance(made, Rejected)} == {"no_goods"}
    assert len({made.external_id for made in found}) == len(found)
