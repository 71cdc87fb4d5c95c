"""The floor's figures over HTTP, for who does not watch the socket."""

from __future__ import annotations

from litestar import get

from server.analytics import reads
from server.db.engine import Database
from server.kernel.clock import Clock
from server.protocol.frames import Progress
from server.protocol.waves import WaveView


@get("/api/floor", tags=["floor"], summary="The floor now", opt={"permission": "supervise"})
async def get_floor(database: Database, clock: Clock, site: str) -> Progress:
    """Give waves, people, stations and refusals of a site."""
    return await reads.floor(database, site, clock(), {})


@get("/api/floor/pace", tags=["floor"], summary="The floor's last hour", opt={"permission": "supervise"})
async def get_pace(database: Database, clock: Clock, site: str) -> reads.Pace:
    """Give scans and refusals by the minute, each person's too, and the bins from which scans came late."""
    return await reads.pace(database, site, clock())


@get("/api/waves", tags=["waves"], summary="Waves of a site", opt={"permission": "supervise"})
async def list_waves(database: Database, clock: Clock, site: str) -> list[WaveView]:
    """Give waves that are planned, on the floor, or were done today."""
    return list(await reads.waves(database, site, clock()))


HANDLERS = [get_floor, get_pace, list_waves]
