"""Devices that send operations without waiting for answers, keep what they were told, and can send the rest again."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Callable
from contextlib import suppress

from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed

from server.demo.web import cookie, sign_in
from server.kernel.clock import now
from server.kernel.ids import ulid
from server.people.seed import Person
from server.protocol.frames import PROTOCOL, Committed, Hello, Op, Rejected, decode_server, encode
from server.protocol.picking import HandBack, TakeTask

WINDOW = 20
"""Operations a device has under way at once."""


class Device:
    """One socket's whole life: `sent` in order, `acked` code by op_id ('' = committed), `code` it was closed with."""

    def __init__(self, name: str, url: str, person: Person, seed: int) -> None:
        self.name, self.url, self.person, self.dice = name, url, person, random.Random(seed)
        self.sent: list[Op] = []
        self.acked: dict[str, str] = {}
        self.code = 0
        self._room = asyncio.Semaphore(WINDOW)

    async def connect(self) -> ClientConnection:
        """Sign in, open the socket, say hello."""
        web = await sign_in(self.url, self.person, self.name)
        await web.aclose()
        address = self.url.replace("http", "ws", 1) + f"/live?device={self.name}"
        socket = await connect(address, additional_headers={"Cookie": cookie(web)}, proxy=None, compression=None)
        await socket.send(encode(Hello(PROTOCOL, 0, 0)), text=True)
        return socket

    async def _hear(self, socket: ClientConnection, enough: Callable[[], bool]) -> None:
        async for message in socket:
            frame = decode_server(message)
            if isinstance(frame, Committed | Rejected):
                self.acked[frame.op_id] = frame.code if isinstance(frame, Rejected) else ""
                self._room.release()
                if enough():
                    return

    async def work(self, socket: ClientConnection, tasks: list[str]) -> None:
        """Take and hand back tasks, as fast as the server answers, until it closes the socket."""
        hearing = asyncio.create_task(self._hear(socket, lambda: False))
        hearing.add_done_callback(lambda _: self._room.release())
        with suppress(ConnectionClosed):
            while not hearing.done():
                await self._room.acquire()
                command = self.dice.choice((TakeTask, HandBack))(self.dice.choice(tasks))
                op = Op(ulid(), len(self.sent) + 1, now(), "", command)
                self.sent.append(op)
                await socket.send(encode(op), text=True)
        await asyncio.gather(hearing, return_exceptions=True)
        self.code = socket.close_code or 0

    async def replay(self, url: str) -> dict[str, str]:
        """Send all operations again, those that were answered too; gives the answers of the second time."""
        self.url, before, self.acked = url, self.acked, {}
        socket = await self.connect()
        for op in self.sent:
            await socket.send(encode(op), text=True)
        await asyncio.wait_for(self._hear(socket, lambda: len(self.acked) == len(self.sent)), 20)
        await socket.close()
        assert self.acked | before == self.acked, "an operation's second answer is another than its first"
        return self.acked
