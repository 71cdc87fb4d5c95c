"""Which bins serve a quantity: first expired first out, then the fewest bins."""

from __future__ import annotations

from server.allocation.choose import BinStock, pick_bins
from server.db.unit import Unit
from server.stock import actions as stock
from server.stock.model import pool_id
from server.stock.store import BALANCES


async def bins_with(unit: Unit, site: str, sku: str, *, without: str = "") -> list[BinStock]:
    """Give what lies free of a SKU in a site's bins."""
    found = await unit.where(BALANCES, pool=pool_id(site, sku))
    places = ((b.place.removeprefix("bin:"), b) for b in found if b.free > 0)
    return [BinStock(bin_id, b.lot, b.expiry, b.free) for bin_id, b in places if bin_id != without]


async def other_bins(
    unit: Unit, site: str, sku: str, quantity: int, *, without: str = ""
) -> tuple[tuple[str, str, int], ...]:
    """Give (bin, lot, units) for up to `quantity` units that nobody is promised, in other bins."""
    available = (await stock.pool(unit, pool_id(site, sku))).available
    wanted = min(quantity, available)
    return pick_bins(await bins_with(unit, site, sku, without=without), wanted) if wanted > 0 else ()
