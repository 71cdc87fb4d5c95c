"""Which bins serve a quantity: first expired first out, then the fewest bins; and what of a pool they can serve."""

from __future__ import annotations

from collections.abc import Sequence

from server.allocation.choose import BinStock, pick_bins
from server.allocation.store import UNFIT_OF
from server.db.unit import Unit, ids
from server.sites.model import Policy
from server.sites.store import BINS, SITES
from server.stock import actions as stock
from server.stock.model import Balance, Pool, bin_place, pool_id
from server.stock.rules import is_unfit
from server.stock.store import BALANCES


async def sellable(unit: Unit, pools: Sequence[Pool]) -> dict[str, int]:
    """Give what can still be promised of these pools, {pool: units}: below zero where too much is promised already.

    Goods of an expired lot, where the site cares, and in a blocked bin are on hand, but nobody can be promised them.
    """
    left = {pool.id: pool.available for pool in pools}
    sites = await unit.many(SITES, [pool.site for pool in pools])
    for site, pool, blocked, units in await unit.select(UNFIT_OF, unit.at, ids(list(left))):
        if is_unfit(sites[site].policy, blocked=blocked):
            left[pool] -= units
    return left


async def free_in(unit: Unit, bin_id: str, sku: str, lot: str) -> int:
    """Give the units of a lot that are free in a bin and may be sent."""
    here, place = await stock.balance(unit, bin_place(bin_id), sku, lot), await unit.get(BINS, bin_id)
    fit = not place.blocked and is_fit(here, (await unit.get(SITES, place.site)).policy, unit.at)
    return max(0, here.free) if fit else 0


async def bins_with(unit: Unit, site: str, sku: str, *, without: str = "") -> list[BinStock]:
    """Give what lies free of a SKU in a site's bins that may be picked from: neither blocked nor expired."""
    found = [b for b in await unit.where(BALANCES, pool=pool_id(site, sku)) if b.free > 0]
    policy = (await unit.get(SITES, site)).policy
    bins = await unit.many(BINS, [bin_of(b) for b in found])
    may = (b for b in found if is_fit(b, policy, unit.at) and not bins[bin_of(b)].blocked)
    return [BinStock(bin_of(b), b.lot, b.expiry, b.free) for b in may if bin_of(b) != without]


def bin_of(balance: Balance) -> str:
    """Give the bin of a balance that lies in one."""
    return balance.place.removeprefix("bin:")


def is_fit(balance: Balance, policy: Policy, now: int) -> bool:
    """Tell whether goods may be sent: an expired lot may not, unless the site's policy does not care."""
    return policy.lot_policy == "ignore" or not 0 < balance.expiry < now


async def other_bins(
    unit: Unit, site: str, sku: str, quantity: int, *, without: str = ""
) -> tuple[tuple[str, str, int], ...]:
    """Give (bin, lot, units) for up to `quantity` units that nobody is promised, in other bins."""
    pool = await stock.pool(unit, pool_id(site, sku))
    wanted = min(quantity, (await sellable(unit, [pool]))[pool.id])
    return pick_bins(await bins_with(unit, site, sku, without=without), wanted) if wanted > 0 else ()
