"""Online is hysteresis over recent answers: a socket can say open after sleep and be dead."""

from __future__ import annotations

AGREEING = 2


class Presence:
    """Whether the server is there: two answers in a row say yes, two misses in a row say no."""

    def __init__(self) -> None:
        self.online = False
        self._run = 0

    def answered(self) -> None:
        """Count an answer of the server."""
        self._count(answer=True)

    def missed(self) -> None:
        """Count an answer that is overdue, or a lost connection."""
        self._count(answer=False)

    def _count(self, *, answer: bool) -> None:
        self._run = 0 if answer == self.online else self._run + 1
        if self._run >= AGREEING:
            self.online, self._run = answer, 0
