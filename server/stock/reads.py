"""What channels are told can be bought: what is promised to nobody, and may be sent."""

from __future__ import annotations

from collections import Counter

from server.db.engine import Database
from server.db.reads import load
from server.sites.store import SITES
from server.stock.rules import is_unfit
from server.stock.store import UNFIT

LEFT = "SELECT sku, sum(on_hand - reserved) AS units FROM stock_pool GROUP BY sku"


async def available(database: Database, now: int) -> dict[str, int]:
    """Give the units of each SKU, over all sites, that an order would get at `now` (ms UTC)."""
    left = Counter({row["sku"]: row["units"] for row in await database.read(LEFT)})
    unfit = await database.rows(UNFIT, (now,))
    sites = {site.id: site for site in await load(database, SITES, "id", [site for site, *_ in unfit])}
    for site, pool, blocked, units in unfit:
        if is_unfit(sites[site].policy, blocked=blocked):
            left[pool.partition("/")[2]] -= units
    return dict(left)
