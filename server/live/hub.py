"""The hub: follows the journal, tells every connection what concerns it, and draws the floor for those who watch."""

from __future__ import annotations

import asyncio
import logging
from collections import defaultdict
from collections.abc import Sequence
from contextlib import suppress
from time import perf_counter
from typing import TYPE_CHECKING

from server.analytics.reads import floor
from server.bus import Bus
from server.db import journal
from server.db.journal import Entry
from server.kernel.actor import SYSTEM
from server.kernel.clock import SECOND
from server.kernel.ids import ulid
from server.kernel.refusal import Busy, Refusal
from server.live import sync
from server.live.model import STALE_MS, TellPresence
from server.live.store import OF_OTHERS, PRESENCE
from server.packing.bridged import Bridged
from server.picking.reads import task_views
from server.protocol.frames import Notice

if TYPE_CHECKING:
    from server.live.session import Session

log = logging.getLogger(__name__)
POLL_SECONDS = 0.5
"""How soon changes by other processes are seen; our own wake the hub at once."""
TICK_SECONDS = 0.08
PRESENCE_SECONDS = 5.0
DRAWING_REST, MOST_REST = 2, 0.12
"""Rests for each time that drawing took, and seconds at most: late in a day it takes longer, and the scans go first."""
MOST_OWN = 2_000
"""Entries that are kept for the hub; when it is further behind, it reads the journal."""
NOTICES = frozenset({"JobFailed", "LabelStuck"})
REVOKED = {"DeviceRevoked": "device_revoked", "SessionRevoked": "not_signed_in", "UserChanged": "not_signed_in"}
"""What ends a connection, and why it is told to end."""


class Hub:
    """All live connections of this process."""

    def __init__(self, bus: Bus) -> None:
        """Start with nobody connected."""
        self.bus, self.database, self.clock = bus, bus.database, bus.clock
        self.process = ulid()
        self.bridged = Bridged()
        self.sessions: set[Session] = set()
        self._listening: defaultdict[str, set[Session]] = defaultdict(set)
        self.position = 0
        self._untold: dict[Session, dict[str, int]] = {}
        self._commits = 0
        self._own: list[Entry] = []
        self._wake = asyncio.Event()
        self._tasks: list[asyncio.Task[None]] = []

    async def start(self) -> None:
        """Follow the journal from where it is now."""
        self.position = await journal.position(self.database)
        work = [self._follow(), self._draw(), *([self._tell_presence()] if self.database.together else [])]
        self._tasks = [asyncio.create_task(one) for one in work]

    async def stop(self) -> None:
        """Stop following; connections are closed by their own handlers."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    @property
    def follows(self) -> bool:
        """Tell whether it still follows the journal."""
        return bool(self._tasks) and not self._tasks[0].done()

    def join(self, session: Session) -> None:
        """Take a connection in; once it is greeted it is told what waited for that."""
        self.sessions.add(session)
        session.greeted, session.bridged = self.wake, self.bridged
        for audience in session.channels:
            self._listening[audience].add(session)

    def leave(self, session: Session) -> None:
        """Let a connection go."""
        self.sessions.discard(session)
        self.bridged.gone(session)
        self._untold.pop(session, None)
        for audience in session.channels:
            self._listening[audience].discard(session)
            if not self._listening[audience]:
                del self._listening[audience]

    def of(self, user: str) -> frozenset[Session]:
        """Give the connections of a user."""
        return frozenset(self._listening.get(f"user:{user}", ()))

    def committed(self, entries: Sequence[Entry]) -> None:
        """Say that this process wrote: to the journal, or (a scan that moved nothing yet) only rows."""
        self._commits += 1
        if not entries:
            return
        if self._own and (self._own[-1].position + 1 != entries[0].position or len(self._own) > MOST_OWN):
            self._own = []
        self._own += entries
        self.wake()

    def wake(self) -> None:
        """Look at the journal now."""
        self._wake.set()

    async def _follow(self) -> None:
        while True:
            with suppress(TimeoutError):
                async with asyncio.timeout(POLL_SECONDS):
                    await self._wake.wait()
            self._wake.clear()
            try:
                while (entries := await self._news()) or any(session.ready for session in self._untold):
                    self._take_in(entries)
                    await self._tell()
            except Exception:
                log.exception("following the journal failed at %d", self.position)
                await asyncio.sleep(POLL_SECONDS)

    async def _news(self) -> Sequence[Entry]:
        """Give what comes next: what this process wrote, if nobody else wrote between; else what the journal has."""
        own, self._own = self._own, []
        if own and own[0].position == self.position + 1:
            return own
        return await journal.after(self.database, self.position)

    def _take_in(self, entries: Sequence[Entry]) -> None:
        """Note who is to be told of which tasks."""
        self._concern(sync.touches(entries))
        for entry in entries:
            if entry.kind in NOTICES or entry.kind in REVOKED:
                self._announce(entry)
            self.position = entry.position

    def _concern(self, touches: Sequence[sync.Touch]) -> None:
        """Ask by audience, so that a scan costs the same on a full floor."""
        for touch in touches:
            for session in set().union(*(self._listening.get(a, ()) for a in touch.audiences)):
                if (session.ready or session.greeting) and touch.is_news_to(session.actor.device):
                    self._untold.setdefault(session, {})[touch.task] = touch.position

    async def _tell(self) -> None:
        """Send each connection its tasks; next time, where it was told of a commit while they were read.

        They may be from before that commit, and a device shows what it did itself without being told.
        """
        committed = {session: session.committed for session in self._untold if session.ready}
        ids = dict.fromkeys(task for session in committed for task in self._untold[session])
        views = await task_views(self.database, list(ids))
        for session, before in committed.items():
            if session.ready and session.committed == before:
                untold = self._untold.pop(session, {})
                if found := [task for task, position in untold.items() if position > session.position]:
                    session.send(sync.changed(views, found, session.actor, session.position, self.position))
                    session.position = self.position

    def _announce(self, entry: Entry) -> None:
        """Notices go to their audience; a revoked session or device is cut off."""
        for session in list(self.sessions):
            if entry.kind in REVOKED:
                if entry.subject in session.names:
                    session.close(4401, REVOKED[entry.kind])
            elif not session.channels.isdisjoint(entry.audiences.split("|")):
                session.send(Notice(entry.kind, {"body": entry.body}))

    async def _draw(self) -> None:
        """Latest state of each watched floor, at most ten times a second, and a small part of the time."""
        drawn: dict[str, tuple[int, int, int]] = {}
        took = 0.0
        while True:
            await asyncio.sleep(min(max(TICK_SECONDS, DRAWING_REST * took), MOST_REST))
            start = perf_counter()
            sites = {s.watching for s in self.sessions if s.watching}
            for site in sites:
                now = self.clock()
                position, commits, at = drawn.get(site, (-1, -1, 0))
                if (position, commits) == (self.position, self._commits) and now - at < SECOND:
                    continue
                drawn[site] = (self.position, self._commits, now)
                await self._send_floor(site, now)
            took = perf_counter() - start

    def _waiting(self) -> dict[str, int]:
        """Give the operations that devices connected here have still to send, by user."""
        return {s.actor.user: s.waiting for s in self.sessions}

    async def _present(self, now: int) -> dict[str, int]:
        """Give the same of all processes."""
        if not self.database.together:
            return self._waiting()
        others = await self.database.rows(OF_OTHERS, (self.process, now - STALE_MS))
        found = (PRESENCE.load(row).waiting for row in others)
        return {user: waiting for one in (*found, self._waiting()) for user, waiting in one.items()}

    async def _tell_presence(self) -> None:
        """Let the other processes know who is connected here."""
        while True:
            with suppress(Busy, Refusal):
                await self.bus.do(SYSTEM, TellPresence(self.process, self._waiting()))
            await asyncio.sleep(PRESENCE_SECONDS)

    async def _send_floor(self, site: str, now: int) -> None:
        try:
            frame = await floor(self.database, site, now, await self._present(now))
        except Exception:
            log.exception("drawing the floor of %s failed", site)
            return
        for session in self.sessions:
            if session.watching == site:
                session.send_latest(frame)
