"""Tasks over HTTP: who has what in hand. Work on them goes over the socket. Counts are asked for."""

from __future__ import annotations

from litestar import get, post

from server.bus import Bus
from server.db.engine import Database
from server.kernel.actor import Actor
from server.picking import reads
from server.picking.model import QueueCount
from server.protocol.picking import TakeTask


@get("/api/tasks", opt={"permission": "pick"}, tags=["floor"], summary="Tasks of a site")
async def list_tasks(database: Database, site: str) -> list[reads.TaskHead]:
    """Give a site's tasks that are held, on offer or in hand: to assign them, or to take one over."""
    return await reads.task_heads(database, site)


@post("/api/tasks/{task:str}/take", opt={"permission": "pick"}, tags=["floor"], summary="Take a task")
async def take_task(bus: Bus, actor: Actor, task: str, op_id: str) -> None:
    """Accept a task on offer, or come back to one's own; a phone that joined again takes up what it had."""
    await bus.do(actor, TakeTask(task), op_id=op_id)


@post("/api/counts", opt={"permission": "stock"}, tags=["stock"], summary="Have a bin counted")
async def queue_count(bus: Bus, actor: Actor, data: QueueCount, op_id: str) -> None:
    """Offer a task for each SKU and lot in a bin, or for the one named; the book follows what is counted."""
    await bus.do(actor, data, op_id=op_id)


HANDLERS = [list_tasks, take_task, queue_count]
