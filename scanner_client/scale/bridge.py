"""A scale that only its station's machine can read: what it shows goes to the server while the link holds.

Readings are latest state: none is kept for later, since one that arrives late is of another parcel. After a loss the
server is told what the scale shows then.
"""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Callable, Iterator
from time import monotonic
from typing import Final

from scanner_client.connection import Connection
from scanner_client.dial import Dial
from scanner_client.pulse import Timing
from scanner_client.scale.address import Weighing, open_scale
from scanner_client.scale.reading import ScaleError
from server.kernel.refusal import Refusal
from server.protocol.frames import Error, Frame, ServerFrame, Weight, encode

PERIOD_S: Final = 0.15
BEAT_S: Final = 2.0
"""So often the server is told what has not changed: it forgets a scale that is silent."""
PATIENCE_S: Final = 2.0
AWAY_S: Final = 1.0
"""Until a scale that is away is looked for again."""
REFUSED: Final = frozenset({"not_allowed", "not_found", "wrong_site", "bad_frame"})
"""Answers that will be the same the next time."""


class Bridge:
    """The scale at `address`, shown to `station`; `tell` hears of each change. Make it where an event loop runs."""

    def __init__(
        self, address: str, station: str, dial: Dial, tell: Callable[[Weight], object], timing: Timing | None = None
    ) -> None:
        """Begin with a scale that was not read yet."""
        self.address, self.station, self.tell = address, station, tell
        self.connection = Connection(dial, self, timing or Timing())
        self.waiting = 0
        self._shown: Weight | None = None
        self._told: tuple[Weight | None, float] = (None, 0.0)
        self._refused: asyncio.Future[None] = asyncio.get_running_loop().create_future()

    async def run(self) -> None:
        """Read and tell until cancelled. Refusals `not_signed_in`, and those of the server, end it."""
        work = {asyncio.create_task(self.connection.run()), asyncio.create_task(self._read()), self._refused}
        try:
            ended, _ = await asyncio.wait(work, return_when=asyncio.FIRST_COMPLETED)
            for task in ended:
                task.result()
        finally:
            for task in work:
                task.cancel()
            await asyncio.gather(*work, return_exceptions=True)

    def opened(self) -> None:
        """A new socket knows nothing yet."""
        self._told = (None, 0.0)

    def hear(self, frame: ServerFrame) -> None:
        """The server answers only what it refuses."""
        if isinstance(frame, Error) and frame.code in REFUSED and not self._refused.done():
            self._refused.set_exception(Refusal(frame.code, **frame.facts))

    def outgoing(self) -> Iterator[Frame]:
        """Give what the scale shows, if that is news to the server or it may begin to forget it."""
        told, at = self._told
        if self._shown and (told is None or _seen(self._shown) != _seen(told) or monotonic() - at >= BEAT_S):
            self._told = (self._shown, monotonic())
            yield self._shown

    async def _read(self) -> None:
        """Read the scale, and look for it again while it is away."""
        while True:
            try:
                with await asyncio.to_thread(open_scale, self.address, PATIENCE_S) as scale:
                    await self._watch(scale)
            except ScaleError as error:
                self._show(
                    Weight(self.station, self.address[-64:], 0, stable=False, raw=str(error)[:200], status="offline")
                )
            await asyncio.sleep(AWAY_S)

    async def _watch(self, scale: Weighing) -> None:
        while True:
            reading = await asyncio.to_thread(scale.weigh_now)
            facts = (reading.grams, reading.stable, reading.raw[:200], reading.status)
            self._show(Weight(self.station, self.address[-64:], *facts))
            await asyncio.sleep(PERIOD_S)

    def _show(self, now: Weight) -> None:
        if self._shown is None or _seen(now) != _seen(self._shown):
            self.tell(now)
        self._shown = now
        self.connection.poke()


def _seen(weight: Weight) -> tuple[int, bool, str]:
    """Give what a person would see."""
    return weight.grams, weight.stable, weight.status


async def bridge(address: str, station: str, dial: Dial, tell: Callable[[Weight], object]) -> None:
    """Show a scale to a station until interrupted."""
    await Bridge(address, station, dial, tell).run()


def teller(*, as_json: bool) -> Callable[[Weight], object]:
    """Give a function that prints each change of what the scale shows."""

    def tell(now: Weight) -> None:
        shown = f"{now.grams} g{'' if now.stable else ' ...'}" if now.status == "ok" else f"{now.status}: {now.raw}"
        sys.stdout.write(f"{encode(now).decode() if as_json else shown}\n")
        sys.stdout.flush()

    return tell
