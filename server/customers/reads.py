"""Customers as the office sees them."""

from __future__ import annotations

from server.customers.model import Customer
from server.customers.store import CUSTOMERS
from server.db.engine import Database

SEARCH = f"""{CUSTOMERS.select} WHERE name LIKE ? ESCAPE '\\' OR email LIKE ? ESCAPE '\\' OR id = ?
ORDER BY name, id LIMIT ?"""


async def search(database: Database, text: str = "", most: int = 100) -> list[Customer]:
    """Give customers by name: those whose name has `text`, whose e-mail begins with it, or whose id it is."""
    plain = text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
    rows = await database.read(SEARCH, (f"%{plain}%", f"{plain}%", text, most))
    return [CUSTOMERS.load(tuple(row.values())) for row in rows]
