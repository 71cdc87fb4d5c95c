"""Orders over HTTP: the office's list, one order, its commands, and the channels' signed webhooks."""

from __future__ import annotations

import hashlib
import logging
from typing import Annotated, Any

import msgspec
from litestar import Request, get, post
from litestar.exceptions import NotAuthorizedException
from litestar.params import Parameter

from server.bus import Bus
from server.db.engine import Database
from server.db.reads import one
from server.kernel.actor import Actor
from server.orders import reads
from server.orders.channels import channel as channel_kind
from server.orders.channels.address import require_sound
from server.orders.imports import bring_in
from server.orders.model import CancelOrder, HoldOrder, PutChannel, ResumeOrder
from server.orders.store import SETTINGS

MOST_BYTES = 4_000_000
log = logging.getLogger(__name__)
InState = Annotated[str, Parameter(query="state", description="Only orders in this state")]
Limit = Annotated[int, Parameter(ge=1, le=1_000, description="At most so many")]
Offset = Annotated[int, Parameter(ge=0, le=1_000_000_000, description="Pass over so many")]


class Reason(msgspec.Struct, frozen=True):
    """Why."""

    reason: str = ""


class Imported(msgspec.Struct, frozen=True):
    """What became of a webhook: orders and returns taken, and how many were refused."""

    orders: int
    returns: int
    rejected: int


@get("/api/orders", tags=["orders"], summary="Search orders", opt={"permission": "office"})
async def list_orders(
    database: Database, q: str = "", in_state: InState = "", limit: Limit = 100, offset: Offset = 0
) -> list[reads.OrderRow]:
    """Give orders, newest first: by state, and by number, the channel's id, or the buyer's name."""
    return await reads.search(database, q, in_state, limit, offset)


@get("/api/orders/{order:str}", tags=["orders"], summary="One order", opt={"permission": "office"})
async def get_order(database: Database, order: str) -> reads.OrderView:
    """Give an order with its lines, shipments and whole history."""
    return await reads.order_view(database, order)


@post("/api/orders/{order:str}/cancel", tags=["orders"], summary="Cancel", opt={"permission": "office"})
async def cancel_order(bus: Bus, actor: Actor, order: str, data: Reason, op_id: str) -> None:
    """Cancel what has not left the house; what is on the floor is withdrawn."""
    await bus.do(actor, CancelOrder(order, data.reason), op_id=op_id)


@post("/api/orders/{order:str}/hold", tags=["orders"], summary="Hold", opt={"permission": "office"})
async def hold_order(bus: Bus, actor: Actor, order: str, data: Reason, op_id: str) -> None:
    """Keep an order from the floor, with a reason."""
    await bus.do(actor, HoldOrder(order, data.reason), op_id=op_id)


@post("/api/orders/{order:str}/resume", tags=["orders"], summary="Resume", opt={"permission": "office"})
async def resume_order(bus: Bus, actor: Actor, order: str, op_id: str) -> None:
    """Let a held order go on."""
    await bus.do(actor, ResumeOrder(order), op_id=op_id)


@post("/api/channels", tags=["channels"], summary="Set up a channel", opt={"permission": "admin"})
async def put_channel(bus: Bus, actor: Actor, data: PutChannel, op_id: str) -> None:
    """Make a channel, or change it: its kind, its secret, and the address that is told of tracking and stock."""
    if data.url:
        require_sound(data.url)
    await bus.do(actor, data, op_id=op_id)


@post(
    "/api/channels/{channel:str}/webhook",
    tags=["channels"],
    summary="A channel's webhook",
    opt={"public": True},
    status_code=200,
    request_max_body_size=MOST_BYTES,
)
async def webhook(request: Request[Any, Any, Any], bus: Bus, database: Database, channel: str) -> Imported:
    """Take a signed order, amendment, cancellation or refund. What is not one of them is accepted and ignored.

    401 where the signature is wrong: it is logged.
    """
    settings = await one(database, SETTINGS, channel)
    way, body = channel_kind(settings.kind), await request.body()
    signature = request.headers.get(way.header, "")
    known = settings.active and way.verify and way.verify(settings.secret, body, signature)
    if not known or way.parse is None:
        log.warning("webhook of %s refused: bad signature, body %s", channel, hashlib.sha256(body).hexdigest()[:12])
        raise NotAuthorizedException(detail="bad_signature")
    actor = Actor(user=f"channel:{channel}", permissions=frozenset({"machine"}))
    report = await bring_in(bus, actor, way.parse(body, channel))
    return Imported(report.orders, report.returns, len(report.rejected))


HANDLERS = [list_orders, get_order, cancel_order, hold_order, resume_order, put_channel, webhook]
