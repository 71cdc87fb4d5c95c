"""Tasks over HTTP: who has what in hand. Work on them goes over the socket."""

from __future__ import annotations

from litestar import get

from server.db.engine import Database
from server.picking import reads


@get("/api/tasks", opt={"permission": "pick"}, tags=["floor"], summary="Tasks of a site")
async def list_tasks(database: Database, site: str) -> list[reads.TaskHead]:
    """Give a site's tasks that are held, on offer or in hand: to assign them, or to take one over."""
    return await reads.task_heads(database, site)


HANDLERS = [list_tasks]
