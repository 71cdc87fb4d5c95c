"""A device's socket: operations one at a time, sent again after a break, and sometimes twice on purpose."""

from __future__ import annotations

import asyncio
import random
from collections import Counter
from contextlib import suppress
from time import perf_counter

import msgspec
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed

from server.demo.options import Rates
from server.kernel.clock import now
from server.kernel.ids import ulid
from server.protocol.frames import (
    PROTOCOL,
    Changed,
    Committed,
    Error,
    Expected,
    Frame,
    Hello,
    LiveCommand,
    Op,
    Progress,
    Rejected,
    Watch,
    decode_server,
    encode,
)
from server.protocol.picking import Scan, TaskView

Answer = Committed | Rejected
PAUSE_SECONDS = 0.05
MOST_TRIES = 200


class Tally(msgspec.Struct):
    """What all devices saw together: answered operations, times of scans (ms), and how often they misbehaved.

    `unequal` are repeated operations whose second answer was another than the first.
    """

    answered: dict[str, str] = msgspec.field(default_factory=dict)
    scan_ms: list[float] = msgspec.field(default_factory=list)
    unequal: int = 0
    done: Counter[str] = msgspec.field(default_factory=Counter)


class Link:
    """One device: its place in the sequence, the tasks it was told of, and its socket."""

    def __init__(self, url: str, cookie: str, user: str, tally: Tally, dice: random.Random, rates: Rates) -> None:
        self.url, self.cookie, self.user = url.replace("http", "ws", 1) + "/live", cookie, user
        self.tally, self.dice, self.rates = tally, dice, rates
        self.tasks: dict[str, TaskView] = {}
        self.progress: Progress | None = None
        self.changed = asyncio.Event()
        self._seq = self._position = 0
        self._watching = ""
        self._busy = asyncio.Lock()
        self._socket: ClientConnection | None = None
        self._reader: asyncio.Task[None] | None = None
        self._answers: dict[str, asyncio.Future[Answer | None]] = {}

    async def open(self) -> None:
        """Connect and say hello; the answer arrives by itself."""
        self._socket = await connect(
            self.url,
            additional_headers={"Cookie": self.cookie},
            compression=None,
            max_size=None,
            proxy=None,
        )
        self._reader = asyncio.create_task(self._read(self._socket))
        await self._say(Hello(PROTOCOL, self._position, self._seq))
        if self._watching:
            await self._say(Watch("floor", self._watching))

    async def close(self) -> None:
        """Hang up."""
        if self._socket:
            await self._socket.close()
        if self._reader:
            await asyncio.gather(self._reader, return_exceptions=True)

    async def watch(self, site: str) -> None:
        """Ask for the floor's progress."""
        self._watching = site
        await self._say(Watch("floor", site))

    async def do(self, command: LiveCommand) -> Answer:
        """Perform a command and give its answer, however often it had to be sent. One at a time, in order."""
        async with self._busy:
            return await self._do(command)

    async def _do(self, command: LiveCommand) -> Answer:
        self._seq += 1
        op = Op(ulid(), self._seq, now(), self.user, command)
        start = perf_counter()
        answer = await self._answer(op, drop=self.dice.random() < self.rates.dropped)
        if isinstance(command, Scan):
            self.tally.scan_ms.append((perf_counter() - start) * 1_000)
        self.tally.answered[op.op_id] = answer.code if isinstance(answer, Rejected) else ""
        if self.dice.random() < self.rates.repeated:
            self.tally.done["repeated"] += 1
            again = await self._answer(op)
            self.tally.unequal += _bare(again) != _bare(answer)
        return answer

    async def _answer(self, op: Op, *, drop: bool = False) -> Answer:
        """Send an operation until it is answered; with `drop` the line breaks after the first time."""
        for _ in range(MOST_TRIES):
            future: asyncio.Future[Answer | None] = asyncio.get_running_loop().create_future()
            self._answers[op.op_id] = future
            await self._say(op)
            if drop and self._socket:
                drop = False
                self.tally.done["dropped"] += 1
                self._socket.transport.abort()
            answer = await future
            if answer is not None:
                return answer
            await asyncio.sleep(PAUSE_SECONDS)
            await self._reconnect()
        raise ConnectionError(f"{type(op.cmd).__name__} was not answered")

    async def _reconnect(self) -> None:
        if self._reader and self._reader.done():
            self.tally.done["reconnected"] += 1
            await self.open()

    async def _say(self, frame: Frame) -> None:
        with suppress(ConnectionClosed):
            if self._socket:
                await self._socket.send(encode(frame), text=True)

    async def _read(self, socket: ClientConnection) -> None:
        """Hear the server out until the line breaks; whoever waits for an answer then is told to ask again."""
        with suppress(ConnectionClosed):
            async for message in socket:
                await self._heard(decode_server(message))
        self._ask_again()

    async def _heard(self, frame: Frame) -> None:
        if isinstance(frame, Committed | Rejected):
            self._resolve(frame.op_id, frame)
        elif isinstance(frame, Changed):
            await self._change(frame)
        elif isinstance(frame, Progress):
            self.progress = frame
            self.changed.set()
        elif isinstance(frame, Error):
            self.tally.done[f"error {frame.code}"] += 1
            self._resolve(str(frame.facts.get("op_id", "")), None)
        elif isinstance(frame, Expected):
            self.tally.done["expected"] += 1
            self._ask_again()

    def _ask_again(self) -> None:
        """Tell whoever waits for an answer that it has to be asked for once more."""
        for op_id in list(self._answers):
            self._resolve(op_id, None)

    def _resolve(self, op_id: str, answer: Answer | None) -> None:
        future = self._answers.pop(op_id, None)
        if future and not future.done():
            future.set_result(answer)

    async def _change(self, frame: Changed) -> None:
        """Take in what changed; where something was missed, say hello again."""
        if not frame.snapshot and frame.since != self._position:
            await self._say(Hello(PROTOCOL, self._position, self._seq))
            return
        if frame.snapshot:
            self.tasks.clear()
        for task in frame.gone:
            self.tasks.pop(task, None)
        self.tasks.update({task.id: task for task in frame.tasks})
        self._position = frame.until
        self.changed.set()

    async def wait(self, seconds: float) -> None:
        """Wait until something changed, or so long."""
        with suppress(TimeoutError):
            await asyncio.wait_for(self.changed.wait(), seconds)
        self.changed.clear()


def _bare(answer: Answer) -> Answer:
    """Give an answer without the view that may have changed since."""
    return msgspec.structs.replace(answer, result=None) if isinstance(answer, Committed) else answer
