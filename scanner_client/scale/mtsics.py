"""What a scale answers to S, SI, Z and T in MT-SICS (METTLER TOLEDO Standard Interface Command Set)."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from typing import Final, Literal

import msgspec

Status = Literal["ok", "busy", "overload", "underload", "wrong_unit"]

GRAMS: Final[Mapping[str, Decimal]] = {
    "g": Decimal(1),
    "kg": Decimal(1_000),
    "lb": Decimal("453.59237"),
    "oz": Decimal("28.349523125"),
}
"""Grams in a unit; any other unit (pieces, newton, per cent) is no weight and is refused."""
WORDS: Final[Mapping[str, Status]] = {"I": "busy", "+": "overload", "-": "underload"}
ERRORS: Final[Mapping[str, str]] = {
    "ES": "does not know the command",
    "ET": "received the command garbled",
    "EL": "cannot carry the command out",
}


class Reading(msgspec.Struct, frozen=True):
    """What the scale showed: whole grams, whether it had settled, the line as it came.

    `grams` means something only where `status` is ok.
    """

    grams: int
    stable: bool
    raw: str
    status: Status = "ok"


class ScaleError(Exception):
    """The scale did not answer, or not in MT-SICS."""


def parse(line: str) -> Reading:
    """Read an answer to S, SI, Z or T. Raises ScaleError for a line that is none."""
    raw = line.strip("\r\n")
    match raw.split():
        case [error] if error in ERRORS:
            raise ScaleError(f"the scale {ERRORS[error]}")
        case ["S" | "T" | "Z", word] if word in WORDS:
            return Reading(0, stable=False, raw=raw, status=WORDS[word])
        case ["Z", "A"]:
            return Reading(0, stable=True, raw=raw)
        case ["S" | "T", "S" | "D" as word, value, unit]:
            return _weight(value, unit, raw, stable=word == "S")
    raise ScaleError(f"not an answer of a scale: {raw!r}")


def _weight(value: str, unit: str, raw: str, *, stable: bool) -> Reading:
    try:
        number = Decimal(value)
    except InvalidOperation as error:
        raise ScaleError(f"not a weight: {raw!r}") from error
    if not number.is_finite():
        raise ScaleError(f"not a weight: {raw!r}")
    if unit not in GRAMS:
        return Reading(0, stable=stable, raw=raw, status="wrong_unit")
    grams = (number * GRAMS[unit]).quantize(Decimal(1), ROUND_HALF_UP)
    return Reading(int(grams), stable=stable, raw=raw)
