"""Piccolo's engine over our connections, so that screens may query tables in Piccolo's words.

Piccolo's own SQLite engine opens a connection and a thread for every query, never sets WAL, and begins DEFERRED.
This one only reads, on committed state: writing goes through db/unit.py, the only transaction there is. Queries are
compiled with `?` for values on either database, and translated like all our SQL.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from piccolo.engine.sqlite import SQLiteEngine
from piccolo.querystring import QueryString
from piccolo.table import Table

from server.db.engine import Database


class ReadEngine(SQLiteEngine):
    """Runs Piccolo's selects on a reader connection of `database`."""

    def __init__(self, database: Database) -> None:
        """Wrap an open database."""
        super().__init__(path=database.name)
        self.database = database

    async def run_querystring(self, querystring: QueryString, in_pool: bool = False) -> Any:  # noqa: FBT001, FBT002
        """Run a compiled query; the reader connection refuses to write."""
        del in_pool
        sql, args = querystring.compile_string(engine_type=self.engine_type)
        return await self.database.read(sql, args)


def bind(tables: Iterable[type[Table]], database: Database) -> None:
    """Let these tables read from `database`."""
    engine = ReadEngine(database)
    for table in tables:
        table._meta.db = engine  # noqa: SLF001 - Piccolo binds tables here
