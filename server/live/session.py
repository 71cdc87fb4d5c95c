"""One connection: bad input is answered, never fatal; a phone that does not read cannot hold others up."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from contextlib import suppress
from time import monotonic
from typing import Any

import msgspec

from server.bus import Bus
from server.db.oplog import Outcome, last_seq
from server.kernel.actor import SYSTEM, Actor
from server.kernel.clock import MINUTE, Clock
from server.kernel.refusal import Busy, Gap, Refusal
from server.live import sync
from server.live.model import DeclareLoss
from server.live.results import result_of
from server.live.unsent import Unsent
from server.packing.bridged import Bridged
from server.people.model import SeeDevice
from server.protocol.frames import (
    PROTOCOL,
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
    Progress,
    Rejected,
    Watch,
    Weight,
    Welcome,
    encode,
)
from server.protocol.reading import Unreadable, read_client

log = logging.getLogger(__name__)
MOST_FRAME = 64 * 1024
MOST_UNDER_WAY = 64
"""Operations of one socket that wait for their commit: who sends faster is not read until there is room again."""
BAD_IN_A_ROW = 10
SEEN_EVERY_MS = 10 * MINUTE
VERSION = "0.1.0"
Attribute = Callable[[Actor, str], Awaitable[Actor]]


class Session:
    """State of one socket: who it is, how far it has been told, what waits to be sent.

    While `greeting`, hello is being answered: what concerns it waits until `greeted` is called. `committed` counts what
    it was told is durable; `bridged` is where readings of scales go.
    """

    def __init__(self, actor: Actor, name: str, bus: Bus, clock: Clock, attribute: Attribute) -> None:
        """Begin unready: nothing is pushed before hello is answered."""
        self.actor, self.name, self.bus, self.clock, self.attribute = actor, name, bus, clock, attribute
        self.names = frozenset({actor.user, actor.device, actor.session})
        self.channels = sync.audiences(actor)
        self.ready, self.greeting, self.committed = False, False, 0
        self.greeted: Callable[[], None] = lambda: None
        self.bridged = Bridged()
        self.position, self.waiting, self.watching = 0, 0, ""
        self.opened, self._seen_at = monotonic(), 0
        self._unsent = Unsent()
        self._bad = 0
        self._room = asyncio.Semaphore(MOST_UNDER_WAY)
        self._running: set[asyncio.Task[None]] = set()

    @property
    def closing(self) -> tuple[int, str] | None:
        """How the socket is to end; None while it goes on."""
        return self._unsent.closing

    def send(self, frame: Frame) -> None:
        """Queue a frame; a connection that does not read is closed rather than waited for."""
        self._unsent.put(encode(frame))

    def send_latest(self, frame: Progress) -> None:
        """Queue latest state: it replaces one that was not sent yet."""
        self._unsent.put_latest(encode(frame))

    def close(self, code: int, reason: str) -> None:
        """Ask the sender to close the socket."""
        self._unsent.close(code, reason)

    async def unsent(self) -> bytes | None:
        """Wait for the next message to send; None when the socket is to be closed."""
        return await self._unsent.next()

    async def receive(self, data: bytes) -> None:
        """Answer one message; ten bad ones in a row close the socket."""
        try:
            if len(data) > MOST_FRAME:
                raise Refusal("too_large", most=MOST_FRAME)
            frame = read_client(data)
        except Unreadable as error:
            self._refuse("bad_frame", {"reason": str(error)})
        except Refusal as refusal:
            self._refuse(refusal.code, refusal.facts)
        else:
            self._bad = 0
            await ANSWERS[type(frame)](self, frame)

    def _refuse(self, code: str, facts: dict[str, Any]) -> None:
        self._bad += 1
        self.send(Error(code, facts))
        if self._bad >= BAD_IN_A_ROW:
            self.close(4400, "ten bad frames in a row")

    async def hello(self, frame: Hello) -> None:
        """Answer hello: who you are, and what you missed."""
        if frame.protocol not in {PROTOCOL, PROTOCOL - 1}:
            self.send(Error("old_client", {"protocol": frame.protocol, "wanted": PROTOCOL}))
            return
        self.ready, self.greeting, self.waiting = False, True, frame.waiting
        seq = await last_seq(self.bus.database, self.actor.device)
        missed = await self._missed(frame.position)
        self.send(self._welcome(missed.until, seq))
        self.send(missed)
        self.position, self.ready, self.greeting = missed.until, True, False
        await self.seen()
        self.greeted()

    async def seen(self) -> None:
        """Note when the device was heard of and how much it has still to send: who loses a phone will ask."""
        self._seen_at = self.clock()
        with suppress(Busy):
            await self.bus.perform(SYSTEM, SeeDevice(self.actor.device, self.waiting), bulk=True)

    async def _missed(self, position: int) -> Changed:
        """Read what came after `position`; once more where this device was told of a commit while it was read."""
        while True:
            committed = self.committed
            missed = await sync.catch_up(self.bus.database, self.actor, position)
            if committed == self.committed:
                return missed

    def _welcome(self, position: int, seq: int) -> Welcome:
        actor = self.actor
        permissions = tuple(sorted(actor.permissions))
        return Welcome(actor.user, self.name, actor.device, actor.site, permissions, position, seq, PROTOCOL, VERSION)

    async def op(self, frame: Op) -> None:
        """Hand an operation to the bus; operations of one device enter it in the order they came."""
        actor = await self.attribute(self.actor, frame.by)
        await self._room.acquire()
        task = asyncio.create_task(self._perform(actor, frame))
        self._running.add(task)
        task.add_done_callback(self._done)

    def _done(self, task: asyncio.Task[None]) -> None:
        self._running.discard(task)
        self._room.release()

    async def _perform(self, actor: Actor, frame: Op) -> None:
        """Answer an operation with its durable outcome; one that is durable and cannot be shown is asked for again."""
        try:
            outcome = await self.bus.perform(actor, frame.cmd, op_id=frame.op_id, seq=frame.seq, device_at=frame.at)
            await self._answer(frame, outcome)
        except Gap as gap:
            self.send(Expected(gap.expected))
        except Busy as busy:
            self.send(Error(busy.code, {"op_id": frame.op_id, "seq": frame.seq}))
        except Exception:
            log.exception("answering %s failed", frame.op_id)
            self.send(Error("busy", {"op_id": frame.op_id, "seq": frame.seq}))

    async def _answer(self, frame: Op, outcome: Outcome) -> None:
        if outcome.code:
            self.send(Rejected(frame.op_id, frame.seq, outcome.code, msgspec.json.decode(outcome.facts)))
            return
        result = await result_of(self.bus.database, frame.cmd, outcome.result)
        self.committed += 1
        self.send(Committed(frame.op_id, frame.seq, outcome.position, result))

    async def lost(self, frame: Lost) -> None:
        """Log the loss of operations and go on with the number the device names."""
        try:
            outcome = await self.bus.perform(self.actor, DeclareLoss(self.actor.device, frame.seq))
        except Busy as busy:
            self.send(Error(busy.code, {}))
        else:
            self.send(Expected(frame.seq) if not outcome.code else Error(outcome.code, {}))

    async def ping(self, frame: Ping) -> None:
        """Answer, and keep how much the device still has to send."""
        self.waiting = frame.waiting
        self.send(Pong(frame.n, self.clock()))
        if self.clock() - self._seen_at > SEEN_EVERY_MS:
            await self.seen()

    async def watch(self, frame: Watch) -> None:
        """Subscribe to a floor."""
        if not self.actor.may("supervise"):
            self.send(Error("not_allowed", {"permission": "supervise"}))
            return
        self.watching = (frame.site or self.actor.site) if frame.what == "floor" else ""

    async def weight(self, frame: Weight) -> None:
        """Show a station what its scale weighs."""
        try:
            await self.bridged.take(self.bus.database, self.actor, self, frame)
        except Refusal as refusal:
            self.send(Error(refusal.code, refusal.facts))


ANSWERS: dict[type, Callable[[Session, Any], Awaitable[None]]] = {
    Hello: Session.hello,
    Op: Session.op,
    Lost: Session.lost,
    Ping: Session.ping,
    Watch: Session.watch,
    Weight: Session.weight,
}
