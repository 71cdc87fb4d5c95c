"""A supervisor who looks on: notes when each scan is first counted on the screen of the floor."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from time import perf_counter

from server.bench.wire import Wire, address, framed
from server.protocol.frames import PROTOCOL, Hello, Progress, Watch, decode_server, encode


class Watcher:
    """One supervisor's socket. A handheld's n-th scan is seen once its person has n scans on the screen."""

    def __init__(self, sent: Mapping[str, list[float]]) -> None:
        """Know when each person's scans were sent or due (perf_counter)."""
        self.sent = sent
        self.seen_at: dict[str, list[float]] = {}
        self._drawn = asyncio.Event()
        self._wire: Wire

    async def connect(self, url: str, cookie: str, site: str) -> None:
        """Open the socket and wait for the first drawing."""
        loop = asyncio.get_running_loop()
        ws, host, port = address(url)
        _, self._wire = await loop.create_connection(lambda: Wire(ws, cookie, self._heard, lambda: None), host, port)
        await self._wire.opened
        for frame in (Hello(PROTOCOL, 0, 0), Watch("floor", site)):
            self._wire.transport.write(framed(encode(frame)))
        await self._drawn.wait()

    def late_ms(self, start: float, end: float) -> list[float]:
        """Give how long after it was sent each scan of this time was seen; one never seen counts as seen now."""
        now, found = perf_counter(), list[float]()
        for user, moments in self.sent.items():
            seen = self.seen_at.get(user, [])
            for number, due in enumerate(moments):
                if start <= due < end:
                    found.append(((seen[number] if number < len(seen) else now) - due) * 1_000)
        return found

    def _heard(self, payload: bytes) -> None:
        frame = decode_server(payload)
        if not isinstance(frame, Progress):
            return
        self._drawn.set()
        now = perf_counter()
        for picker in frame.pickers:
            seen = self.seen_at.setdefault(picker.user, [])
            seen += [now] * (picker.scans - len(seen))
