"""A phone without a network: a session of the real hub, and what it was sent."""

from __future__ import annotations

import asyncio
from typing import Any

import msgspec

from server.kernel.actor import Actor
from server.kernel.ids import ulid
from server.live.hub import Hub
from server.live.session import Session
from server.protocol.base import Command
from server.protocol.frames import Frame, Hello, Op, ServerFrame, decode_server, encode
from tests.kit import World


async def attribute(actor: Actor, by: str) -> Actor:
    """Attribute an operation to whoever made it."""
    return msgspec.structs.replace(actor, user=by) if by else actor


class Phone:
    """Speaks frames to a session; `inbox` holds what came back."""

    def __init__(self, w: World, hub: Hub, actor: Actor) -> None:
        """Connect, unready until hello."""
        self.hub, self.actor, self.seq = hub, actor, 0
        self.session = Session(actor, actor.user, w.bus, w.clock, attribute)
        self.inbox: list[ServerFrame] = []
        hub.join(self.session)
        self._reader = asyncio.create_task(self._read())

    async def _read(self) -> None:
        while (data := await self.session.unsent()) is not None:
            self.inbox.append(decode_server(data))

    async def say(self, frame: Frame | bytes) -> None:
        """Send a frame, or bytes that are none."""
        await self.session.receive(frame if isinstance(frame, bytes) else encode(frame))

    async def hello(self, position: int = 0) -> None:
        """Say hello and wait for the answer."""
        await self.say(Hello(1, position, self.seq))
        await self.heard("Changed")

    async def op(self, command: Command, op_id: str = "", seq: int = 0) -> Any:
        """Send an operation and give its answer."""
        self.seq = seq or self.seq + 1
        name = op_id or ulid()
        before = len(self.inbox)
        await self.say(Op(name, self.seq, 0, "", command))  # type: ignore[arg-type]
        return await self.heard("Committed", "Rejected", "Expected", "Error", since=before)

    async def heard(self, *kinds: str, since: int = 0, seconds: float = 5) -> Any:
        """Wait for the newest frame of these kinds."""
        async with asyncio.timeout(seconds):
            while True:
                for frame in reversed(self.inbox[since:]):
                    if type(frame).__name__ in kinds:
                        return frame
                await asyncio.sleep(0.005)

    def gone(self) -> None:
        """Vanish without a word."""
        self.hub.leave(self.session)
        self.session.close(1000, "")
