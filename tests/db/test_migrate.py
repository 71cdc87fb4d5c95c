"""A database of any age comes to this program's schema, or is refused."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest

from server.db.migrate import FOLDER, known, migrate
from server.db.rows import all_ddl
from server.db.sqlite import SqliteDatabase
from server.kernel.refusal import Refusal
from server.schema import INDEXES, TABLES

COLUMNS = """
SELECT m.name, c.name, c.type, c."notnull", c.pk FROM sqlite_master AS m JOIN pragma_table_info(m.name) AS c
WHERE m.type = 'table' AND m.name <> 'schema_version'
"""
NAMED = "SELECT name, sql FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL"


async def test_the_migrations_make_the_declared_tables(tmp_path: Path) -> None:
    database = SqliteDatabase(str(tmp_path / "a.db"))
    assert await migrate(database) == [m.name for m in known("sqlite")]
    declared = sqlite3.connect(":memory:")
    for statement in (*all_ddl(TABLES), *INDEXES):
        declared.execute(statement)
    for sql in (COLUMNS, NAMED):
        assert set(await database.rows(sql)) == set(declared.execute(sql))
    await database.close()
    declared.close()


async def test_both_engines_have_the_same_migrations() -> None:
    assert [m.version for m in known("sqlite")] == [m.version for m in known("postgres")]


async def test_again_changes_nothing_and_newer_is_refused(tmp_path: Path) -> None:
    database = SqliteDatabase(str(tmp_path / "a.db"))
    await migrate(database)
    assert await migrate(database) == []
    database.writer.execute("INSERT INTO schema_version VALUES (99, 'from the future')")
    with pytest.raises(Refusal) as refused:
        await migrate(database)
    assert (refused.value.code, refused.value.facts["database"]) == ("newer_database", 99)
    await database.close()


async def test_an_older_database_is_backed_up_and_brought_on(tmp_path: Path) -> None:
    folder = tmp_path / "migrations"
    folder.mkdir()
    for file in FOLDER.glob("*.sql"):
        (folder / file.name).write_text(file.read_text())
    database = SqliteDatabase(str(tmp_path / "a.db"))
    await migrate(database, folder)
    database.writer.execute("INSERT INTO tote VALUES ('T1', 'MAIN')")
    (folder / "0099_colour.sql").write_text("ALTER TABLE tote ADD COLUMN colour TEXT NOT NULL DEFAULT 'grey';\n")
    assert await migrate(database, folder) == ["0099_colour"]
    assert await database.read("SELECT * FROM tote") == [{"id": "T1", "site": "MAIN", "colour": "grey"}]
    kept = sqlite3.connect(tmp_path / "a.db.before-99")
    assert kept.execute("SELECT * FROM tote").fetchall() == [("T1", "MAIN")]
    kept.close()
    await database.close()


async def test_a_migration_that_fails_leaves_nothing_half_done(tmp_path: Path) -> None:
    folder = tmp_path / "migrations"
    folder.mkdir()
    (folder / "0001_start.sql").write_text("CREATE TABLE a (id TEXT);\n")
    (folder / "0002_bad.sql").write_text("CREATE TABLE b (id TEXT);\nCREATE NONSENSE;\n")
    database = SqliteDatabase(str(tmp_path / "a.db"))
    with pytest.raises(Exception, match="NONSENSE"):
        await migrate(database, folder)
    assert await database.read("SELECT name FROM sqlite_master") == []
    await database.close()
