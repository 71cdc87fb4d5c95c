"""A small real server for the wire: it keeps a sequence and an oplog as Pickwave does, and can misbehave."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager, suppress
from random import Random

from websockets.asyncio.server import Server, ServerConnection, serve
from websockets.exceptions import ConnectionClosed

from scanner_client.dial import Dial, dialler
from scanner_client.enrol import Enrolled
from scanner_client.outbox import Entry
from scanner_client.told import laid, mark
from server.protocol.frames import (
    Changed,
    Committed,
    Error,
    Expected,
    Frame,
    Hello,
    Lost,
    Op,
    Ping,
    Pong,
    Rejected,
    Welcome,
    decode_client,
    encode,
)
from server.protocol.picking import Scan, TaskView


class Floor:
    """What the server knows. `done` are the operations in the order in which they were first carried out."""

    def __init__(self, tasks: Sequence[TaskView] = ()) -> None:
        self.tasks = tuple(tasks)
        self.position = 100
        self.seq = 0
        self.done: list[Op] = []
        self.answers: dict[str, Frame] = {}
        self.heard: list[object] = []
        self.sockets: set[ServerConnection] = set()
        self.headers: list[str] = []
        self.faults = Random(0)
        self.fault_rate = 0.0
        self.silent = False
        self.busy = 0
        self.close_with = 0

    async def serve(self, socket: ServerConnection) -> None:
        self.sockets.add(socket)
        self.headers.append(socket.request.headers.get("Authorization", "") if socket.request else "")
        if self.close_with:
            await socket.close(self.close_with)
        try:
            with suppress(ConnectionClosed):
                async for message in socket:
                    if not self.silent:
                        await self.answer(socket, message)
        finally:
            self.sockets.discard(socket)

    async def answer(self, socket: ServerConnection, message: str | bytes) -> None:
        frame = decode_client(message)
        self.heard.append(frame)
        fault = self.faults.random() < self.fault_rate
        if fault and self.faults.random() < 0.5:
            socket.transport.abort()
            return
        replies = self.take(frame)
        if fault:
            socket.transport.abort()
            return
        for reply in replies:
            await socket.send(encode(reply).decode())

    def take(self, frame: object) -> list[Frame]:
        match frame:
            case Hello():
                return [self.welcome(), self.snapshot()]
            case Op():
                return self.op(frame)
            case Lost(seq):
                self.seq = seq - 1
                return [Expected(seq)]
            case Ping(n):
                return [Pong(n, 0)]
            case _:
                return []

    def welcome(self) -> Welcome:
        return Welcome("ann", "Ann", "CAM", "MAIN", (), self.position, self.seq, 1, "0.1.0")

    def snapshot(self) -> Changed:
        return Changed(0, self.position, self.tasks, (), snapshot=True)

    def op(self, op: Op) -> list[Frame]:
        if op.op_id in self.answers:
            return [self.answers[op.op_id]]
        if self.busy:
            self.busy -= 1
            return [Error("busy", {"op_id": op.op_id, "seq": op.seq})]
        if op.seq != self.seq + 1:
            return [Expected(self.seq + 1)]
        self.seq = op.seq
        self.done.append(op)
        self.answers[op.op_id] = self.judge(op)
        return [self.answers[op.op_id]]

    def judge(self, op: Op) -> Frame:
        after = laid(self.tasks, [Entry(op, mark(self.tasks, op.cmd))])
        if isinstance(op.cmd, Scan) and after == self.tasks:
            return Rejected(op.op_id, op.seq, f"wrong_{op.cmd.step}", {"scanned": op.cmd.code})
        self.tasks = after
        self.position += 1
        return Committed(op.op_id, op.seq, self.position)

    async def push(self, *tasks: TaskView, gone: tuple[str, ...] = (), since: int | None = None) -> None:
        """Change tasks, and tell it to who is connected."""
        before = self.position if since is None else since
        self.position += 1
        fresh = {task.id: task for task in tasks}
        kept = tuple(fresh.pop(t.id, t) for t in self.tasks if t.id not in gone)
        self.tasks = (*kept, *fresh.values())
        frame = encode(Changed(before, self.position, tasks, gone)).decode()
        await asyncio.gather(*(socket.send(frame) for socket in self.sockets))

    def cut(self) -> None:
        """Cut every connection off, as a dead access point does."""
        for socket in set(self.sockets):
            socket.transport.abort()


@asynccontextmanager
async def opened(floor: Floor) -> AsyncIterator[Dial]:
    """Serve on a free port and give the way there."""
    server: Server = await serve(floor.serve, "127.0.0.1", 0, close_timeout=0.1)
    port = server.sockets[0].getsockname()[1]
    try:
        yield dialler(Enrolled(f"http://127.0.0.1:{port}", "CAM", "secret"))
    finally:
        server.close(close_connections=True)
        await server.wait_closed()


async def until(done: Callable[[], object], seconds: float = 10) -> None:
    """Wait for something to be so."""
    async with asyncio.timeout(seconds):
        while not done():
            await asyncio.sleep(0.005)
