"""How long to wait before trying again: longer each time, and never in step with the others."""

from __future__ import annotations

from collections.abc import Iterator
from random import SystemRandom

FIRST_S = 0.25
LONGEST_S = 15.0


def pauses(first: float = FIRST_S, longest: float = LONGEST_S) -> Iterator[float]:
    """Give growing pauses in seconds, each of them half to whole of what it could be, without end."""
    random = SystemRandom()
    whole = first
    while True:
        yield whole * random.uniform(0.5, 1)
        whole = min(longest, whole * 2)
