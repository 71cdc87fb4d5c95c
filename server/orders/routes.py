"""Orders over HTTP: the office's list, one order, its commands, and the channels."""

from __future__ import annotations

from typing import Annotated

import msgspec
from litestar import get, post
from litestar.params import Parameter

from server.bus import Bus
from server.db.engine import Database
from server.kernel.actor import Actor
from server.kernel.clock import Clock
from server.orders import reads
from server.orders.channels.address import require_sound
from server.orders.model import CancelOrder, HoldOrder, PutChannel, ResumeOrder
from server.orders.search import OrderRow, Wanted, channels, search
from server.protocol.base import MOST

InState = Annotated[str, Parameter(query="state", max_length=40, description="Only orders in this state")]
Limit = Annotated[int, Parameter(ge=1, le=1_000, description="At most so many")]
Text = Annotated[str, Parameter(max_length=200)]
Moment = Annotated[int, Parameter(ge=0, le=MOST, description="Milliseconds since 1970, UTC")]


class Reason(msgspec.Struct, frozen=True):
    """Why."""

    reason: str = ""


@get("/api/orders", tags=["orders"], summary="Search orders", opt={"permission": "office"})
async def list_orders(
    database: Database,
    clock: Clock,
    q: Text = "",
    in_state: InState = "",
    channel: Text = "",
    site: Text = "",
    late: bool = False,  # noqa: FBT001, FBT002 - a flag of the address
    held: bool = False,  # noqa: FBT001, FBT002
    before: Text = "",
    before_at: Moment = 0,
    limit: Limit = 100,
) -> list[OrderRow]:
    """Give orders, newest first: by part of the number or the buyer's name, or the channel's id, and by filters.

    `late` are those that missed a carrier, `held` those that wait for the office. The next page follows the order
    named by `before` and its `placed_at`, `before_at`.
    """
    page = (before_at, before) if before else None
    return await search(database, Wanted(q, in_state, channel, site, late, held, page), clock(), limit)


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


@get("/api/channels", tags=["channels"], summary="Channels with orders", opt={"permission": "office"})
async def list_channels(database: Database) -> list[str]:
    """Give the channels that any order came from."""
    return await channels(database)


@post("/api/channels", tags=["channels"], summary="Set up a channel", opt={"permission": "admin"})
async def put_channel(bus: Bus, actor: Actor, data: PutChannel, op_id: str) -> None:
    """Make a channel, or change it: its kind, its secret, and the address that is told of tracking and stock."""
    if data.url:
        require_sound(data.url)
    await bus.do(actor, data, op_id=op_id)


HANDLERS = [list_channels, list_orders, get_order, cancel_order, hold_order, resume_order, put_channel]
