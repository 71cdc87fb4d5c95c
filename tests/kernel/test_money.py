"""Money as text and as minor units, there and back."""

from __future__ import annotations

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.kernel.money import MOST, decimal_text, money_text, parse_minor, share
from server.kernel.refusal import Refusal


@pytest.mark.parametrize(
    ("text", "currency", "minor"),
    [
        ("2.55", "GBP", 255),
        ("-2.55", "GBP", -255),
        ("3", "GBP", 300),
        ("0.001", "GBP", 0),
        ("0.005", "GBP", 1),
        ("1.005", "GBP", 101),
        (".5", "GBP", 50),
        ("13541.33", "GBP", 1354133),
        ("1200", "JPY", 1200),
        ("1.234", "KWD", 1234),
        ("1,234.50", "USD", 123450),
        ("1.234,50", "EUR", 123450),
        ("2,5", "EUR", 250),
        ("1e2", "EUR", 10000),
        ("1." + "9" * 18, "EUR", 200),
        ("12345678901234567." + "4" * 18, "EUR", 1234567890123456744),
    ],
)
def test_prices_as_people_write_them(text: str, currency: str, minor: int) -> None:
    assert parse_minor(text, currency) == minor


@pytest.mark.parametrize("text", ["", "abc", "1,234", "NaN", "Infinity", "1e99", "--1", "1.2.3", "٣", "9" * 30])
def test_what_is_no_price_is_refused(text: str) -> None:
    with pytest.raises(Refusal, match="bad_value"):
        parse_minor(text, "GBP")


def test_money_is_written_with_its_decimals() -> None:
    assert money_text(5, "GBP") == "0.05 GBP"
    assert money_text(-1234, "EUR") == "-12.34 EUR"
    assert money_text(1234, "JPY") == "1234 JPY"


@given(st.integers(-MOST, MOST), st.sampled_from(["GBP", "JPY", "KWD", "CLF", "XXX"]))
def test_there_and_back(minor: int, currency: str) -> None:
    assert parse_minor(decimal_text(minor, currency), currency) == minor


@given(st.text(max_size=50))
def test_any_text_is_money_or_a_refusal(text: str) -> None:
    with suppress(Refusal):
        assert abs(parse_minor(text, "GBP")) <= MOST


def test_a_share_is_rounded_half_away_from_zero() -> None:
    assert [share(5, 1, 2), share(-5, 1, 2), share(4, 1, 3), share(7, 0, 3), share(7, 1, 0)] == [
        3,
        -3,
        1,
        0,
        0,
    ]
