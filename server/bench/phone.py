"""A handheld without hands: its scans are frames made beforehand, its answers are counted and timed."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Iterator
from time import perf_counter

import msgspec

from server.bench.load import Handheld
from server.bench.wire import Wire, address, framed
from server.kernel.clock import now
from server.kernel.ids import ulid
from server.protocol.frames import PROTOCOL, Hello, Op, encode

AGAIN_SECONDS = 0.05


class Answer(msgspec.Struct):
    """What matters of any frame of the server."""

    t: str
    seq: int = 0
    code: str = ""


answer_of = msgspec.json.Decoder(Answer).decode


class Tally:
    """What all handhelds heard. An answer is counted if its scan was due from `start` until `end` (perf_counter)."""

    def __init__(self) -> None:
        """Count nothing yet."""
        self.start = self.end = float("inf")
        self.answered = self.ran_out = 0
        self.late_ms: list[float] = []
        self.refused: Counter[str] = Counter()
        self.errors: Counter[str] = Counter()

    def take(self, due: float, code: str) -> None:
        """Count an answer."""
        self.answered += 1
        if self.start <= due < self.end:
            self.late_ms.append((perf_counter() - due) * 1_000)
        if code:
            self.refused[code] += 1


class Phone:
    """One handheld. With `at_once` it sends the next scan as soon as one is answered."""

    def __init__(self, handheld: Handheld, tally: Tally, *, at_once: bool) -> None:
        """Make all its frames."""
        self.handheld, self.tally, self.at_once = handheld, tally, at_once
        self.waiting: dict[int, tuple[float, bytes]] = {}
        self.sent: list[float] = []
        self.ready: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self.stopped = False
        self._seq = 0
        self._frames = list(_frames(handheld))
        self._wire: Wire

    async def connect(self, url: str, position: int) -> None:
        """Open the socket, say hello from a position of the journal and wait for what came after."""
        loop = asyncio.get_running_loop()
        ws, host, port = address(url)
        _, self._wire = await loop.create_connection(
            lambda: Wire(ws, self.handheld.cookie, self._heard, self._lost), host, port
        )
        await self._wire.opened
        self._wire.transport.write(framed(encode(Hello(PROTOCOL, position, 0))))
        await self.ready

    def scan(self, due: float = 0) -> None:
        """Send the next scan, which was due at that moment or is now."""
        if self.stopped:
            return
        if self._seq == len(self._frames):
            self.tally.ran_out += 1
            return
        frame, moment = self._frames[self._seq], perf_counter()
        self._seq += 1
        started = min(due or moment, moment)
        self.sent.append(started)
        self.waiting[self._seq] = (started, frame)
        self._wire.transport.write(frame)

    def close(self) -> None:
        """Hang up."""
        self._wire.transport.close()

    def _heard(self, payload: bytes) -> None:
        answer = answer_of(payload)
        if answer.t in {"committed", "rejected"}:
            if known := self.waiting.pop(answer.seq, None):
                self.tally.take(known[0], answer.code)
                if self.at_once:
                    self.scan()
        elif answer.t == "changed" and not self.ready.done():
            self.ready.set_result(None)
        elif answer.t in {"error", "expected"}:
            self.tally.errors[answer.code or answer.t] += 1
            asyncio.get_running_loop().call_later(AGAIN_SECONDS, self._again)

    def _again(self) -> None:
        """Send what has no answer once more: it was not stored."""
        self._wire.transport.writelines([frame for _, frame in self.waiting.values()])

    def _lost(self) -> None:
        if not self.ready.done():
            self.ready.set_exception(ConnectionError("closed before its tasks came"))
        if not self.stopped:
            self.stopped = True
            self.tally.errors["socket lost"] += 1


def _frames(handheld: Handheld) -> Iterator[bytes]:
    """Make the frames of all scans, numbered from 1."""
    for seq, scan in enumerate(handheld.scans, 1):
        yield framed(encode(Op(ulid(), seq, now(), handheld.user, scan)))
