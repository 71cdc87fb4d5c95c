"""Orders get their warehouses; what cannot be served waits and is served by itself when stock arrives."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from server.allocation.bins import sellable
from server.allocation.choose import choose, distance_km
from server.allocation.model import AllocateOrder, AllocateWaiting, Displace, OrderAllocated, ReviewPromises
from server.allocation.store import OVERHANGING, SERVABLE
from server.db.engine import Database, any_of
from server.db.unit import Unit, ids
from server.jobs.actions import enqueue
from server.kernel.clock import DAY, MINUTE
from server.kernel.ids import ulid
from server.orders import lines as order_lines
from server.orders.incoming import IncomingAddress
from server.orders.model import LineChanged, Order, OrderLine, Shipment, State
from server.orders.store import LINES, ORDERS, SHIPMENTS, WAITS_FOR
from server.sites.countries import centroid
from server.sites.model import Site
from server.sites.store import SITES
from server.stock import actions as stock
from server.stock.model import Pool, StockArrived, StockDisplaced, pool_id
from server.stock.store import POOLS

WAITING = frozenset({State.PAID, State.BACK_ORDERED})
WANTING = frozenset(
    {
        (State.RECEIVED, State.PAID),
        (State.RELEASED, State.BACK_ORDERED),
        (State.PICKING, State.BACK_ORDERED),
        (State.PICKED, State.BACK_ORDERED),
    }
)
"""What became of a line that any warehouse may serve now: a short one too, since another site may have it."""


async def allocate(unit: Unit, command: AllocateOrder) -> None:
    """Carry out AllocateOrder."""
    order = await unit.get(ORDERS, command.order)
    waiting = [x for x in await order_lines.of_order(unit, order.id) if x.state in WAITING and x.goods]
    if order.reason:
        await order_lines.advance(unit, waiting, "hold", order.reason)
        return
    if not waiting:
        return
    needs: dict[str, int] = {}
    for line in waiting:
        needs[line.sku] = needs.get(line.sku, 0) + line.quantity
    sites = {site.id: site for site in await unit.where(SITES)}
    available = await _available(unit, list(needs), sites)
    split = choose(needs, available, {s.id: _distance(s, order) for s in sites.values()})
    for site, share in split.shares.items():
        shipment = await _shipment(unit, order, sites[site])
        waiting = await _promise(unit, shipment, waiting, dict(share))
    late = [x for x in waiting if x.state is State.PAID]
    await order_lines.advance(unit, late, "back_order", "no_stock")
    unit.emit(OrderAllocated(order.id, tuple(split.shares), sum(x.quantity for x in waiting)))


async def _available(unit: Unit, skus: Sequence[str], sites: Mapping[str, Site]) -> dict[str, dict[str, int]]:
    result: dict[str, dict[str, int]] = {site: {} for site in sites}
    pools = [p for p in await unit.query(POOLS, any_of("sku"), ids(skus)) if p.available > 0 and p.site in result]
    left = await sellable(unit, pools) if pools else {}
    for pool in pools:
        if left[pool.id] > 0:
            result[pool.site][pool.sku] = left[pool.id]
    return result


def _distance(site: Site, order: Order) -> float | None:
    """Give km from a site to the buyer: by coordinates, else by the middle of the country; None where unknown."""
    here, there = _point(site), _point(order.address) if order.address else None
    return distance_km(here, there) if here and there else None


def _point(place: Site | IncomingAddress) -> tuple[float, float] | None:
    if place.latitude is None or place.longitude is None:
        return centroid(place.country)
    return (place.latitude, place.longitude)


async def _shipment(unit: Unit, order: Order, site: Site) -> Shipment:
    """Give the order's shipment at this site that still takes lines, or a new one."""
    for shipment in await unit.where(SHIPMENTS, order=order.id):
        if shipment.site == site.id and shipment.state is State.ALLOCATED and not shipment.wave:
            return shipment
    fresh = Shipment(
        id=ulid(unit.at),
        order=order.id,
        site=site.id,
        carrier=dict(site.policy.carriers).get(order.shipping_method, site.policy.carrier),
        cut_off=next_cut_off(unit.at, site.cut_off_minute),
        priority=order.priority,
        state=State.CANCELLED,
        tally={},
        wave="",
        tracking="",
        version=0,
    )
    unit.put(SHIPMENTS, fresh)
    return fresh


def next_cut_off(now: int, minute: int) -> int:
    """Give the next time (ms) that the carrier leaves, when it leaves daily at `minute` of the day (UTC)."""
    today = now - now % DAY + minute * MINUTE
    return today if today > now else today + DAY


async def _promise(
    unit: Unit, shipment: Shipment, waiting: Sequence[OrderLine], share: dict[str, int]
) -> list[OrderLine]:
    """Reserve a site's share for these lines; gives what is left waiting."""
    left: list[OrderLine] = []
    for line in waiting:
        units = min(line.quantity, share.get(line.sku, 0))
        if not units:
            left.append(line)
            continue
        share[line.sku] -= units
        rest, part = await order_lines.cut(unit, line, units)
        await stock.reserve(unit, pool_id(shipment.site, line.sku), units)
        await order_lines.advance(unit, [part], "allocate", shipment=shipment.id)
        if rest is not None:
            left.append(rest)
    return left


async def allocate_waiting(unit: Unit, command: AllocateWaiting) -> None:
    """Carry out AllocateWaiting: a job an order, so that each has its own transaction, in the order of their turn."""
    waiting = await unit.where(LINES, sku=command.sku, state=str(State.BACK_ORDERED))
    orders = (await unit.many(ORDERS, [line.order for line in waiting])).values()
    for turn, order in enumerate(sorted(orders, key=lambda x: (-x.priority, x.placed_at, x.id))):
        await _later(unit, order.id, due=unit.at + turn)


async def _later(unit: Unit, order: str, due: int = 0) -> None:
    """Allocate an order in a job; asked for twice, it is done once."""
    await enqueue(unit, "allocate", {"order": order}, due=due, key=f"allocate:{order}")


async def displace(unit: Unit, command: Displace) -> None:
    """Carry out Displace: lines that nobody has in hand wait again, the latest first, until the promise is covered."""
    pool = await stock.pool(unit, command.pool)
    over = -(await sellable(unit, [pool]))[pool.id]
    for state in (State.ALLOCATED, State.RELEASED):
        for line in await _latest_first(unit, pool, state):
            if over > 0:
                _, part = await order_lines.cut(unit, line, min(over, line.quantity))
                over -= part.quantity
                await _give_way(unit, part)


async def review(database: Database, now: int) -> ReviewPromises | None:
    """Do the job `review_promises`: find what time alone has changed, or a bin that was blocked or freed."""
    pools, skus = await database.rows(OVERHANGING, (now,)), await database.rows(SERVABLE)
    return ReviewPromises(tuple(p for (p,) in pools), tuple(s for (s,) in skus)) if pools or skus else None


async def review_promises(unit: Unit, command: ReviewPromises) -> None:
    """Carry out ReviewPromises: a job each, as for goods that are not there and goods that arrive."""
    for pool in command.pools:
        await _displace(unit, pool)
    for sku in command.skus:
        await _serve(unit, sku)


async def _displace(unit: Unit, pool: str) -> None:
    await enqueue(unit, "displace", {"pool": pool}, key=f"displace:{pool}")


async def _serve(unit: Unit, sku: str) -> None:
    await enqueue(unit, "allocate_waiting", {"sku": sku}, key=f"waiting:{sku}")


async def _latest_first(unit: Unit, pool: Pool, state: State) -> list[OrderLine]:
    """Give a pool's lines in `state`: the least urgent, then the latest first."""
    found = await unit.where(LINES, sku=pool.sku, state=str(state))
    shipments = await unit.many(SHIPMENTS, [line.shipment for line in found])
    here = [line for line in found if shipments[line.shipment].site == pool.site]
    return sorted(here, key=lambda x: (-shipments[x.shipment].priority, x.shipment, x.id), reverse=True)


async def _give_way(unit: Unit, line: OrderLine) -> None:
    """Take a line's promise from it: it waits for stock."""
    if line.state is State.RELEASED:
        [line] = await order_lines.advance(unit, [line], "recall")
    [freed] = await order_lines.advance(unit, [line], "free", shipment="")
    await order_lines.advance(unit, [freed], "back_order", "displaced")


async def arrived(unit: Unit, event: StockArrived) -> None:
    """StockArrived: serve who waits for the SKU, in a job; nobody waiting, nothing to do."""
    if await unit.select(WAITS_FOR, event.sku):
        await _serve(unit, event.sku)


async def displaced(unit: Unit, event: StockDisplaced) -> None:
    """StockDisplaced: somebody must give way, in a job."""
    await _displace(unit, event.pool)


async def line_changed(unit: Unit, event: LineChanged) -> None:
    """LineChanged: what gives its reservation up frees it, and what wants a warehouse is allocated in a job."""
    if event.was == State.ALLOCATED and event.state in {State.CANCELLED, State.ON_HOLD, State.PAID}:
        shipment = await unit.get(SHIPMENTS, event.was_shipment)
        await stock.free(unit, pool_id(shipment.site, event.sku), event.quantity)
    if (State(event.was), State(event.state)) in WANTING:
        await _later(unit, event.order)
    if (event.was, event.state) == (State.PICKING, State.RELEASED):
        await _let_give_way(unit, event)


async def _let_give_way(unit: Unit, event: LineChanged) -> None:
    """A line is in nobody's hands any more: where a count denied its goods meanwhile, it may be displaced now."""
    site = (await unit.get(SHIPMENTS, event.shipment)).site
    pool = await stock.pool(unit, pool_id(site, event.sku))
    if pool.available < 0:
        await _displace(unit, pool.id)
