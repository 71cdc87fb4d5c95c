"""The weight report of a USB scale (HID Point of Sale, usage page 0x8D): status, unit, power of ten, weight."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Final

from scanner_client.scale.reading import Reading, ScaleError, Status, weighed

LENGTH: Final = 5
AT_ZERO, MOVING, STABLE = 2, 3, 4
FAULTS: Final[Mapping[int, Status]] = {5: "underload", 6: "overload", 7: "busy", 8: "busy"}
"""Below zero, too much, to be calibrated, to be zeroed."""
UNITS: Final[Mapping[int, str]] = {1: "mg", 2: "g", 3: "kg", 11: "oz", 12: "lb"}


def parse(report: bytes) -> Reading:
    """Read a report without its number. Raises ScaleError for a fault, and for bytes that are none."""
    raw = report.hex()
    if len(report) < LENGTH:
        raise ScaleError(f"not a report of a scale: {raw}")
    status, unit, power = report[0], report[1], int.from_bytes(report[2:3], signed=True)
    if status in FAULTS:
        return Reading(0, stable=False, raw=raw, status=FAULTS[status])
    if status not in {AT_ZERO, MOVING, STABLE}:
        raise ScaleError(f"the scale has a fault: {raw}")
    value = Decimal(int.from_bytes(report[3:5], "little")).scaleb(power)
    return weighed(value, UNITS.get(unit, "?"), raw, stable=status != MOVING)
