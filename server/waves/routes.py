"""Waves over HTTP: the list. Commands come over the socket."""

from __future__ import annotations

from litestar import get

from server.db.engine import Database
from server.waves import reads


@get("/api/waves/{wave:str}/plan", tags=["waves"], summary="A wave's plan", opt={"permission": "supervise"})
async def get_plan(database: Database, wave: str) -> list[reads.PlannedView]:
    """Give the batches of a wave: stops, totes and metres walked."""
    return await reads.plan_of(database, wave)


HANDLERS = [get_plan]
