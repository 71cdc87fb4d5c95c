"""A bad network: a websocket proxy that drops, repeats, delays and reorders frames, and cuts sockets."""

from __future__ import annotations

import asyncio
import random
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

from msgspec.structs import asdict
from websockets.asyncio.client import connect
from websockets.asyncio.connection import Connection
from websockets.asyncio.server import ServerConnection, serve
from websockets.exceptions import WebSocketException

from server.demo.process import HOST
from server.torture.options import Rates

LONGEST_DELAY = 0.05


class Proxy:
    """Stands before the server at `url`; `rates` may be changed while it runs."""

    def __init__(self, url: str, seed: int, rates: Rates, counts: Counter[str]) -> None:
        self.url, self.seed, self.rates, self.counts = url, seed, rates, counts
        self._later: set[asyncio.Task[None]] = set()

    @asynccontextmanager
    async def open(self) -> AsyncIterator[str]:
        """Listen, and give the address for handhelds."""
        async with serve(self._pair, HOST, 0, compression=None, max_size=None, ping_interval=None) as door:
            yield f"ws://{HOST}:{door.sockets[0].getsockname()[1]}"
        await asyncio.gather(*self._later, return_exceptions=True)

    async def _pair(self, phone: ServerConnection) -> None:
        """Carry frames both ways until either end, or the line between, breaks."""
        if (request := phone.request) is None:
            return
        self.counts["connections"] += 1
        dice = random.Random(f"{self.seed} {request.path} {self.counts['connections']}")
        headers = {"Cookie": request.headers.get("Cookie", "")}
        with suppress(OSError, WebSocketException, TimeoutError):
            async with connect(
                self.url + request.path,
                additional_headers=headers,
                compression=None,
                max_size=None,
                ping_interval=None,
                proxy=None,
            ) as server:
                ways = [self._carry(phone, server, dice), self._carry(server, phone, dice)]
                tasks = [asyncio.create_task(way) for way in ways]
                await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
                for task in tasks:
                    task.cancel()
                await asyncio.gather(*tasks, return_exceptions=True)
                server.transport.abort()
        phone.transport.abort()

    async def _carry(self, source: Connection, target: Connection, dice: random.Random) -> None:
        """Carry one way; returns when the line is to be cut."""
        async for frame in source:
            fate = self._fate(dice)
            self.counts[fate] += 1
            if fate == "cut":
                return
            if fate == "reordered":
                self._overtaken(frame, target, dice)
                continue
            if fate == "delayed":
                await asyncio.sleep(dice.uniform(0, LONGEST_DELAY))
            for _ in range(COPIES.get(fate, 1)):
                await target.send(frame)

    def _fate(self, dice: random.Random) -> str:
        rates = asdict(self.rates)
        [fate] = dice.choices(["passed", *rates], [1 - sum(rates.values()), *rates.values()])
        return fate

    def _overtaken(self, frame: str | bytes, target: Connection, dice: random.Random) -> None:
        """Let a frame arrive later than those behind it."""

        async def arrive(seconds: float) -> None:
            await asyncio.sleep(seconds)
            with suppress(WebSocketException):
                await target.send(frame)

        task = asyncio.create_task(arrive(dice.uniform(0, LONGEST_DELAY)))
        self._later.add(task)
        task.add_done_callback(self._later.discard)


COPIES = {"dropped": 0, "repeated": 2}
"""How often a frame arrives; 1 where nothing else is said."""
