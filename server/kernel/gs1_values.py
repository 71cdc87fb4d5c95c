"""What must hold inside a GS1 element beyond its pattern: check digits and dates."""

from __future__ import annotations

from calendar import monthrange

from server.kernel.gtin import is_checked

CHECKED = frozenset({"00", "01", "02", "03", "402", "8017", "8018", *(str(gln) for gln in range(410, 418))})
MONTHS = range(1, 13)
AHEAD = 50
"""A two-digit year is one of 49 years back to 50 ahead (GS1 General Specifications, section 7.12)."""
DATES = frozenset({"11", "12", "13", "15", "16", "17"})
LEADING = {"253": 13, "255": 13, "8003": 14, "8006": 14, "8026": 14}
"""AIs whose first digits carry a check digit."""


def is_date(value: str) -> bool:
    """Tell whether YYMMDD is a day; day 00 stands for the month's last."""
    month, day = int(value[2:4]), int(value[4:6])
    return month in MONTHS and day <= monthrange(2000 + int(value[:2]), month)[1]


def is_sound(ai: str, value: str) -> bool:
    """Tell whether a value that fits its AI's pattern is also right in its check digit or date."""
    if ai in CHECKED:
        return is_checked(value)
    if ai in LEADING:
        return is_checked(value[: LEADING[ai]])
    return ai not in DATES or is_date(value)


def iso_date(value: str, year: int) -> str:
    """Write YYMMDD as ISO 8601; `year` is the current one and decides the century."""
    short, month, day = int(value[:2]), int(value[2:4]), int(value[4:6])
    gap = short - year % 100
    century = year // 100 + (gap <= -AHEAD) - (gap > AHEAD)
    full = century * 100 + short
    return f"{full:04d}-{month:02d}-{day or monthrange(full, month)[1]:02d}"
