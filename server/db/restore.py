"""A backup (backup.py) back into a database, of SQLite or PostgreSQL, whichever it came from.

Nothing is written before the whole file is proven; then all in one transaction, in the schema that the backup has; then
the schema is brought up to this program's.
"""

from __future__ import annotations

import gzip
import hashlib
import re
import zlib
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, Final

import msgspec
from piccolo.table import Table

from server.db.backup import FORMAT, PAGE, Header, Part, Progress, Trailer, described
from server.db.engine import Database
from server.db.migrate import apply, known, migrate
from server.kernel.refusal import Refusal

NAME: Final = re.compile(r"[a-z_]+")
BROKEN: Final = (OSError, EOFError, LookupError, zlib.error, msgspec.MsgspecError)
_header = msgspec.json.Decoder(Header).decode
_part = msgspec.json.Decoder(Part).decode
_trailer = msgspec.json.Decoder(Trailer).decode
_row = msgspec.json.Decoder(list[str | int | float | bool | None]).decode


def verify(source: Path) -> tuple[Header, Trailer]:
    """Read a backup to its end; Refusal `bad_value` where it is cut short, altered, or none of ours."""
    rows: dict[str, int] = {}
    checksum, last, name = hashlib.sha256(), b"", ""
    try:
        with gzip.open(source) as lines:
            header = _header(first := next(lines, b""))
            checksum.update(first)
            for line in lines:
                checksum.update(last)
                last = line
                name = _count(line, rows, name)
        trailer = _trailer(last)
    except FileNotFoundError as error:
        raise Refusal("not_found", kind="file", id=str(source)) from error
    except BROKEN as error:
        raise broken(source, f"cut short or altered: {error}") from error
    if header.format != FORMAT or trailer.sha256 != checksum.hexdigest() or trailer.rows != rows:
        raise broken(source, "its checksum is another than it says")
    return header, trailer


def _count(line: bytes, rows: dict[str, int], name: str) -> str:
    """Count a line; gives the table it belongs to."""
    if line.startswith(b"["):
        rows[name] += 1
    elif line.startswith(b'{"table"'):
        name = _part(line).table
        rows[name] = 0
    return name


def broken(source: Path, reason: str) -> Refusal:
    """Make the refusal of a file."""
    return Refusal("bad_value", what="backup", value=str(source), reason=reason)


async def restore(
    database: Database, tables: Iterable[type[Table]], source: Path, progress: Progress, *, replace: bool = False
) -> tuple[Header, int]:
    """Load a backup; gives its header and the number of rows.

    Refusal `bad_value` for a broken file and for a database that is not empty (with `replace` it is emptied),
    `newer_database` for a backup of a newer program. Stop servers on this database first.
    """
    header, trailer = verify(source)
    newest = known(database.dialect)[-1].version
    if header.schema > newest:
        raise Refusal("newer_database", database=header.schema, program=newest, path=str(source))
    await migrate(database)
    names = [described(table)[0].table for table in tables]
    full = await _first_full(database, names)
    if full and not replace:
        raise Refusal("bad_value", what="database", value=database.name, reason=f"{full} is not empty; see --replace")
    if full:
        await database.keep_copy("before-restore")
    await _load(database, source, header, names, progress)
    await migrate(database)
    return header, sum(trailer.rows.values())


async def _first_full(database: Database, names: Iterable[str]) -> str:
    """Give the first table that has rows; '' where all are empty."""
    for name in names:
        if await database.rows(f'SELECT 1 FROM "{name}" LIMIT 1'):
            return name
    return ""


async def _load(database: Database, source: Path, header: Header, names: Iterable[str], progress: Progress) -> None:
    """Make all tables anew, as they were then, and fill them."""
    await database.begin()
    try:
        for name in (*names, "schema_version"):
            await database.fetch(f'DROP TABLE IF EXISTS "{name}"')
        await apply(database, header.schema)
        for insert, rows in _pages(source):
            await database.many(insert, rows)
            progress(len(rows))
        await database.commit()
    except BaseException:
        await database.rollback()
        raise


def _pages(source: Path) -> Iterator[tuple[str, list[list[Any]]]]:
    """Give each page of rows with the statement that writes one."""
    insert, rows = "", []
    with gzip.open(source) as lines:
        next(lines)
        for line in lines:
            if line.startswith(b"["):
                rows.append(_row(line))
            if rows and (len(rows) == PAGE or line.startswith(b"{")):
                yield insert, rows
                rows = []
            if line.startswith(b'{"table"'):
                insert = _insert(source, _part(line))


def _insert(source: Path, part: Part) -> str:
    """Write the statement for a row; the names come from the file, so they are looked at."""
    if not all(NAME.fullmatch(name) for name in (part.table, *part.columns)):
        raise broken(source, "a name in it is none of ours")
    names, marks = ", ".join(f'"{name}"' for name in part.columns), ", ".join("?" * len(part.columns))
    return f'INSERT INTO "{part.table}" ({names}) VALUES ({marks})'
