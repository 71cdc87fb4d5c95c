"""Waves over HTTP: the list. Commands come over the socket."""

from __future__ import annotations

from litestar import get

from server.db.engine import Database
from server.waves import drawing, reads


@get("/api/waves/{wave:str}/plan", tags=["waves"], summary="A wave's plan", opt={"permission": "supervise"})
async def get_plan(database: Database, wave: str) -> list[reads.PlannedView]:
    """Give the batches of a wave: stops, totes and metres walked."""
    return await reads.plan_of(database, wave)


@get("/api/waves/{wave:str}/walks", tags=["waves"], summary="A wave's walks, drawn", opt={"permission": "supervise"})
async def get_walks(database: Database, wave: str) -> drawing.DrawnPlan:
    """Give what a wave's plan promises, and each of its walks on the floor."""
    return await drawing.drawn(database, wave)


HANDLERS = [get_plan, get_walks]
