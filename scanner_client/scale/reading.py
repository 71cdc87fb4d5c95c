"""What any scale shows, whatever it speaks."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import ROUND_HALF_UP, Decimal
from typing import Final, Literal

import msgspec

Status = Literal["ok", "busy", "overload", "underload", "wrong_unit"]

GRAMS: Final[Mapping[str, Decimal]] = {
    "mg": Decimal("0.001"),
    "g": Decimal(1),
    "kg": Decimal(1_000),
    "lb": Decimal("453.59237"),
    "oz": Decimal("28.349523125"),
}
"""Grams in a unit; any other unit (pieces, newton, per cent) is no weight and is refused."""


class Reading(msgspec.Struct, frozen=True):
    """What the scale showed: whole grams, whether it had settled, what it said.

    `grams` means something only where `status` is ok.
    """

    grams: int
    stable: bool
    raw: str
    status: Status = "ok"


class ScaleError(Exception):
    """The scale did not answer, or not as it should."""


def weighed(value: Decimal, unit: str, raw: str, *, stable: bool) -> Reading:
    """Give a weight in whole grams; status wrong_unit where the unit is none of a weight."""
    if unit not in GRAMS:
        return Reading(0, stable=stable, raw=raw, status="wrong_unit")
    grams = (value * GRAMS[unit]).quantize(Decimal(1), ROUND_HALF_UP)
    return Reading(int(grams), stable=stable, raw=raw)
