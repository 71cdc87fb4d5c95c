"""Scanned texts and what they are looked up under; vectors.json is shared with the PWA."""

from __future__ import annotations

import json
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.kernel.barcode import (
    bin_digits,
    candidates,
    check_digit,
    gtin14,
    is_bin_digits,
    is_checked,
    is_sscc,
    parse_gs1,
    sscc,
)
from server.kernel.refusal import Refusal

VECTORS: dict[str, list[Any]] = json.loads((Path(__file__).parent / "vectors.json").read_text())


@pytest.mark.parametrize(("code", "item"), VECTORS["gtin14"])
def test_one_item_has_one_key(code: str, item: str | None) -> None:
    assert gtin14(code) == item


@pytest.mark.parametrize(("code", "elements"), VECTORS["elements"])
def test_gs1_is_read_or_left_alone(code: str, elements: dict[str, str] | None) -> None:
    found = parse_gs1(code)
    assert (dict(found.elements) if found else None) == elements


@pytest.mark.parametrize(("code", "keys"), VECTORS["candidates"])
def test_internal_codes_come_first(code: str, keys: list[str]) -> None:
    assert list(candidates(code)) == keys


@pytest.mark.parametrize("code", [*VECTORS["refused"], "9" * 513, "\ud800"])
def test_what_no_label_says_is_refused(code: str) -> None:
    with pytest.raises(Refusal, match="bad_barcode"):
        candidates(code)


@pytest.mark.parametrize(("payload", "digit"), VECTORS["check_digits"])
def test_check_digits(payload: str, digit: int) -> None:
    assert check_digit(payload) == digit


def test_parcels_are_numbered_and_never_beyond_their_prefix() -> None:
    first, second = sscc("0952123456", 1), sscc("0952123456", 2)
    assert first == "095212345600000012"
    assert first != second
    assert is_sscc(first)
    assert is_sscc(second)
    assert candidates("00" + first) == ("00" + first, first)
    with pytest.raises(Refusal, match="bad_value"):
        sscc("0952123456", 10**7)
    with pytest.raises(Refusal, match="bad_value"):
        sscc("", 1)


def test_what_a_label_says_about_lot_count_and_weight() -> None:
    label = parse_gs1("]C1020952123454321337" + "12\x1d" + "10LOT7\x1d15261231")
    assert label is not None
    assert (label.gtin, label.count, label.lot, label.expiry) == ("09521234543213", 12, "LOT7", "261231")
    cheese = parse_gs1("0109521234543213" + "3103001250" + "21S9")
    assert cheese is not None
    assert (cheese.weight_g, cheese.serial, cheese.sscc, cheese.count) == (1250, "S9", "", 0)


def test_a_separator_lost_before_a_date_still_tells_the_item() -> None:
    text = "010952123454321310ABC12317251231"
    assert parse_gs1(text) is None
    assert candidates(text) == (text, "09521234543213")


def test_a_separator_lost_where_only_one_reading_is_left() -> None:
    lot = "A" * 20
    found = parse_gs1(f"010952123454321310{lot}17251231")
    assert found is not None
    assert (found.lot, found.expiry) == (lot, "251231")


@given(st.text(max_size=600))
def test_any_text_is_keys_or_one_refusal(code: str) -> None:
    gtin14(code)
    parse_gs1(code)
    with suppress(Refusal):
        keys = candidates(code)
        assert keys[0] == code.strip(" \t\r\n")
        assert len(set(keys)) == len(keys)


@given(st.text(alphabet="0123456789\x1dAB()", max_size=120))
def test_digits_and_separators_never_break_the_reader(code: str) -> None:
    parse_gs1(code)
    parse_gs1("]C1" + code)


@given(st.integers(0, 10**11 - 2))
def test_lengths_of_one_gtin_are_equal(number: int) -> None:
    payload = f"{number + 1:011d}"
    upc = payload + str(check_digit(payload))
    assert is_checked(upc)
    assert gtin14(upc) == gtin14("0" + upc) == gtin14("00" + upc) == "00" + upc


@given(st.from_regex(r"[A-Z][0-9]{1,2}-[0-9]{2}-[0-9]{2}", fullmatch=True), st.sampled_from([2, 3]))
def test_bins_have_digits_that_their_neighbours_have_not(code: str, width: int) -> None:
    digits = bin_digits(code, width)
    assert len(digits) == width
    assert is_bin_digits(digits)
    last = int(code[-1])
    neighbours = {bin_digits(f"{code[:-1]}{other}", width) for other in range(10) if other != last}
    assert digits not in neighbours


def test_all_zero_is_no_check_digits() -> None:
    assert not is_bin_digits("00")
    assert not is_bin_digits("000")
    assert not is_bin_digits("1")
    with pytest.raises(Refusal, match="bad_value"):
        bin_digits("A-01-01", 4)
