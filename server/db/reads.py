"""Reading committed structs for screens and jobs, outside the unit."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeVar

import msgspec

from server.db.engine import Database, any_of
from server.db.rows import Rows
from server.kernel.refusal import Refusal

T = TypeVar("T", bound=msgspec.Struct)


async def load(database: Database, rows: Rows[T], column: str, keys: Sequence[str]) -> list[T]:
    """Give the structs whose `column` is one of `keys`, in no order."""
    if not keys:
        return []
    wanted = msgspec.json.encode(list(dict.fromkeys(keys))).decode()
    clause = any_of(f'"{column}"')
    return [rows.load(row) for row in await database.rows(f"{rows.select} WHERE {clause}", (wanted,))]


async def one(database: Database, rows: Rows[T], key: str) -> T:
    """Give the struct of `key`; Refusal `not_found`."""
    found = await load(database, rows, rows.key, [key])
    if not found:
        raise Refusal("not_found", kind=rows.name, id=key)
    return found[0]


def escaped(text: str) -> str:
    """Give text as LIKE finds it (its ESCAPE is the backslash): its own signs mean themselves."""
    return text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
