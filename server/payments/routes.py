"""Payments over HTTP: what the office does for an order that is not paid."""

from __future__ import annotations

import msgspec
from litestar import get, post

from server.bus import Bus
from server.kernel.actor import Actor
from server.payments.gateways import GATEWAYS
from server.payments.model import PayOrder, PutOnAccount


class By(msgspec.Struct, frozen=True):
    """A gateway, and its own word for the means of payment."""

    gateway: str
    token: str = ""


@get("/api/gateways", tags=["payments"], summary="Ways to pay", opt={"permission": "office"})
async def list_gateways() -> list[str]:
    """Give the gateways that can take a payment."""
    return sorted(GATEWAYS)


@post("/api/orders/{order:str}/pay", tags=["payments"], summary="Take the payment", opt={"permission": "office"})
async def pay_order(bus: Bus, actor: Actor, order: str, data: By, op_id: str) -> None:
    """Have a gateway capture what is due; its answer comes later, into the order's history."""
    await bus.do(actor, PayOrder(order, data.gateway, data.token), op_id=op_id)


@post("/api/orders/{order:str}/on-account", tags=["payments"], summary="On account", opt={"permission": "office"})
async def put_on_account(bus: Bus, actor: Actor, order: str, op_id: str) -> None:
    """Let an order go on unpaid, on the customer's account."""
    await bus.do(actor, PutOnAccount(order), op_id=op_id)


HANDLERS = [list_gateways, pay_order, put_on_account]
