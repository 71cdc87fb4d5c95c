"""GS1's own published vectors, where they lie beside the repository."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from server.kernel.gs1 import GS1_SYMBOLOGIES, parse_gs1
from server.kernel.gs1_values import is_date, iso_date
from server.kernel.gtin import is_checked
from tests.shared import SHARED, with_shared


def vectors(name: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (SHARED / "gs1" / f"{name}.jsonl").read_text().splitlines()]


def agrees(vector: dict[str, Any], field: str) -> bool:
    found = parse_gs1(vector[field].replace("^", "\x1d") if field == "unbracketed" else vector[field])
    expected = vector.get("unbracketed")
    if found is None or not vector["valid"] or not expected:
        return (found is not None) == bool(vector["valid"])
    return found == parse_gs1(expected.replace("^", "\x1d"))


@with_shared
@pytest.mark.parametrize(
    ("name", "field", "least"),
    [
        ("unbracketed-ai", "unbracketed", 1.0),
        ("bracketed-ai", "bracketed", 1.0),
        ("digital-link-parse", "uri", 0.95),  # we take GTINs written short, which GS1 makes a setting
        ("scan-data-parse", "scan_data", 1.0),
    ],
)
def test_gs1_agrees(name: str, field: str, least: float) -> None:
    known = [vector for vector in vectors(name) if isinstance(vector[field], str)]
    if name == "scan-data-parse":
        known = [vector for vector in known if vector[field].startswith(tuple(GS1_SYMBOLOGIES))]
    right = [vector for vector in known if agrees(vector, field)]
    assert len(right) >= least * len(known)


@with_shared
def test_check_digits_and_dates_agree() -> None:
    rules: dict[str, Callable[[str], bool]] = {
        "csum": is_checked,
        "yymmd0": lambda text: len(text) == 6 and text.isdigit() and is_date(text),
    }
    for vector in vectors("linters"):
        if vector["linter"] in rules:
            assert rules[vector["linter"]](vector["value"]) == vector["valid"], vector


def test_two_digit_years_stand_for_the_nearest() -> None:
    assert iso_date("261231", 2026) == "2026-12-31"
    assert iso_date("760101", 2026) == "2076-01-01"
    assert iso_date("770101", 2026) == "1977-01-01"
    assert iso_date("010101", 2099) == "2101-01-01"
    assert iso_date("240200", 2026) == "2024-02-29"
