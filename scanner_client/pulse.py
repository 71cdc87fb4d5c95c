"""Whether the other side of a socket lives: silence is asked about once, then taken for an answer."""

from __future__ import annotations

import math
from collections.abc import Callable

import msgspec


class Timing(msgspec.Struct, frozen=True):
    """Seconds: silence before a ping, patience for its answer and for an operation's.

    `busy_s` until a busy server is asked again, `pause_s` the first pause before connecting again.
    """

    ping_s: float = 5.0
    answer_s: float = 4.0
    op_s: float = 30.0
    busy_s: float = 1.0
    pause_s: float = 0.25


class Pulse:
    """When one connection was last heard of, and when that is too long ago. Times in seconds of `clock`."""

    def __init__(self, timing: Timing, clock: Callable[[], float]) -> None:
        self.timing, self.clock = timing, clock
        self._asked = False
        self._due = clock() + timing.ping_s
        self._op_due = math.inf

    @property
    def due(self) -> float:
        """When to look again."""
        return min(self._due, self._op_due)

    @property
    def is_dead(self) -> bool:
        """Whether a ping or an operation was not answered in time."""
        now = self.clock()
        return now >= self._op_due or (self._asked and now >= self._due)

    @property
    def is_silent(self) -> bool:
        """Whether it is time to ask."""
        return not self._asked and self.clock() >= self._due

    def heard(self) -> None:
        """Note that something came."""
        self._asked, self._due = False, self.clock() + self.timing.ping_s

    def asked(self) -> None:
        """Note that a ping was sent."""
        self._asked, self._due = True, self.clock() + self.timing.answer_s

    def op_sent(self) -> None:
        """Note that an operation was sent: the oldest on its way is the one to wait for."""
        self._op_due = min(self._op_due, self.clock() + self.timing.op_s)

    def op_answered(self, *, more: bool) -> None:
        """Note that an operation was answered; with `more`, others are on their way."""
        self._op_due = self.clock() + self.timing.op_s if more else math.inf
