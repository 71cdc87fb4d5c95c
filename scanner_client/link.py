"""What the frames mean: operations go out in order and stay until answered; tasks follow the server."""

from __future__ import annotations

import asyncio
import logging
from collections import deque
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from typing import Any, Final

import msgspec

from scanner_client.connection import Connection
from scanner_client.dial import Dial
from scanner_client.outbox import Entry, Outbox
from scanner_client.pulse import Timing
from scanner_client.told import Tasks, Told, heard, laid, mark
from server.kernel.refusal import Refusal
from server.protocol.frames import (
    PROTOCOL,
    Changed,
    Committed,
    Error,
    Expected,
    Frame,
    Hello,
    LiveCommand,
    Lost,
    Rejected,
    ServerFrame,
    Welcome,
)

log = logging.getLogger(__name__)
WINDOW: Final = 16
"""Operations that may be on their way at once."""
Answer = Committed | Rejected


class Link:
    """One device's end of the wire; make it where an event loop runs.

    `tasks` are what the server told, with what waits for an answer laid over it; `changed` hears of each
    change of them, `answered` of each answer.
    """

    def __init__(self, outbox: Outbox, dial: Dial, timing: Timing | None = None) -> None:
        self.outbox = outbox
        self.timing = timing or Timing()
        self.connection = Connection(dial, self, self.timing)
        self.told = msgspec.json.decode(outbox.kept("told") or "{}", type=Told)
        self.answered: Callable[[Answer, Entry], object] = lambda *_: None
        self.changed: Callable[[], object] = lambda: None
        self.is_current = False
        self._first: deque[Frame] = deque()
        self._moved = asyncio.Event()
        self._greeted = False
        self._sent = self._rewound = 0

    @property
    def tasks(self) -> Tasks:
        """The tasks as this device sees them."""
        return laid(self.told.tasks, self.outbox.waiting())

    @property
    def user(self) -> str:
        """For whom this device works, as the server last said; '' before it ever did."""
        return self.outbox.kept("user")

    @property
    def waiting(self) -> int:
        """How many operations are not answered."""
        return self.outbox.count

    async def run(self) -> None:
        """Be connected until cancelled. Refusals `not_signed_in`, `old_client` end it."""
        await self.connection.run()

    def perform(self, command: LiveCommand) -> Entry:
        """Make an operation: durable on return, sent when the server is there. Refusals of Outbox.add."""
        entry = self.outbox.add(command, self.user, mark(self.tasks, command))
        self.connection.poke()
        return entry

    async def wait_for(self, done: Callable[[], bool], patience_s: float) -> bool:
        """Wait until something is so, and tell whether it is; frames are what may change it."""
        with suppress(TimeoutError):
            async with asyncio.timeout(patience_s):
                while not done():
                    self._moved.clear()
                    await self._moved.wait()
        return done()

    def opened(self) -> None:
        """Say hello on a new socket."""
        self._greeted = False
        self._sent = self._rewound = 0
        self._first.clear()
        self._greet()

    def hear(self, frame: ServerFrame) -> None:
        """Take in a frame; what is for other kinds of client is passed over."""
        act = ON.get(type(frame))
        if act:
            act(self, frame)
        self._moved.set()

    def outgoing(self) -> Iterator[Frame]:
        """Give what is to be sent now: first what greets or owns up, then operations, a window at a time."""
        while self._first:
            yield self._first.popleft()
        for entry in self.outbox.waiting(WINDOW) if self._greeted else ():
            if entry.op.seq > self._sent:
                self._sent = entry.op.seq
                self.connection.pulse.op_sent()
                yield entry.op

    def _greet(self) -> None:
        position = self.told.position if self.is_current else 0
        self._first.append(Hello(PROTOCOL, position, self.outbox.last_seq, self.waiting))
        self.connection.pulse.op_sent()

    def on_welcome(self, frame: Welcome) -> None:
        """Go on from where the server is with this device."""
        self.outbox.meet(frame.seq)
        self.outbox.keep("user", frame.user)
        self._greeted, self._sent = True, 0
        self.connection.pulse.op_answered(more=False)

    def on_changed(self, frame: Changed) -> None:
        """Follow the tasks."""
        if not self.is_current and not frame.snapshot:
            return
        told = heard(self.told, frame, self.waiting)
        if isinstance(told, Told):
            self.is_current = True
            self._tell(told)
        elif told == "hello":
            self._greet()
        else:
            self.is_current = False

    def on_committed(self, frame: Committed) -> None:
        """Let an operation go: it is part of the server's state now."""
        entry = self.outbox.committed(frame.op_id)
        if entry:
            self._tell(Told(self.told.position, laid(self.told.tasks, [entry])))
            self._settle(frame, entry)

    def on_rejected(self, frame: Rejected) -> None:
        """Keep a refused operation to be seen; the server's state is asked for anew."""
        entry = self.outbox.rejected(frame.op_id, frame.code, frame.facts)
        if entry:
            self.is_current = False
            self._settle(frame, entry)

    def _settle(self, frame: Answer, entry: Entry) -> None:
        more = self.waiting > 0
        self._rewound = 0
        self.connection.pulse.op_answered(more=more)
        self.answered(frame, entry)
        if not self.is_current and not more:
            self._greet()

    def on_expected(self, frame: Expected) -> None:
        """Send from where the server is; own up to what is gone, or count on from a server that is ahead."""
        if frame.seq == self._rewound:
            return
        if frame.seq > self.outbox.last_seq:
            self.outbox.renumber(frame.seq)
        oldest = next(iter(self.outbox.waiting(1)), None)
        start = max(frame.seq, oldest.op.seq) if oldest else frame.seq
        if start > frame.seq:
            self._first.append(Lost(start))
        self._rewound, self._sent = start, start - 1

    def on_error(self, frame: Error) -> None:
        """Send again what a busy server did not take; give up where this client is too old."""
        log.warning("the server says %s: %s", frame.code, frame.facts)
        seq = frame.facts.get("seq")
        if frame.code == "old_client":
            raise Refusal("old_client", **frame.facts)
        if isinstance(seq, int):
            asyncio.get_running_loop().call_later(self.timing.busy_s, self._again, seq)

    def _again(self, seq: int) -> None:
        """Send from an operation that a busy server did not take."""
        self._sent = min(self._sent, seq - 1)
        self.connection.poke()

    def _tell(self, told: Told) -> None:
        self.told = told
        self.outbox.keep("told", msgspec.json.encode(told).decode())
        self.changed()


ON: Final[Mapping[type, Callable[[Link, Any], None]]] = {
    Welcome: Link.on_welcome,
    Changed: Link.on_changed,
    Committed: Link.on_committed,
    Rejected: Link.on_rejected,
    Expected: Link.on_expected,
    Error: Link.on_error,
}
