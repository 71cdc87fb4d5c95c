"""Toledo Standard Continuous Output: a scale that is not asked, and says what it shows many times a second.

A frame is STX, three status words, six digits of weight, six of tare, CR, and a checksum where the scale sends one.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Final

from scanner_client.scale.reading import Reading, ScaleError, weighed

STX: Final = 0x02
CR: Final = 0x0D
LENGTH: Final = 17
"""Bytes of a frame, its CR included; the checksum after it is left alone."""
WORD_BIT: Final = 0x20
"""Always set in a status word, so that none of them is a control character."""
NEGATIVE, OUT_OF_RANGE, MOVING, METRIC = 0x02, 0x04, 0x08, 0x10
EXPANDED: Final = 0x10
UNITS: Final = ("", "g", "t", "oz")
"""By the third status word; '' is lb or kg, as the second says."""


def parse(frame: bytes) -> Reading:
    """Read a frame. Raises ScaleError for bytes that are none."""
    raw = frame.hex()
    if len(frame) < LENGTH or frame[0] != STX or frame[LENGTH - 1] != CR:
        raise ScaleError(f"not a frame of a scale: {raw}")
    points, shows, means = frame[1:4]
    digits = frame[4:10].decode("latin-1").strip()
    if not (points & shows & means & WORD_BIT) or not (digits.isascii() and digits.isdigit()):
        raise ScaleError(f"not a frame of a scale: {raw}")
    if means & EXPANDED:
        raise ScaleError("the scale shows tenths of its step: leave its expanded display")
    if shows & OUT_OF_RANGE:
        return Reading(0, stable=False, raw=raw, status="underload" if shows & NEGATIVE else "overload")
    value = Decimal(digits).scaleb(2 - (points & 0x07))
    kind = means & 0x07
    unit = UNITS[kind] if kind < len(UNITS) else "?"
    signed = -value if shows & NEGATIVE else value
    return weighed(signed, unit or ("kg" if shows & METRIC else "lb"), raw, stable=not shows & MOVING)
