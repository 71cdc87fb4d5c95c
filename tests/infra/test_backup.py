"""A backup is taken while people scan, and comes back whole, on either engine, or not at all."""

from __future__ import annotations

import asyncio
import gzip
import random
import sqlite3
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from server.cli import backup as cli
from server.db.audit import audit
from server.db.backup import FORMAT, Header, Part, Sink, backup, described, new_file
from server.db.engine import Database, open_database
from server.db.migrate import known, migrate
from server.db.restore import restore, verify
from server.kernel.refusal import Refusal
from server.protocol.picking import HandBack, TakeTask
from server.schema import TABLES
from tests.floor import PICKER, a_released_wave, a_warehouse, an_order, confirm, ordered, stops
from tests.kit import START, World, world
from tests.servers import POSTGRES, database_for, new_database
from tests.sound import assert_sound

SEED = 20_101_201


def silent(_: int) -> None:
    """Show no progress."""


async def a_floor_at_work(w: World) -> str:
    """Orders in every state of a morning; gives a task on offer."""
    await a_warehouse(w)
    for name in ("1001", "1002", "1003"):
        await ordered(w, name, ("MUG", 2), ("LAMP", 1))
    task, *_ = await a_released_wave(w)
    await w.do(TakeTask(task), PICKER)
    await confirm(w, (await stops(w, task))[0])
    return task


async def scanning(w: World, task: str, done: asyncio.Event) -> int:
    """Hand the task back and take it again, import an order in between, until told to stop."""
    count = 0
    while not done.is_set():
        await w.do(HandBack(task), PICKER)
        await w.do(TakeTask(task), PICKER)
        await w.do(an_order(f"late-{count}", ("MUG", 1)))
        count += 1
    return count


async def contents(database: Database) -> dict[str, list[tuple[Any, ...]]]:
    """Give all rows of all tables, alike on both engines."""
    found = {}
    for part, _ in map(described, TABLES):
        names = ", ".join(f'"{name}"' for name in part.columns)
        rows = await database.rows(f'SELECT {names} FROM "{part.table}" ORDER BY "{part.columns[0]}"')
        found[part.table] = [tuple(row) for row in rows]
    return found


@pytest.fixture
def other(tmp_path: Path) -> Path:
    """A folder for another house."""
    folder = tmp_path / "other"
    folder.mkdir()
    return folder


async def another(folder: Path) -> Database:
    """Open the database of a folder."""
    return await open_database(await database_for(folder))


async def test_a_backup_under_scans_is_one_instant(tmp_path: Path, other: Path) -> None:
    file, done = tmp_path / "day.gz", asyncio.Event()
    async with world(tmp_path) as w:
        scans = asyncio.create_task(scanning(w, await a_floor_at_work(w), done))
        await asyncio.sleep(0.05)
        header, rows = await backup(w.database, TABLES, file, START, silent)
        done.set()
        assert await scans > 1
        journal = [e for e in await w.events() if e.position <= header.position]
        assert len(await w.events()) > header.position
    assert verify(file)[1].rows.keys() == {table._meta.tablename for table in TABLES}
    there = await another(other)
    assert await restore(there, TABLES, file, silent) == (header, rows)
    assert (await audit(there)).position == header.position
    await there.close()
    async with world(other) as w:
        assert await w.events() == journal
        await w.settle()
        await assert_sound(w)


async def test_a_shop_moves_to_postgresql_and_back(tmp_path: Path) -> None:
    async with world(tmp_path) as w:
        await a_floor_at_work(w)
        await w.settle()
        await backup(w.database, TABLES, tmp_path / "a.gz", START, silent)
        before = await contents(w.database)
    big = await open_database(await new_database())
    await restore(big, TABLES, tmp_path / "a.gz", silent)
    assert await contents(big) == before
    await backup(big, TABLES, tmp_path / "b.gz", START, silent)
    await big.close()
    assert gzip.decompress((tmp_path / "b.gz").read_bytes()) == gzip.decompress((tmp_path / "a.gz").read_bytes())
    small = await open_database(f"sqlite:///{tmp_path}/small.db")
    await restore(small, TABLES, tmp_path / "b.gz", silent)
    assert await contents(small) == before
    await small.close()


def resealed(lines: list[bytes]) -> bytes:
    """Cut a row out of the middle, and compress the rest as if nothing had been."""
    row = next(i for i, line in enumerate(lines) if i > len(lines) // 2 and line.startswith(b"["))
    return gzip.compress(b"".join(lines[:row] + lines[row + 1 :]))


async def test_what_is_cut_short_or_altered_is_refused_and_nothing_written(tmp_path: Path, other: Path) -> None:
    file, harmed = tmp_path / "a.gz", tmp_path / "harmed.gz"
    async with world(tmp_path) as w:
        await a_floor_at_work(w)
        await backup(w.database, TABLES, file, START, silent)
    whole, dice = file.read_bytes(), random.Random(SEED)
    lines = gzip.decompress(whole).splitlines(keepends=True)
    damages = [whole[: dice.randrange(len(whole))] for _ in range(20)]
    for _ in range(40):
        spot = dice.randrange(10, len(whole))  # the ten bytes before are gzip's own header, whose time is anybody's
        damages.append(whole[:spot] + bytes([whole[spot] ^ (1 << dice.randrange(8))]) + whole[spot + 1 :])
    damages += [resealed(lines), gzip.compress(b"".join(lines[:-1])), gzip.compress(b"[1]\n"), b"", b"no gzip"]
    there = await another(other)
    await migrate(there)
    for damage in damages:
        harmed.write_bytes(damage)
        with pytest.raises(Refusal) as refused:
            await restore(there, TABLES, harmed, silent)
        assert refused.value.facts["what"] == "backup"
    assert not any((await contents(there)).values())
    with pytest.raises(Refusal, match="not_found"):
        await restore(there, TABLES, tmp_path / "none.gz", silent)
    await there.close()


async def test_a_full_database_is_replaced_only_on_demand(tmp_path: Path) -> None:
    async with world(tmp_path) as w:
        await a_floor_at_work(w)
        await w.settle()
        await backup(w.database, TABLES, tmp_path / "a.gz", START, silent)
        before = await contents(w.database)
        await ordered(w, "later", ("MUG", 1))
        after = await contents(w.database)
    database = await open_database(await database_for(tmp_path))
    with pytest.raises(Refusal, match="--replace"):
        await restore(database, TABLES, tmp_path / "a.gz", silent)
    assert (await contents(database))["journal"] == after["journal"]
    await restore(database, TABLES, tmp_path / "a.gz", silent, replace=True)
    assert await contents(database) == before
    await database.close()
    if not POSTGRES:
        kept = await open_database(f"sqlite:///{tmp_path}/pickwave.db.before-restore")
        assert (await contents(kept))["journal"] == after["journal"]
        await kept.close()


async def test_a_backup_of_an_older_schema_is_brought_up(tmp_path: Path) -> None:
    columns = tuple(c for c in described(TABLES[0])[0].columns if c != "seal")
    with new_file(tmp_path / "old.gz") as out:
        sink = Sink(out)
        sink.write(Header(FORMAT, 1, "0.1.0", START, 1), Part("journal", columns))
        sink.write([1, START, "OP", "ann", "phone-1", "SiteChanged", "MAIN", "MAIN", "", "{}"])
        sink.close({"journal": 1})
    database = await another(tmp_path)
    header, rows = await restore(database, TABLES, tmp_path / "old.gz", silent)
    assert (header.schema, rows) == (1, 1)
    assert await database.rows("SELECT max(version) FROM schema_version") != [(1,)]
    assert [tuple(row) for row in await database.rows("SELECT position, seal FROM journal")] == [(1, "")]
    await database.close()


async def test_a_backup_of_a_newer_program_is_refused(tmp_path: Path) -> None:
    database = await another(tmp_path)
    with new_file(tmp_path / "new.gz") as out:
        sink = Sink(out)
        sink.write(Header(FORMAT, known(database.dialect)[-1].version + 1, "9.0.0", START, 0))
        sink.close({})
    with pytest.raises(Refusal, match="newer_database"):
        await restore(database, TABLES, tmp_path / "new.gz", silent)
    await database.close()


def test_a_file_has_its_name_only_when_it_is_whole(tmp_path: Path) -> None:
    target = tmp_path / "a.gz"
    target.write_bytes(b"yesterday's")
    with pytest.raises(TypeError), new_file(target) as out:
        out.writelines([b"half", None])  # type: ignore[list-item]
    assert target.read_bytes() == b"yesterday's"
    assert [path.name for path in tmp_path.iterdir()] == ["a.gz"]


def test_the_commands(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async def fill() -> None:
        async with world(tmp_path) as w:
            await a_floor_at_work(w)
            await w.settle()

    asyncio.run(fill())
    file = tmp_path / "a.gz"
    monkeypatch.setenv("PICKWAVE_DATABASE", asyncio.run(database_for(tmp_path)))
    done = CliRunner().invoke(cli.backup, [str(file)])
    assert (done.exit_code, "journal at" in done.output) == (0, True), done.output
    assert file.stat().st_mode & 0o777 == 0o600
    monkeypatch.setenv("PICKWAVE_DATABASE", f"sqlite:///{tmp_path}/elsewhere.db")
    done = CliRunner().invoke(cli.restore, [str(file)])
    assert (done.exit_code, done.output.rstrip().endswith(": sound")) == (0, True), done.output
    with sqlite3.connect(tmp_path / "elsewhere.db") as database:
        database.execute("UPDATE stock_balance SET quantity = quantity + 1 WHERE place LIKE 'bin:%'")
    asyncio.run(_again(tmp_path))
    done = CliRunner().invoke(cli.restore, [str(file), "--replace"])
    assert done.exit_code == 1
    assert "differences between ledger and balances" in done.output


async def _again(folder: Path) -> None:
    """Take a backup of a book that is wrong."""
    database = await open_database(f"sqlite:///{folder}/elsewhere.db")
    await backup(database, TABLES, folder / "a.gz", START, silent)
    await database.close()
