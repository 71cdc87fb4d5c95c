"""One socket of a handheld: made again whenever it breaks, all that is unanswered sent again, in order."""

from __future__ import annotations

import asyncio
import random
from contextlib import suppress
from typing import TYPE_CHECKING

from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import WebSocketException

from server.protocol.frames import (
    PROTOCOL,
    Changed,
    Committed,
    Error,
    Expected,
    Frame,
    Hello,
    Ping,
    Rejected,
    Welcome,
    decode_server,
    encode,
)
from server.torture.view import View

if TYPE_CHECKING:
    from server.torture.handheld import Handheld

PATIENCE = 0.4
"""Seconds without an answer after which what waits is sent again; twice as long in silence ends the socket."""
BREATH = 0.02
AGAIN = (0.02, 0.1)
NOT_YET = frozenset({"busy", "disk_full"})


class Wire:
    """The socket, what it was told, and how far it has sent."""

    def __init__(self, handheld: Handheld, dice: random.Random) -> None:
        self.handheld, self.dice = handheld, dice
        self.view = View()
        self.wake = asyncio.Event()
        self.greeted = self._known = False
        self.heard = self._sent = 0
        self._socket: ClientConnection | None = None

    async def run(self) -> None:
        """Connect again and again until it is cancelled."""
        while True:
            with suppress(OSError, WebSocketException, TimeoutError):
                await self._live()
            self.greeted = False
            await asyncio.sleep(self.dice.uniform(*AGAIN))

    def cut(self, *, forget: bool = False) -> None:
        """Break the socket; `forget` also what it was told, as a reboot does."""
        self.greeted = False
        if forget:
            self.view = View()
        if self._socket:
            self._socket.transport.abort()

    async def _live(self) -> None:
        self._sent = 0
        async with connect(
            f"{self.handheld.url}/live?device={self.handheld.device}",
            additional_headers={"Cookie": self.handheld.cookie},
            compression=None,
            max_size=None,
            ping_interval=None,
            proxy=None,
        ) as self._socket:
            await self._hello()
            sender = asyncio.create_task(self._send())
            try:
                await self._listen(self._socket)
            finally:
                sender.cancel()
                await asyncio.gather(sender, return_exceptions=True)

    async def say(self, frame: Frame) -> None:
        """Send a frame, if there is a socket."""
        if self._socket:
            await self._socket.send(encode(frame), text=True)

    async def _hello(self) -> None:
        await self.say(Hello(PROTOCOL, self.view.position, self.handheld.seq, len(self.handheld.waiting)))

    async def _listen(self, socket: ClientConnection) -> None:
        """Hear the server out; after a silence it is asked whether it lives, after the next the socket is given up."""
        silent = False
        while not (silent and not self.greeted):
            try:
                async with asyncio.timeout(2 * PATIENCE):
                    frame = decode_server(await socket.recv())
            except TimeoutError:
                if silent:
                    return
                silent = True
                await self.say(Ping(1, len(self.handheld.waiting)))
            else:
                silent = False
                await self._hear(frame)

    async def _hear(self, frame: object) -> None:
        if isinstance(frame, Welcome):
            self.handheld.tally.counts["reconnects"] += self._known and not self.greeted
            self.greeted = self._known = True
            self.wake.set()
        elif isinstance(frame, Committed | Rejected):
            self.handheld.answered(frame)
        elif isinstance(frame, Expected):
            self._sent = 0
            self.wake.set()
        elif isinstance(frame, Changed):
            self.heard += 1
            if not self.view.take(frame):
                await self._hello()
        elif isinstance(frame, Error):
            self._error(frame)

    def _error(self, frame: Error) -> None:
        """`busy` and `disk_full` are no answers: the operation stays, and is sent again after a while."""
        self.handheld.tally.counts[frame.code] += 1
        self._sent = 0
        if frame.code not in NOT_YET:
            self.handheld.tally.blame("frames_refused", f"{self.handheld.device}: {frame}")

    async def _send(self) -> None:
        """Send what waits, in order; from the first on again where nobody answers."""
        while True:
            if self.greeted:
                for op in [op for op in self.handheld.waiting.values() if op.seq > self._sent]:
                    self._sent = op.seq
                    await self.say(op)
            self.wake.clear()
            try:
                async with asyncio.timeout(PATIENCE):
                    await self.wake.wait()
            except TimeoutError:
                self._sent = 0
            await asyncio.sleep(BREATH)
