"""A sign-in and a webhook by a job, in its own process. Arguments: folder, the shop's URL, the caller's traceparent."""

from __future__ import annotations

import asyncio
import os
import sys
from pathlib import Path

from server.catalog.model import PutProduct
from server.kernel.actor import SYSTEM
from server.orders.model import PutChannel
from server.sites.model import PutBin
from server.stock.model import ReceiveStock
from tests.web.edge import PINS, Hands, an_edge


async def story(folder: Path, shop: str, caller: str) -> None:
    clock = Hands()
    async with an_edge(folder, clock) as (app, client):
        who = {"badge": "B-picker", "pin": PINS["picker"], "device": "D1"}
        assert (await client.post("/api/sign-in", json=who, headers={"traceparent": caller})).is_success
        do = app.state.bus.do
        await do(SYSTEM, PutChannel("csv", "csv", url=f"{shop}/hook"))
        await do(SYSTEM, PutBin(site="MAIN", code="A-01-01", aisle="A"))
        await do(SYSTEM, PutProduct(sku="MUG", name="Mug"))
        await do(SYSTEM, ReceiveStock(bin="MAIN:A-01-01", sku="MUG", quantity=3))
        clock.now += 60_000
        async with asyncio.timeout(20):
            while await app.state.database.read("SELECT 1 FROM job WHERE state = 'waiting'"):
                await asyncio.sleep(0.05)


if __name__ == "__main__":
    asyncio.run(story(Path(sys.argv[1]), *sys.argv[2:]))
    if os.environ.get("EXPECT") == "off":
        assert "server.traces.otel" not in sys.modules, "imported, though not asked for"
