"""What allocation asks of stock and orders: what cannot be promised, and who waits for what is there."""

from __future__ import annotations

from server.db.engine import any_of
from server.stock.store import LYING, UNFIT

UNFIT_OF = f"{UNFIT} AND {any_of('b.pool')}"
OVERHANGING = f"SELECT DISTINCT p.id {LYING} AND p.reserved > 0"
"""Pools of which something is promised and something cannot be sent."""
SERVABLE = """
SELECT DISTINCT l.sku FROM order_line l JOIN stock_pool p ON p.sku = l.sku
WHERE l.state = 'back_ordered' AND p.on_hand > p.reserved
"""
"""SKUs that somebody waits for and somebody seems to have."""
