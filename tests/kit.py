"""A real house in a test: its own database, a clock that can be set, commands as a history."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import msgspec

from server.app import WIRING
from server.db.journal import Entry, after
from server.db.oplog import Outcome
from server.db.rows import Rows
from server.house import House, open_house
from server.kernel.actor import SYSTEM, Actor
from server.kernel.refusal import Refusal
from server.settings import Settings
from tests.servers import database_for

START = 1_291_190_400_000
"""2010-12-01 08:00 UTC."""


class World:
    """A house with hands: `do` performs a command, `settle` waits until no job is left to do."""

    def __init__(self, house: House) -> None:
        """Wrap an open house; its clock stands at START and is moved by the test."""
        self.house, self.bus, self.database = house, house.bus, house.database
        self.now = START

    def clock(self) -> int:
        """Give the time, a millisecond later each time it is asked."""
        self.now += 1
        return self.now

    async def do(self, command: object, actor: Actor = SYSTEM, **how: Any) -> Any:
        """Perform a command and give what its action gave; a refusal is raised."""
        outcome = await self.bus.do(actor, command, **how)
        return msgspec.json.decode(outcome.result)

    async def refused(self, command: object, actor: Actor = SYSTEM) -> Refusal:
        """Perform a command that must be refused, and give the refusal."""
        outcome: Outcome = await self.bus.perform(actor, command)
        assert outcome.code, f"{command} was not refused"
        return Refusal(outcome.code, **msgspec.json.decode(outcome.facts))

    async def settle(self, seconds: float = 20) -> None:
        """Wait until every job that is due is done."""
        async with asyncio.timeout(seconds):
            while await self.database.read(WAITING, (self.now,)):
                await asyncio.sleep(0.02)

    async def all(self, rows: Rows[Any], clause: str = "1 = 1", *args: Any) -> list[Any]:
        """Read committed structs."""
        found = await self.database.read(f"{rows.select} WHERE {clause} ORDER BY 1", args)
        return [rows.load(tuple(row.values())) for row in found]

    async def one(self, rows: Rows[Any], clause: str = "1 = 1", *args: Any) -> Any:
        """Read the only committed struct that fits."""
        [found] = await self.all(rows, clause, *args)
        return found

    async def events(self, kind: str = "") -> list[Entry]:
        """Give the journal, of one kind or whole."""
        return [e for e in await after(self.database, 0, 100_000) if kind in {"", e.kind}]


WAITING = "SELECT 1 FROM job WHERE state = 'waiting' AND due <= ? LIMIT 1"


@asynccontextmanager
async def world(folder: Path, database: str = "") -> AsyncIterator[World]:
    """Open a house in `folder`, or on the database at a URL."""
    settings = Settings(database=database or await database_for(folder), var=folder)
    box: list[World] = []
    async with open_house(settings, WIRING, lambda: box[0].clock() if box else START) as house:
        box.append(World(house))
        yield box[0]
