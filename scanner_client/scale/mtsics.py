"""What a scale answers to S, SI, Z and T in MT-SICS (METTLER TOLEDO Standard Interface Command Set)."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal, InvalidOperation
from typing import Final

from scanner_client.scale.reading import Reading, ScaleError, Status, weighed

WORDS: Final[Mapping[str, Status]] = {"I": "busy", "+": "overload", "-": "underload"}
ERRORS: Final[Mapping[str, str]] = {
    "ES": "does not know the command",
    "ET": "received the command garbled",
    "EL": "cannot carry the command out",
}


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
            return weighed(_number(value, raw), unit, raw, stable=word == "S")
    raise ScaleError(f"not an answer of a scale: {raw!r}")


def _number(value: str, raw: str) -> Decimal:
    try:
        number = Decimal(value)
    except InvalidOperation as error:
        raise ScaleError(f"not a weight: {raw!r}") from error
    if not number.is_finite():
        raise ScaleError(f"not a weight: {raw!r}")
    return number
