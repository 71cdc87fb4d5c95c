"""The proof that the book is right: balances and pools made again from the ledger alone, and compared."""

from __future__ import annotations

from collections import Counter

import msgspec

from server.db.engine import Database
from server.stock.model import balance_id, pool_of
from server.stock.store import REBUILT

KEPT = {
    "balance": "SELECT id, quantity AS units FROM stock_balance WHERE quantity <> 0",
    "pool": "SELECT id, on_hand AS units FROM stock_pool WHERE on_hand <> 0",
}
"""What the book says, by what it is the book of."""


class Difference(msgspec.Struct, frozen=True):
    """A balance ('PLACE/SKU/LOT') or pool ('SITE/SKU') whose book says other units than the ledger."""

    kind: str
    id: str
    book: int
    ledger: int


async def recount(database: Database) -> list[Difference]:
    """Rebuild all balances and pools from the committed ledger; gives those that differ, none in a sound house."""
    ledger: dict[str, Counter[str]] = {"balance": Counter(), "pool": Counter()}
    for row in await database.read(REBUILT):
        ledger["balance"][balance_id(row["place"], row["sku"], row["lot"])] = row["quantity"]
        if pool := pool_of(row["place"], row["sku"]):
            ledger["pool"][pool] += row["quantity"]
    found = []
    for kind, sql in KEPT.items():
        book = {row["id"]: row["units"] for row in await database.read(sql)}
        keys = sorted(book.keys() | ledger[kind].keys())
        found += [Difference(kind, key, book.get(key, 0), ledger[kind][key]) for key in keys]
    return [one for one in found if one.book != one.ledger]
