"""Bring a database to this program's schema: numbered SQL files, all in one transaction, after a backup.

The runner is the only code besides db/unit.py that writes, and it runs before anything else does.
"""

from __future__ import annotations

from pathlib import Path

import msgspec

from server.db.engine import Database
from server.kernel.refusal import Refusal

FOLDER = Path(__file__).parent / "migrations"
VERSION_TABLE = "CREATE TABLE IF NOT EXISTS schema_version (version BIGINT PRIMARY KEY, name TEXT NOT NULL)"


class Migration(msgspec.Struct, frozen=True):
    """One file: `0002_add_lots.sql` is version 2; `0003_guard.sqlite.sql` is the form of version 3 for one engine."""

    version: int
    name: str
    sql: str


def known(dialect: str, folder: Path = FOLDER) -> list[Migration]:
    """Give the migrations of this program for an engine, in order."""
    found = []
    for file in sorted(folder.glob("[0-9]*.sql")):
        name, _, only = file.stem.partition(".")
        if only in {"", dialect}:
            found.append(Migration(int(name.partition("_")[0]), name, file.read_text(encoding="utf-8")))
    return found


def statements(sql: str) -> list[str]:
    """Cut a file into statements; a line of its own ends with the semicolon."""
    return [part.strip() for part in sql.split(";\n") if part.strip()]


async def migrate(database: Database, folder: Path = FOLDER) -> list[str]:
    """Apply what is missing and give the names applied; Refusal `newer_database` where the file is ahead of us."""
    await database.begin()
    try:
        applied = await apply(database, folder=folder)
        await database.commit()
    except BaseException:
        await database.rollback()
        raise
    return applied


async def apply(database: Database, upto: int = 0, folder: Path = FOLDER) -> list[str]:
    """Apply within a transaction what is missing, as far as version `upto` (0 = all); gives the names applied."""
    migrations = known(database.dialect, folder)
    await database.fetch(VERSION_TABLE)
    [(have,)] = await database.fetch("SELECT coalesce(max(version), 0) FROM schema_version")
    if have > migrations[-1].version:
        raise Refusal("newer_database", database=have, program=migrations[-1].version, path=database.name)
    missing = [m for m in migrations if have < m.version <= (upto or m.version)]
    if have and missing:
        await database.keep_copy(f"before-{missing[0].version}")
    for migration in missing:
        for statement in statements(migration.sql):
            await database.fetch(statement)
        await database.fetch("INSERT INTO schema_version VALUES (?, ?)", (migration.version, migration.name))
    return [m.name for m in missing]
