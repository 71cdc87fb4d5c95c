"""A handheld: a durable outbox that an operation leaves only when it is answered, and one socket or two."""

from __future__ import annotations

import random
from collections.abc import Coroutine
from typing import Any

from server.kernel.clock import HOUR, now
from server.kernel.ids import ulid
from server.protocol.frames import Committed, LiveCommand, Op, Rejected
from server.torture.tally import Tally, ack_of
from server.torture.wire import Wire

WRONG_BY = 12 * HOUR
CLOCK_SET = 0.002
"""How often, per operation, somebody sets the device's clock."""


class Handheld:
    """One device and who is signed in at it. `waiting` is the outbox, in the order of `seq`."""

    def __init__(self, url: str, device: str, user: str, cookie: str, tally: Tally, dice: random.Random) -> None:
        self.url, self.device, self.user, self.cookie = url, device, user, cookie
        self.tally, self.dice = tally, dice
        self.waiting: dict[str, Op] = {}
        self.past: dict[str, Op] = {}
        self.wires: list[Wire] = []
        self.refused = 0
        self.resting = False
        self._seq = self._shown = 0
        self._to_show: dict[int, LiveCommand | None] = {}
        self._wrong = dice.randint(-WRONG_BY, WRONG_BY)
        self._times: set[int] = set()

    def connect(self, sockets: int) -> list[Coroutine[Any, Any, None]]:
        """Give the work of keeping so many sockets open."""
        self.wires = [Wire(self, random.Random(self.dice.random())) for _ in range(sockets)]
        return [wire.run() for wire in self.wires]

    @property
    def seq(self) -> int:
        """The last operation made."""
        return self._seq

    def make(self, command: LiveCommand) -> Op:
        """Put an operation into the outbox, under the next number and this device's own idea of the time."""
        self._seq += 1
        at = self._clock()
        op = Op(ulid(at), self._seq, at, self.user, command)
        self.waiting[op.op_id] = op
        self.tally.ops += 1
        for wire in self.wires:
            wire.wake.set()
        return op

    def _clock(self) -> int:
        """Tell the wrong time; no two operations have the same, so that each scan can be found by it."""
        if self.dice.random() < CLOCK_SET:
            self._wrong = self.dice.randint(-WRONG_BY, WRONG_BY)
        at = now() + self._wrong
        while at in self._times:
            at += 1
        self._times.add(at)
        return at

    def answered(self, frame: Committed | Rejected) -> None:
        """Take an answered operation out of the outbox; a further answer is compared with the first."""
        op = self.waiting.pop(frame.op_id, None)
        if op is not None:
            self.past[op.op_id] = op
            self.refused += isinstance(frame, Rejected)
            self._show(op.seq, op.cmd if isinstance(frame, Committed) else None)
        found = op or self.past.get(frame.op_id)
        if found is None:
            self.tally.blame("acked_missing", f"{self.device} was answered {frame.op_id}, which it never sent")
        else:
            self.tally.answered(frame.op_id, ack_of(self.device, found, frame))

    def _show(self, seq: int, command: LiveCommand | None) -> None:
        """Lay what was done over what is shown, in the order it was done: answers may overtake each other."""
        self._to_show[seq] = command
        while self._shown + 1 in self._to_show:
            self._shown += 1
            if done := self._to_show.pop(self._shown):
                for wire in self.wires:
                    wire.view.did(done)
