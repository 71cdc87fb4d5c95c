"""Is it alive, can it work."""

from __future__ import annotations

import msgspec
from litestar import get

from server.bus import Bus
from server.db import journal
from server.db.engine import Database


class Health(msgspec.Struct, frozen=True):
    """`position` is the journal's last, `waiting` how many commands wait for their group."""

    status: str
    position: int
    waiting: int


@get("/health", opt={"public": True}, tags=["health"], summary="Alive")
async def health() -> str:
    """Answer as long as the process runs."""
    return "alive"


@get("/ready", opt={"public": True}, tags=["health"], summary="Ready")
async def ready(bus: Bus, database: Database) -> Health:
    """Answer once the database is migrated and the writer runs; 503 before and after."""
    bus.require_running()
    return Health("ready", await journal.position(database), bus.depth)


HANDLERS = [health, ready]
