"""A bus on a real file with the commands named: `async with wired(tmp_path, COMMANDS, TABLES) as w`."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import msgspec
from piccolo.table import Table

from server.bus import Action, Bus, Handler, Reaction, Warm
from server.db import journal, oplog
from server.db.engine import Database, open_database
from server.db.event import Event
from server.db.piccolo import bind
from server.db.rows import Rows, all_ddl
from server.kernel.actor import SYSTEM, Actor
from server.kernel.refusal import Refusal
from tests.servers import database_for

MONDAY = 1_700_467_200_000
LAID: set[str] = set()
"""Databases that have their tables."""
OWN = (journal.JournalTable, journal.CounterTable, oplog.OplogTable, oplog.SequenceTable)


class Wired:
    """A bus, its database, and a clock that stands still until the test moves `at`."""

    def __init__(self, database: Database, handlers: Mapping[type, Handler], reactions: Mapping[Any, Any]) -> None:
        self.database, self.at = database, MONDAY
        self.bus = Bus(database, handlers, reactions, lambda: self.at)

    async def do(self, command: Any, actor: Actor = SYSTEM) -> Any:
        """Do a command and give its result; a refusal is raised."""
        return msgspec.json.decode((await self.bus.do(actor, command)).result)

    async def refused(self, command: Any, actor: Actor = SYSTEM) -> Refusal:
        """Do a command that must be refused and give the refusal."""
        try:
            await self.bus.do(actor, command)
        except Refusal as refusal:
            return refusal
        raise AssertionError(f"not refused: {command}")

    async def row(self, rows: Rows[Any], key: str) -> Any:
        """Give a committed struct, or None."""
        found = await self.database.read(f'{rows.select} WHERE "{rows.key}" = ?', (key,))
        return rows.load(tuple(found[0].values())) if found else None

    async def events(self) -> list[tuple[str, str, str]]:
        """Give kind, subject and audiences of all that happened."""
        return [(e.kind, e.subject, e.audiences) for e in await journal.after(self.database, 0)]


@asynccontextmanager
async def wired(
    folder: Path,
    actions: Mapping[type, Action],
    tables: Sequence[type[Table]],
    reactions: Mapping[type[Event], Sequence[Reaction]] | None = None,
    *,
    url: str = "",
    warm: Mapping[type, Warm] | None = None,
) -> AsyncIterator[Wired]:
    """Open (or open again) the database in `folder`, or the one at `url`, and start a bus on it."""
    url = url or await database_for(folder)
    database = await open_database(url)
    if url not in LAID:
        LAID.add(url)
        await database.begin()
        for statement in all_ddl((*OWN, *tables)):
            await database.fetch(statement)
        await database.commit()
    bind(tables, database)
    handlers = {kind: Handler(action, "", (warm or {}).get(kind)) for kind, action in actions.items()}
    world = Wired(database, handlers, reactions or {})
    world.bus.start()
    try:
        yield world
    finally:
        await world.bus.stop()
        await database.close()
