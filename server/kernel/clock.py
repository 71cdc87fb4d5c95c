"""Time: milliseconds since the epoch, UTC. Rules get it as an argument; only the edges read it."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import UTC, datetime

Clock = Callable[[], int]

SECOND = 1_000
MINUTE = 60 * SECOND
HOUR = 60 * MINUTE
DAY = 24 * HOUR


def now() -> int:
    """Give the wall clock in milliseconds UTC."""
    return time.time_ns() // 1_000_000


def from_datetime(value: datetime) -> int:
    """Give milliseconds for an aware datetime; a naive one is taken as UTC."""
    aware = value if value.tzinfo else value.replace(tzinfo=UTC)
    return round(aware.timestamp() * 1_000)


def iso(at: int) -> str:
    """Write `at` as RFC 3339 with milliseconds, for people and for exports."""
    return datetime.fromtimestamp(at / 1_000, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
