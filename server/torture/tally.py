"""What all devices saw together: every answer, every fault that befell them, and the first evidence of a failure."""

from __future__ import annotations

from collections import Counter
from time import perf_counter

import msgspec

from server.protocol.frames import Committed, Op, Rejected
from server.protocol.picking import Scan

MOST_EVIDENCE = 4
"""Failures of a check that are told in words."""


class Ack(msgspec.Struct, frozen=True):
    """An answer as it must stay: `code` is '' for a committed operation; `at` is the device's time (ms)."""

    device: str
    seq: int
    at: int
    scan: bool
    code: str
    position: int
    facts: bytes


def ack_of(device: str, op: Op, frame: Committed | Rejected) -> Ack:
    """Keep what an answer said, without the view that may change."""
    scan = isinstance(op.cmd, Scan)
    if isinstance(frame, Committed):
        return Ack(device, op.seq, op.at, scan, "", frame.position, b"{}")
    return Ack(device, op.seq, op.at, scan, frame.code, 0, msgspec.json.encode(frame.facts, order="sorted"))


class Tally:
    """Counts of all kinds, the first answer of each operation, and what went wrong, check by check."""

    def __init__(self) -> None:
        self.ops = 0
        self.acked: dict[str, Ack] = {}
        self.counts: Counter[str] = Counter()
        self.wrong: Counter[str] = Counter()
        self.evidence: list[str] = []
        self.recovery_ms: list[float] = []
        self._killed_at = 0.0
        self._is_up = True

    def blame(self, check: str, evidence: str) -> None:
        """Count a failure of a check; the first ones are kept in words."""
        self.wrong[check] += 1
        if self.wrong[check] <= MOST_EVIDENCE:
            self.evidence.append(f"{check}: {evidence}")

    def killed(self) -> None:
        """The server was just killed."""
        self.counts["kills"] += 1
        self._killed_at, self._is_up = perf_counter(), False

    def up(self) -> None:
        """The server listens again: the next answer is its own."""
        self._is_up = True

    def answered(self, op_id: str, ack: Ack) -> None:
        """Keep the first answer to an operation; any later one has to be the same."""
        first = self.acked.setdefault(op_id, ack)
        if first is not ack:
            self.counts["replays"] += 1
            if first != ack:
                self.blame("replay_differs", f"{op_id} was answered {first}, then {ack}")
        elif self._is_up and self._killed_at:
            self.recovery_ms.append((perf_counter() - self._killed_at) * 1_000)
            self._killed_at = 0.0
