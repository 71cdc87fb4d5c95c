"""ULIDs: 26 characters, sortable by time of making (https://github.com/ulid/spec)."""

from __future__ import annotations

import os
import time

LENGTH = 26
ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
PAIRS = [a + b for a in ALPHABET for b in ALPHABET]
SHIFTS = tuple(range(120, -1, -10))


def ulid(at: int | None = None) -> str:
    """Make a new ULID; `at` is its time in milliseconds (default: now)."""
    millis = time.time_ns() // 1_000_000 if at is None else at
    value = (millis << 80) | int.from_bytes(os.urandom(10), "big")
    return "".join([PAIRS[(value >> shift) & 1_023] for shift in SHIFTS])


def is_ulid(text: str) -> bool:
    """Tell whether `text` is a well-formed ULID."""
    return len(text) == LENGTH and text[0] <= "7" and all(c in ALPHABET for c in text)
