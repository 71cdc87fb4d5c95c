"""A socket that comes back: it listens, sends what there is to send, and hangs up on who does not answer."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Iterable
from contextlib import suppress
from typing import Protocol

import msgspec
from websockets.asyncio.client import ClientConnection
from websockets.exceptions import WebSocketException

from scanner_client.dial import Dial
from scanner_client.pauses import pauses
from scanner_client.presence import Presence
from scanner_client.pulse import Pulse, Timing
from server.kernel.refusal import Refusal
from server.protocol.frames import (
    Error,
    Frame,
    Ping,
    ServerFrame,
    decode_server,
    encode,
)

log = logging.getLogger(__name__)
NOT_SIGNED_IN = 4401


class Ears(Protocol):
    """Who stands behind a connection."""

    @property
    def waiting(self) -> int:
        """How many operations are not answered."""

    def opened(self) -> None:
        """Start anew: nothing was sent on this socket yet."""

    def hear(self, frame: ServerFrame) -> None:
        """Take in a frame."""

    def outgoing(self) -> Iterable[Frame]:
        """Give what is to be sent now, each frame once."""


class Connection:
    """The socket to the server, as long as `run` runs."""

    def __init__(self, dial: Dial, ears: Ears, timing: Timing) -> None:
        self.dial, self.ears, self.timing = dial, ears, timing
        self.presence = Presence()
        self.pulse = self._new_pulse()
        self._wake = asyncio.Event()
        self._pings = 0
        self._spoken = False

    def poke(self) -> None:
        """Say that there is something to send."""
        self._wake.set()

    async def run(self) -> None:
        """Stay connected until cancelled. Refusal `not_signed_in` ends it, and those that ears raise."""
        waiting = pauses(self.timing.pause_s)
        while True:
            self._spoken = False
            try:
                async with self.dial() as socket:
                    await self._talk(socket)
            except (OSError, WebSocketException) as error:
                log.info("no connection: %s", error)
            self.presence.missed()
            waiting = pauses(self.timing.pause_s) if self._spoken else waiting
            await asyncio.sleep(next(waiting))

    async def _talk(self, socket: ClientConnection) -> None:
        self.pulse = self._new_pulse()
        self.ears.opened()
        pump = asyncio.create_task(self._pump(socket))
        try:
            async for message in socket:
                self._hear(message)
        finally:
            pump.cancel()
            await asyncio.gather(pump, return_exceptions=True)
            if socket.close_code == NOT_SIGNED_IN:
                raise Refusal("not_signed_in")

    def _hear(self, message: str | bytes) -> None:
        self.pulse.heard()
        try:
            frame = decode_server(message)
        except msgspec.DecodeError as error:
            log.warning("a frame of the server is not understood: %s", error)
            return
        if not isinstance(frame, Error):
            self.presence.answered()
            self._spoken = True
        self.ears.hear(frame)
        self.poke()

    async def _pump(self, socket: ClientConnection) -> None:
        with suppress(OSError, WebSocketException):
            while not self.pulse.is_dead:
                await self._send(socket)
                with suppress(TimeoutError):
                    async with asyncio.timeout_at(self.pulse.due):
                        await self._wake.wait()
                self._wake.clear()
            self.presence.missed()
            await socket.close(1001)

    async def _send(self, socket: ClientConnection) -> None:
        for frame in self.ears.outgoing():
            await socket.send(encode(frame).decode())
        if self.pulse.is_silent:
            self._pings += 1
            await socket.send(encode(Ping(self._pings, self.ears.waiting)).decode())
            self.pulse.asked()

    def _new_pulse(self) -> Pulse:
        return Pulse(self.timing, asyncio.get_running_loop().time)
