"""The most the machine could do: the recorded statements of scans again, 128 scans a transaction, nothing around."""

from __future__ import annotations

import sqlite3
from collections.abc import Awaitable, Callable, Sequence
from contextlib import closing
from time import perf_counter
from typing import Any

import asyncpg
import msgspec

from server.app import WIRING
from server.bench.load import Handheld
from server.bench.recording import Cost, Group, cost_of, groups_of, perform, recording
from server.bench.stand import Stand, copied
from server.db import sqlite
from server.db.postgres import PostgresDatabase
from server.house import House, open_house
from server.kernel.clock import now
from server.kernel.refusal import Refusal
from server.settings import load

GROUPS = 60
"""How many groups are recorded, where there are so many scans."""
PLAYS = 3
"""How often they are played: the best counts."""
COUNT = "SELECT count(*) FROM scan"
Call = tuple[str, Sequence[Any]]
Play = Callable[[Stand, Sequence[Any], int], Awaitable[float]]


class Ceiling(msgspec.Struct, frozen=True):
    """Scans a second by raw group commit: all statements of the product's groups, and only those that write."""

    group_per_s: float
    writes_per_s: float
    cost: Cost


async def ceiling(on: Stand, handhelds: Sequence[Handheld]) -> Ceiling:
    """Record scans on a copy of the stand's database, and play them again on other copies."""
    calls: list[Call] = []
    async with copied(on) as copy, open_house(load(copy.env()), WIRING, now, work=False) as house:
        _listen(house, calls)
        async with recording(house) as (bus, recorder):
            for group in groups_of(handhelds)[:GROUPS]:
                await perform(bus, group)
        groups = recorder.groups
    cost = cost_of(groups, len(calls))
    if calls:
        everything, only_writes = [await _best(_postgres, on, part, cost.scans) for part in (calls, _writes(calls))]
    else:
        writes = [[statement for statement in group if statement.writes] for group in groups]
        everything, only_writes = [await _best(_sqlite, on, part, cost.scans) for part in (groups, writes)]
    return Ceiling(round(cost.scans / everything), round(cost.scans / only_writes), cost)


def _listen(house: House, calls: list[Call]) -> None:
    """Note each statement as asyncpg is given it."""
    if isinstance(house.database, PostgresDatabase):
        house.database.writer.add_query_logger(lambda said: calls.append((said.query, said.args)))


def _writes(calls: Sequence[Call]) -> list[Call]:
    return [call for call in calls if not call[0].startswith("SELECT")]


async def _best(play: Play, on: Stand, what: Sequence[Any], scans: int) -> float:
    """Play several times; gives the seconds of the fastest."""
    return min([await play(on, what, scans) for _ in range(PLAYS)])


async def _sqlite(on: Stand, groups: Sequence[Group], scans: int) -> float:
    """Play groups by sqlite3 alone, WAL and synchronous=FULL; gives the seconds."""
    async with copied(on) as copy:
        with closing(sqlite.connect(str(copy.file))) as connection:
            start = perf_counter()
            for group in groups:
                _group(connection, group)
            seconds = perf_counter() - start
            _require(connection.execute(COUNT).fetchone()[0], scans)
    return seconds


def _group(connection: sqlite3.Connection, group: Group) -> None:
    connection.execute("BEGIN IMMEDIATE")
    for statement in group:
        if statement.many:
            connection.executemany(statement.sql, statement.rows)
        else:
            connection.execute(statement.sql, statement.rows[0]).fetchall()
    connection.execute("COMMIT")


async def _postgres(on: Stand, calls: Sequence[Call], scans: int) -> float:
    """Play calls by asyncpg alone, BEGIN and COMMIT among them; gives the seconds."""
    async with copied(on) as copy:
        connection = await asyncpg.connect(copy.database, statement_cache_size=512)
        try:
            start = perf_counter()
            for sql, args in calls:
                await (connection.fetch(sql, *args) if args else connection.execute(sql))
            seconds = perf_counter() - start
            _require(await connection.fetchval(COUNT), scans)
        finally:
            await connection.close()
    return seconds


def _require(found: int, scans: int) -> None:
    """A ceiling of something else is none."""
    if found != scans:
        raise Refusal("failed", command="raw", reason=f"{found} of {scans} scans were written")
