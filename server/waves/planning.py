"""The job that plans a wave: reads committed state, thinks in another process, hands its plan back as a command."""

from __future__ import annotations

import asyncio
from collections import Counter, defaultdict
from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from functools import cache, partial
from multiprocessing import get_context
from typing import Any, TypeVar

from msgspec.structs import replace

from server.allocation.bins import bin_of, is_fit
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
from server.waves.model import PlannedPick, PlannedTask, SavePlan
from server.waves.plan import Effort, Labour, Lying, Plan, PlanLine, TaskPlan, Trolley
from server.waves.store import PLANNED

SECONDS_A_SHIPMENT = 0.01
"""A plan gets better for about so long."""

T = TypeVar("T")
Think = Callable[[Callable[[], T]], Awaitable[T]]
"""Where a plan is thought out."""


@cache
def _process() -> ProcessPoolExecutor:
    """A process of its own: planning must not slow the floor's scans."""
    return ProcessPoolExecutor(1, mp_context=get_context("spawn"))


def stop() -> None:
    """End the planner's process, if one was started."""
    if _process.cache_info().currsize:
        _process().shutdown(cancel_futures=True)
        _process.cache_clear()


async def elsewhere(work: Callable[[], T]) -> T:
    """Think in the planner's process; one that died is replaced when the job is tried again."""
    try:
        return await asyncio.get_running_loop().run_in_executor(_process(), work)
    except BrokenProcessPool:
        stop()
        raise


async def plan(
    database: Database, payload: dict[str, Any], now: int, think: Think[Plan] = elsewhere
) -> SavePlan | None:
    """Do the job `plan_wave`: choose bins, batch, walk. None where nothing of the wave is left."""
    shipments: list[Shipment] = await load(database, SHIPMENTS, "wave", [payload["wave"]])
    if not shipments:
        return None
    found: list[OrderLine] = await load(database, LINES, "shipment", [s.id for s in shipments])
    lines = [line for line in found if line.state is State.ALLOCATED]
    [site] = await load(database, SITES, "id", [shipments[0].site])
    bins: list[Bin] = await load(database, BINS, "site", [site.id])
    skus: dict[str, Sku] = {s.id: s for s in await load(database, SKUS, "id", [x.sku for x in lines])}
    pools = [pool_id(site.id, sku) for sku in skus]
    stock: list[Balance] = await load(database, BALANCES, "pool", pools)
    fit = [balance for balance in stock if is_fit(balance, site.policy, now)]
    wanted = stops(lines, {s.id: s for s in shipments}, skus, {b.id: b for b in bins}, fit)
    if payload.get("zone"):
        wanted = [stop for stop in wanted if stop.zone == payload["zone"]]
    layout, policy = Layout.of(bins), site.policy
    planned: list[PlannedTask] = await load(database, PLANNED, "wave", [payload["wave"]])
    before = [list(dict.fromkeys(p.shipment for p in task.picks)) for task in planned if task.state == "planned"]
    work = partial(
        _plan,
        wanted,
        trolley(policy),
        layout,
        zoned=policy.zoned,
        labour=labour(policy, now),
        effort=effort(len(shipments), policy.plan_seconds),
        before=before,
        lying=beside(fit, wanted, {b.id: b for b in bins}, payload.get("zone", "")),
    )
    result = await think(work)
    orders = {line.id: line.order for line in lines}
    tasks = tuple(_task(payload["wave"], site.id, now, n, found, orders) for n, found in enumerate(result.tasks, 1))
    return SavePlan(
        payload["wave"],
        tasks,
        tuple((r.line, r.code) for r in result.refused),
        result.first_come_mm,
        result.work_ms,
        result.late_ms,
    )


def _plan(stops: Sequence[PlanLine], carries: Trolley, layout: Layout, **how: Any) -> Plan:
    """Run in the planner's process: what it loads and compiles is not loaded in the server's."""
    from server.waves import batching  # noqa: PLC0415

    return batching.plan(stops, carries, layout, **how)


def effort(shipments: int, seconds: int) -> Effort:
    """Give a plan the time that it can use: little for a few shipments, at most what the site allows."""
    return Effort(min(seconds, shipments * SECONDS_A_SHIPMENT))


def trolley(policy: Policy) -> Trolley:
    """Give what a site's picker takes on one walk."""
    return Trolley(policy.trolley_totes, policy.tote_volume_cm3, policy.tote_weight_g, policy.trolley_lines)


def labour(policy: Policy, now: int) -> Labour:
    """Give what a site's plans reckon with."""
    return Labour(policy.pickers, max(1, policy.walk_mm_s), policy.pick_ms, policy.batch_ms, now)


def beside(
    stock: Sequence[Balance], wanted: Sequence[PlanLine], bins: Mapping[str, Bin], zone: str = ""
) -> dict[str, tuple[Lying, ...]]:
    """Give what lies free beside what the stops take, by SKU; with `zone` only there."""
    taken = Counter[tuple[str, str, str]]()
    for stop in wanted:
        taken[stop.sku, stop.bin, stop.lot] += stop.quantity
    found: dict[str, tuple[Lying, ...]] = {}
    for sku, here in free_in(stock, bins):
        units, there = here.available - taken[sku, here.bin, here.lot], bins[here.bin].zone
        if units > 0 and zone in {"", there}:
            found[sku] = (*found.get(sku, ()), Lying(here.bin, here.lot, here.expiry, units, there))
    return found


def free_in(stock: Sequence[Balance], bins: Mapping[str, Bin]) -> Iterator[tuple[str, BinStock]]:
    """Give each SKU's free units in bins that are not blocked."""
    for here in stock:
        place = bin_of(here)
        if here.free > 0 and place in bins and not bins[place].blocked:
            yield here.sku, BinStock(place, here.lot, here.expiry, here.free)


def stops(
    lines: Sequence[OrderLine],
    shipments: Mapping[str, Shipment],
    skus: Mapping[str, Sku],
    bins: Mapping[str, Bin],
    stock: Sequence[Balance],
) -> list[PlanLine]:
    """Give each line the bins that serve it (first expired first out, then fewest); what has none is left out."""
    lying: dict[str, list[BinStock]] = defaultdict(list)
    for sku_id, here in free_in(stock, bins):
        lying[sku_id].append(here)
    result = []
    for line in sorted(lines, key=lambda x: (shipments[x.shipment].cut_off, -shipments[x.shipment].priority, x.id)):
        served = pick_bins(lying[line.sku], line.quantity)
        shipment, sku = shipments[line.shipment], skus[line.sku]
        expiry = {(one.bin, one.lot): one.expiry for one in lying[line.sku]}
        lying[line.sku] = _less(lying[line.sku], served)
        result += [
            _stop(line, shipment, sku, bins[bin_id], lot, units, expiry[bin_id, lot]) for bin_id, lot, units in served
        ]
    return result


def _less(lying: Sequence[BinStock], served: Sequence[tuple[str, str, int]]) -> list[BinStock]:
    """Take what is served off what lies there."""
    gone = {(bin_id, lot): units for bin_id, lot, units in served}
    left = [replace(s, available=s.available - gone.get((s.bin, s.lot), 0)) for s in lying]
    return [s for s in left if s.available > 0]


def _stop(line: OrderLine, shipment: Shipment, sku: Sku, place: Bin, lot: str, units: int, expiry: int) -> PlanLine:
    return PlanLine(
        shipment=shipment.id,
        line=line.id,
        bin=place.id,
        sku=sku.id,
        quantity=units,
        weight_mg=max(0, sku.weight_mg),
        volume_mm3=sku.length_mm * sku.width_mm * sku.height_mm,
        zone=place.zone,
        cut_off=shipment.cut_off,
        priority=shipment.priority,
        lot=lot,
        expiry=expiry,
    )


def _task(wave: str, site: str, now: int, number: int, found: TaskPlan, orders: Mapping[str, str]) -> PlannedTask:
    picks = tuple(
        PlannedPick(p.line, p.shipment, orders[p.line], p.bin, p.sku, p.lot, p.quantity, p.slot) for p in found.picks
    )
    facts = (found.cut_off, found.priority, found.length_mm, found.totes)
    return PlannedTask(ulid(now), wave, site, number, "planned", *facts, picks)
