"""The job that plans a wave: reads committed state, thinks in another process, hands its plan back as a command."""

from __future__ import annotations

import asyncio
from concurrent.futures import ProcessPoolExecutor
from functools import cache
from multiprocessing import get_context
from typing import Any

from server.allocation.choose import BinStock, pick_bins
from server.catalog.model import Sku
from server.catalog.store import SKUS
from server.db.engine import Database
from server.db.reads import load
from server.kernel.ids import ulid
from server.orders.model import OrderLine, Shipment, State
from server.orders.store import LINES, SHIPMENTS
from server.sites.layout import Layout
from server.sites.model import Bin, Policy
from server.sites.store import BINS, SITES
from server.stock.model import Balance, pool_id
from server.stock.store import BALANCES
from server.waves import batching
from server.waves.model import PlannedPick, PlannedTask, SavePlan


@cache
def _process() -> ProcessPoolExecutor:
    """A process of its own: planning must not slow the floor's scans."""
    return ProcessPoolExecutor(1, mp_context=get_context("spawn"))


def stop() -> None:
    """End the planner's process, if one was started."""
    if _process.cache_info().currsize:
        _process().shutdown(cancel_futures=True)
        _process.cache_clear()


async def plan(database: Database, payload: dict[str, Any]) -> SavePlan:
    """Do the job `plan_wave`: choose bins, batch, walk."""
    shipments: list[Shipment] = await load(database, SHIPMENTS, "wave", [payload["wave"]])
    found: list[OrderLine] = await load(database, LINES, "shipment", [s.id for s in shipments])
    lines = [line for line in found if line.state is State.ALLOCATED]
    [site] = await load(database, SITES, "id", [shipments[0].site])
    bins: list[Bin] = await load(database, BINS, "site", [site.id])
    skus: dict[str, Sku] = {s.id: s for s in await load(database, SKUS, "id", [x.sku for x in lines])}
    pools = [pool_id(site.id, sku) for sku in skus]
    stock: list[Balance] = await load(database, BALANCES, "pool", pools)
    by_id = {b.id: b for b in bins}
    wanted = _stops(lines, {s.id: s for s in shipments}, skus, by_id, stock)
    if payload.get("zone"):
        wanted = [stop for stop in wanted if stop.zone == payload["zone"]]
    layout = Layout.of(bins)
    run = asyncio.get_running_loop().run_in_executor
    result = await run(_process(), _plan, wanted, trolley(site.policy), layout, site.policy.zoned)
    orders = {line.id: line.order for line in lines}
    lots = {(s.line, s.bin): s.lot for s in wanted}
    tasks = tuple(_task(payload["wave"], site.id, n, t, orders, lots) for n, t in enumerate(result.tasks, 1))
    return SavePlan(payload["wave"], tasks, tuple((r.line, r.code) for r in result.refused))
