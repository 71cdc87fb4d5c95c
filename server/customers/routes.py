"""Customers over HTTP."""

from __future__ import annotations

from typing import Annotated

from litestar import get, post
from litestar.params import Parameter

from server.bus import Bus
from server.customers import reads
from server.customers.model import Customer, EraseCustomer
from server.db.engine import Database
from server.kernel.actor import Actor

Limit = Annotated[int, Parameter(ge=1, le=1_000, description="At most so many")]


@get("/api/customers", tags=["customers"], summary="Search customers", opt={"permission": "office"})
async def list_customers(database: Database, q: str = "", limit: Limit = 100) -> list[Customer]:
    """Give customers by name: whose name has `q`, whose e-mail begins with it, or whose id it is."""
    return await reads.search(database, q, limit)


@post("/api/customers/erase", tags=["customers"], summary="Forget a customer", opt={"permission": "admin"})
async def erase_customer(bus: Bus, actor: Actor, data: EraseCustomer, op_id: str) -> None:
    """Forget a buyer's name, e-mail and phone, and the addresses on their orders."""
    await bus.do(actor, data, op_id=op_id)


HANDLERS = [list_customers, erase_customer]
