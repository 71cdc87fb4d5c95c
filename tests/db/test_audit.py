"""Who did what is written once: the database refuses to forget, and what is forced all the same is found."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from server.db.audit import audit
from server.db.engine import DatabaseError
from server.kernel.refusal import Refusal
from tests.floor import a_warehouse
from tests.kit import World, world
from tests.servers import POSTGRES

GUARDS = {
    "journal": ("journal_is_kept",) if POSTGRES else ("journal_is_kept_update", "journal_is_kept_delete"),
}


@pytest.fixture
async def w(tmp_path: Path) -> AsyncIterator[World]:
    """A house in which something has happened."""
    async with world(tmp_path) as opened:
        await a_warehouse(opened)
        yield opened


async def force(w: World, *statements: str) -> None:
    """Change the database as somebody with the file in hand may."""
    await w.database.begin()
    try:
        for name in GUARDS["journal"]:
            await w.database.fetch(f'DROP TRIGGER "{name}"' + (' ON "journal"' if POSTGRES else ""))
        for sql in statements:
            await w.database.fetch(sql)
        await w.database.commit()
    except BaseException:
        await w.database.rollback()
        raise


async def test_a_house_is_sealed_from_its_first_entry(w: World) -> None:
    head = await audit(w.database)
    assert head.position == head.entries == len(await w.events()) > 10
    await a_warehouse(w)
    assert (await audit(w.database, head.position, head.seal)).position > head.position


@pytest.mark.parametrize("sql", ["UPDATE {} SET at = 1", "DELETE FROM {}"])
@pytest.mark.parametrize("table", ["journal", "stock_move"])
async def test_the_database_refuses_to_forget(w: World, sql: str, table: str) -> None:
    await w.database.begin()
    with pytest.raises(DatabaseError, match="append-only"):
        await w.database.fetch(sql.format(table))
    await w.database.rollback()


@pytest.mark.parametrize(
    "sql",
    [
        """UPDATE journal SET "user" = 'somebody else' WHERE position = 5""",
        "UPDATE journal SET at = at - 1 WHERE position = 5",
        "UPDATE journal SET body = '{}' WHERE position = 5",
        "UPDATE journal SET seal = '' WHERE position = 5",
        "DELETE FROM journal WHERE position = 5",
    ],
)
async def test_what_is_forced_is_found(w: World, sql: str) -> None:
    await force(w, sql)
    with pytest.raises(Refusal) as found:
        await audit(w.database)
    assert (found.value.code, found.value.facts) == ("not_sealed", {"position": 5})


async def test_an_end_that_was_cut_off_or_written_anew_is_found_by_a_head_noted_before(w: World) -> None:
    head = await audit(w.database)
    await force(w, f"DELETE FROM journal WHERE position = {head.position}")
    with pytest.raises(Refusal) as found:
        await audit(w.database, head.position, head.seal)
    assert found.value.facts == {"position": head.position}


async def test_entries_older_than_the_seals_are_passed_over(w: World) -> None:
    await force(w, "DELETE FROM journal WHERE position > 4", "UPDATE journal SET seal = ''")
    await a_warehouse_beside_the_old(w)
    head = await audit(w.database)
    assert head.position - head.entries == 4


async def a_warehouse_beside_the_old(w: World) -> None:
    """Go on from the fourth entry."""
    await w.database.begin()
    await w.database.fetch("UPDATE counter SET value = 4 WHERE name = 'journal'")
    await w.database.commit()
    await a_warehouse(w)
