"""What scans cost the database: every statement of the real bus, group by group, while a known number of them runs."""

from __future__ import annotations

import asyncio
import re
from collections import Counter
from collections.abc import AsyncIterator, Iterable, Sequence
from contextlib import asynccontextmanager
from typing import Any, cast

import msgspec

from server.app import WIRING
from server.bench.load import SITE, Handheld
from server.bus import Bus
from server.db.engine import Database, Value
from server.house import House
from server.kernel.actor import Actor
from server.kernel.clock import now
from server.kernel.refusal import Refusal
from server.people.roles import permissions_of
from server.protocol.picking import Scan

GROUP = 128
TABLE = re.compile(r'(?:INTO|FROM|UPDATE)\s+"?(\w+)"?')


class Statement(msgspec.Struct, frozen=True):
    """SQL with the rows it was given (one statement for `many`, one row else), and how many rows it gave back."""

    sql: str
    rows: tuple[Sequence[Value], ...]
    many: bool
    found: int = 0

    @property
    def writes(self) -> bool:
        """Whether it changes anything."""
        return not self.sql.startswith("SELECT")

    @property
    def table(self) -> str:
        """The table it is about ('' = none)."""
        named = TABLE.search(self.sql)
        return named[1] if named else ""


Group = list[Statement]


class Recorder:
    """A database that notes what it is asked in each transaction, and otherwise is the one it stands for."""

    def __init__(self, database: Database) -> None:
        """Stand in front of a database."""
        self.database = database
        self.groups: list[Group] = []
        self._group: Group = []

    def __getattr__(self, name: str) -> Any:
        """Everything else is the database's own."""
        return getattr(self.database, name)

    async def begin(self, *, alone: bool = True) -> bool:
        """Start a group."""
        self._group = []
        return await self.database.begin(alone=alone)

    async def commit(self) -> None:
        """Keep the group."""
        await self.database.commit()
        self.groups.append(self._group)

    async def fetch(self, sql: str, args: Sequence[Value] = ()) -> Sequence[Any]:
        """Note a statement and what it found."""
        found = await self.database.fetch(sql, args)
        self._group.append(Statement(sql, (tuple(args),), many=False, found=len(found)))
        return found

    async def many(self, sql: str, rows: Iterable[Sequence[Value]]) -> None:
        """Note a statement and its rows."""
        kept = [tuple(row) for row in rows]
        self._note(sql, kept)
        await self.database.many(sql, kept)

    async def write(self, changes: Sequence[tuple[str, Sequence[Sequence[Value]]]]) -> None:
        """Note each statement and its rows."""
        for sql, rows in changes:
            self._note(sql, rows)
        await self.database.write(changes)

    def _note(self, sql: str, rows: Sequence[Sequence[Value]]) -> None:
        self._group.append(Statement(sql, tuple(tuple(row) for row in rows), many=True))


class Cost(msgspec.Struct, frozen=True):
    """What `scans` scans cost in groups of GROUP: statements a group and a scan, and rows a scan by table."""

    scans: int
    statements_per_group: float
    statements_per_scan: float
    rows_written_per_scan: dict[str, float]
    rows_read_per_scan: dict[str, float]


Turn = tuple[Handheld, int, Scan]


@asynccontextmanager
async def recording(house: House) -> AsyncIterator[tuple[Bus, Recorder]]:
    """Give a bus on an open house whose every statement is noted."""
    recorder = Recorder(house.database)
    bus = Bus(cast("Database", recorder), WIRING.commands, WIRING.reactions, now)
    bus.start()
    try:
        yield bus, recorder
    finally:
        await bus.stop()


async def perform(bus: Bus, group: Sequence[Turn]) -> None:
    """Perform scans together; Refusal `failed` if one is refused."""
    answers = await asyncio.gather(*(bus.perform(_actor(h), scan, seq=seq) for h, seq, scan in group))
    if refused := {answer.code for answer in answers if answer.code}:
        raise Refusal("failed", command="scan", reason=", ".join(refused))


def groups_of(handhelds: Sequence[Handheld]) -> list[list[Turn]]:
    """Give whole groups of scans, as if the handhelds took turns, each at another step of its line."""
    found = [(seq - i % 3, i, h, seq, scan) for i, h in enumerate(handhelds) for seq, scan in enumerate(h.scans, 1)]
    turns = [(h, seq, scan) for *_, h, seq, scan in sorted(found, key=lambda each: each[:2])]
    return [turns[first : first + GROUP] for first in range(0, len(turns) - GROUP + 1, GROUP)]


def _actor(handheld: Handheld) -> Actor:
    return Actor(handheld.user, handheld.device, permissions_of(("picker",)), SITE)


def cost_of(groups: Sequence[Group], sent: int = 0) -> Cost:
    """Count what groups of GROUP scans asked of the database; `sent` where the engine knows how many statements."""
    scans = sum(len(s.rows) for group in groups for s in group if s.writes and s.table == "scan")
    written, read = Counter[str](), Counter[str]()
    for statement in (s for group in groups for s in group):
        if statement.writes:
            written[statement.table] += len(statement.rows)
        else:
            read[statement.table] += statement.found
    statements = sent or sum(len(group) for group in groups)
    return Cost(
        scans,
        round(statements / len(groups), 1),
        round(statements / scans, 3),
        _each(written, scans),
        _each(read, scans),
    )


def _each(counted: Counter[str], scans: int) -> dict[str, float]:
    return {table: round(count / scans, 2) for table, count in sorted(counted.items())}
