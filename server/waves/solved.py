"""How a problem that came as a file is answered."""

from __future__ import annotations

from typing import Any

import msgspec

UNITS = 1_000
"""Whole units in one unit of a file."""


class Solved(msgspec.Struct):
    """Batches, each `{"orders": [...], "sequence": [[aisle, y], ...]}`, and what they cost in the file's unit."""

    batches: list[dict[str, Any]]
    length: float
    seconds: float
