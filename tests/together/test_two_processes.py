"""Two processes on one database: nothing is lost, doubled or oversold, whoever is first and whatever breaks."""

from __future__ import annotations

import asyncio
import random
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from pathlib import Path

import asyncpg
import pytest

from server.db.journal import after
from server.db.oplog import OPLOG
from server.kernel.actor import Actor
from server.kernel.refusal import Busy
from server.orders.store import LINES
from server.protocol import picking as pick
from tests.bus.things import TABLES, THINGS, Do, do, warm_do
from tests.floor import a_warehouse, an_order, finish, on_the_floor, pool, received
from tests.kit import World, world
from tests.servers import new_database
from tests.sound import assert_sound
from tests.wired import Wired, wired

KEYS = "abcdefgh"


@pytest.fixture(params=["postgres", "sqlite"])
async def two(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[list[Wired]]:
    """Two buses on one database: two servers on PostgreSQL, or on SQLite a server and a command beside it."""
    url = await new_database() if request.param == "postgres" else f"sqlite:///{tmp_path}/two.db"
    async with AsyncExitStack() as stack:
        opened = wired(tmp_path, {Do: do}, TABLES, url=url, warm={Do: warm_do})
        again = wired(tmp_path, {Do: do}, TABLES, url=url, warm={Do: warm_do})
        yield [await stack.enter_async_context(one) for one in (opened, again)]


@pytest.fixture
async def houses(tmp_path: Path) -> AsyncIterator[list[World]]:
    """Two houses on one database."""
    url = await new_database()
    async with world(tmp_path, url) as first, world(tmp_path, url) as second:
        yield [first, second]


async def keep_sending(w: Wired, device: str, seq: int, command: Do) -> None:
    """Send an operation until it has an answer, as a phone does."""
    while True:
        try:
            await w.bus.perform(Actor("ann", device, frozenset("*")), command, op_id=f"{device}-{seq}", seq=seq)
        except Busy:
            await asyncio.sleep(0.02)
        else:
            return


async def phone(w: Wired, name: str, count: int, wanted: Counter[str]) -> None:
    """Count things up, three a time in any order; every tenth operation also asks by index."""
    chance = random.Random(name)
    for seq in range(1, count + 1):
        keys = chance.sample(KEYS, 3)
        asks = (("sum", "", 0),) if seq % 10 == 0 else ()
        await keep_sending(w, name, seq, Do(tuple(("more", key, 1) for key in keys) + asks))
        wanted.update(keys)


async def assert_exact(two: list[Wired], wanted: Counter[str], operations: int) -> None:
    [w, _] = two
    assert {row["id"]: row["value"] for row in await w.database.read(THINGS.select)} == wanted
    entries = await after(w.database, 0, 100_000)
    assert [e.position for e in entries] == list(range(1, 3 * operations + 1))
    assert len(await w.database.rows(OPLOG.select)) == operations


async def test_both_count_and_nothing_is_lost(two: list[Wired]) -> None:
    wanted: Counter[str] = Counter()
    phones = [phone(w, f"phone-{n}-{i}", 30, wanted) for i, w in enumerate(two) for n in range(8)]
    await asyncio.gather(*phones)
    await assert_exact(two, wanted, 16 * 30)


@pytest.mark.parametrize("two", ["postgres"], indirect=True)
async def test_connections_that_are_cut_lose_and_double_nothing(two: list[Wired]) -> None:
    wanted: Counter[str] = Counter()
    phones = [asyncio.create_task(phone(w, f"p-{n}-{i}", 40, wanted)) for i, w in enumerate(two) for n in range(6)]
    cuts = 0
    while not all(task.done() for task in phones):
        cuts += await cut_connections(two[0])
        await asyncio.sleep(0.05)
    await asyncio.gather(*phones)
    assert cuts > 2
    await assert_exact(two, wanted, 12 * 40)


async def cut_connections(w: Wired) -> int:
    """End all connections to the database, as its restart does; gives how many wrote something just then."""
    connection = await asyncpg.connect(w.database.url)  # type: ignore[attr-defined]
    try:
        return len(
            await connection.fetch(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                " WHERE datname = current_database() AND pid <> pg_backend_pid() AND state <> 'idle'"
            )
        )
    finally:
        await connection.close()


async def test_a_phone_that_changes_process_is_still_in_sequence(two: list[Wired]) -> None:
    wanted: Counter[str] = Counter()
    for seq in range(1, 21):
        await keep_sending(two[seq % 2], "wanderer", seq, Do((("more", "a", 1),)))
        wanted["a"] += 1
    both = [
        two[n % 2].bus.perform(Actor("ann", "w", frozenset("*")), Do((("more", "b", 1),)), op_id="same", seq=1)
        for n in range(10)
    ]
    outcomes = await asyncio.gather(*both, return_exceptions=True)
    assert {o if isinstance(o, Busy) else o.position for o in outcomes if not isinstance(o, BaseException)} == {21}
    assert {row["id"]: row["value"] for row in await two[0].database.read(THINGS.select)} == {"a": 20, "b": 1}


async def test_more_orders_than_goods_are_never_oversold(houses: list[World], soak: float) -> None:
    units = 20 + round(80 * soak)
    first, second = houses
    await a_warehouse(first)
    await received(first, "A-01-01", "MUG", units - 20)
    await asyncio.gather(*(houses[n % 2].do(an_order(str(n), ("MUG", 1))) for n in range(10 * units)))
    await settled(houses)
    granted = await first.all(LINES, "state = 'allocated'")
    assert len(granted) == units
    assert await pool(second, "MUG") == (units, units)
    await assert_sound(first)


async def settled(houses: list[World]) -> None:
    """Wait for the jobs of both, on one clock."""
    latest = max(w.now for w in houses) + 1_000
    for w in houses:
        w.now = latest
        await w.settle(60)


async def test_pickers_at_two_processes_pick_the_same_bins(houses: list[World]) -> None:
    first, second = houses
    await a_warehouse(first)
    tasks = [await on_the_floor(first, f"o{n}", ("MUG", 3), ("LAMP", 1), take=False) for n in range(4)]
    second.now = first.now
    await asyncio.gather(*(pick_all(houses[n % 2], task, n) for n, task in enumerate(tasks)))
    await settled(houses)
    assert {line.state for line in await first.all(LINES, "goods")} == {"picked"}
    await assert_sound(first)


async def pick_all(w: World, task: str, n: int) -> None:
    """Take a task and confirm each of its stops."""
    who = Actor(f"picker-{n}", f"phone-{n}", frozenset({"pick"}), "MAIN")
    await w.do(pick.TakeTask(task), who)
    await finish(w, task, f"T{n + 1}", who)
