"""A running Pickwave without its edges: database, bus and jobs. The server, the CLI and the tests all live in one."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager

import msgspec

from server.bus import Bus, Handler, Reaction
from server.db.bell import Bell
from server.db.engine import Database, open_database
from server.db.event import Event
from server.db.migrate import migrate
from server.db.piccolo import bind
from server.jobs.runner import Handler as JobHandler
from server.jobs.runner import Runner
from server.kernel.clock import Clock
from server.schema import TABLES
from server.settings import Settings


class House(msgspec.Struct, frozen=True):
    """What job handlers and edges are given."""

    settings: Settings
    database: Database
    bus: Bus
    clock: Clock
    bell: Bell
    runner: Runner | None = None


class Wiring(msgspec.Struct, frozen=True):
    """The three tables of app.py."""

    commands: Mapping[type, Handler]
    reactions: Mapping[type[Event], Sequence[Reaction]]
    jobs: Mapping[str, JobHandler]


@asynccontextmanager
async def open_house(settings: Settings, wiring: Wiring, clock: Clock, *, work: bool = True) -> AsyncIterator[House]:
    """Open and migrate the database, start the bus and, with `work`, the jobs; all is closed in order at the end."""
    database = await open_database(settings.database_url)
    try:
        await migrate(database)
        bind(TABLES, database)
        bus = Bus(database, wiring.commands, wiring.reactions, clock)
        bus.start()
        bell = Bell(settings.bell_url)
        bus.listeners.append(bell.committed)
        bell.start()
        house = House(settings, database, bus, clock, bell)
        runner = Runner(bus, wiring.jobs, house)
        if work:
            bell.listeners.append(runner.wake)
            runner.start()
        try:
            yield msgspec.structs.replace(house, runner=runner)
        finally:
            if work:
                await runner.stop()
            await bus.stop()
            await bell.stop()
    finally:
        await database.close()
