"""One portable file of all that a database holds, read at one instant while the server goes on working.

gzip of JSON lines: a Header, then for each table a Part and a line a row (a list of its columns' values), and a Trailer
that counts the rows and seals all lines before it. SQLite and PostgreSQL write the same.
"""

from __future__ import annotations

import gzip
import hashlib
import os
from collections.abc import AsyncIterator, Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from importlib.metadata import version
from pathlib import Path
from typing import IO, Any, Final

import msgspec
from piccolo.columns import Boolean
from piccolo.table import Table

from server.db.engine import Database, Read

FORMAT: Final = "pickwave-backup-1"
PAGE: Final = 2_000
Progress = Callable[[int], None]
encode = msgspec.json.Encoder().encode


class Header(msgspec.Struct, frozen=True):
    """What was backed up: schema version, program, when (ms UTC), and the journal's last position."""

    format: str
    schema: int
    program: str
    at: int
    position: int


class Part(msgspec.Struct, frozen=True):
    """The rows that follow belong to this table."""

    table: str
    columns: tuple[str, ...]


class Trailer(msgspec.Struct, frozen=True):
    """How many rows each table has, and the SHA-256 of all lines before this one."""

    rows: dict[str, int]
    sha256: str


class Sink:
    """Writes lines, and knows the checksum of what it has written."""

    def __init__(self, out: IO[bytes]) -> None:
        """Write compressed to `out`."""
        self._zip = gzip.GzipFile(filename="", mode="wb", compresslevel=6, fileobj=out, mtime=0)
        self._sum = hashlib.sha256()

    def write(self, *values: object) -> None:
        """Write each value as a line."""
        lines = b"".join(encode(value) + b"\n" for value in values)
        self._sum.update(lines)
        self._zip.write(lines)

    def close(self, rows: dict[str, int]) -> None:
        """Write the trailer and end."""
        self.write(Trailer(rows, self._sum.hexdigest()))
        self._zip.close()


async def backup(
    database: Database, tables: Iterable[type[Table]], target: Path, at: int, progress: Progress
) -> tuple[Header, int]:
    """Write all tables to `target`, which appears only once it is whole; gives the header and the number of rows."""
    rows: dict[str, int] = {}
    with new_file(target) as out:
        sink = Sink(out)
        async with database.snapshot() as read:
            header = await _header(read, at)
            sink.write(header)
            for table in tables:
                part, flags = described(table)
                sink.write(part)
                rows[part.table] = 0
                async for page in _pages(read, part):
                    sink.write(*(_plain(row, flags) for row in page))
                    rows[part.table] += len(page)
                    progress(len(page))
        sink.close(rows)
    return header, sum(rows.values())


async def _header(read: Read, at: int) -> Header:
    [(schema,)] = await read("SELECT max(version) FROM schema_version", ())
    position = await read("SELECT value FROM counter WHERE name = 'journal'", ())
    return Header(FORMAT, schema, version("pickwave"), at, position[0][0] if position else 0)


def described(table: type[Table]) -> tuple[Part, tuple[int, ...]]:
    """Give a table's name and columns, its key first, and which of them are true or false (SQLite says 1 or 0)."""
    meta = table._meta  # noqa: SLF001 - Piccolo's own way to ask
    names = tuple(column._meta.db_column_name for column in meta.columns)  # noqa: SLF001
    return Part(meta.tablename, names), tuple(i for i, c in enumerate(meta.columns) if isinstance(c, Boolean))


async def _pages(read: Read, part: Part) -> AsyncIterator[Sequence[Any]]:
    """Read a table by its key, a page at a time."""
    key, names = part.columns[0], ", ".join(f'"{name}"' for name in part.columns)
    select, rest = f'SELECT {names} FROM "{part.table}"', f'ORDER BY "{key}" LIMIT {PAGE}'
    page = await read(f"{select} {rest}", ())
    while page:
        yield page
        page = await read(f'{select} WHERE "{key}" > ? {rest}', (page[-1][0],)) if len(page) == PAGE else []


def _plain(row: Any, flags: Iterable[int]) -> list[Any]:
    values = list(row)
    for i in flags:
        values[i] = values[i] if values[i] is None else bool(values[i])
    return values


@contextmanager
def new_file(target: Path) -> Iterator[IO[bytes]]:
    """Make a file that has its name only once it is whole and on the disk; only its owner may read it."""
    part = target.with_name(f"{target.name}.part")
    try:
        with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as out:
            yield out
            out.flush()
            os.fsync(out.fileno())
        part.replace(target)
        _sync_folder(target.absolute().parent)
    finally:
        part.unlink(missing_ok=True)


def _sync_folder(folder: Path) -> None:
    """Make the name durable too."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
