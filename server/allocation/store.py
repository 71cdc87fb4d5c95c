"""What lies in a pool's bins but cannot be sent to anybody: asked when goods are promised, and now and then of all."""

from __future__ import annotations

from server.db.engine import any_of

LYING = """
FROM stock_balance b JOIN bin ON bin.id = substr(b.place, 5) JOIN stock_pool p ON p.id = b.pool
WHERE b.quantity > b.pinned AND (bin.blocked OR (b.expiry > 0 AND b.expiry < ?))
"""
UNFIT = f"SELECT p.site, p.id, bin.blocked, b.quantity - b.pinned {LYING} AND {any_of('b.pool')}"
"""Site, pool, whether the bin is blocked (else the lot has expired), units that no released line is promised."""
OVERHANGING = f"SELECT DISTINCT p.id {LYING} AND p.reserved > 0"
"""Pools of which something is promised and something cannot be sent."""
SERVABLE = """
SELECT DISTINCT l.sku FROM order_line l JOIN stock_pool p ON p.sku = l.sku
WHERE l.state = 'back_ordered' AND p.on_hand > p.reserved
"""
"""SKUs that somebody waits for and somebody seems to have."""
