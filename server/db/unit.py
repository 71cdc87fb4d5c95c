"""The unit of work: the only transaction in the code base.

A group of commands shares one `Base` (what was loaded and what is to be written). Each command works on a `Unit`,
an overlay that a refusal discards. A command that touches only loaded keys costs no statement of its own; the first
question that needs an index writes what is pending, behind a savepoint, so that a refusal can still undo it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, TypeVar

import msgspec

from server.db.engine import Change, Database, Row, Value
from server.db.event import Emitted, Event
from server.db.rows import Rows
from server.kernel.actor import Actor
from server.kernel.refusal import Refusal

T = TypeVar("T", bound=msgspec.Struct)
Cache = dict[str, dict[str, Any]]
MOST_KNOWN = 20_000
"""Rows that are kept from group to group."""
GONE = None
"""What a cache holds for a key that has no row."""
UNKNOWN = object()
"""What a row was that is stored without having been read."""


class Alone(Exception):
    """A command of a group that runs beside others asks by index: it must have the database to itself."""


class Base:
    """What a group has loaded and what it will write; a `shared` one locks each row that it loads.

    `cache` is what earlier groups knew, where that is still true: a bin, its SKU and the SKU's tote come one by one.
    """

    def __init__(self, database: Database, cache: Cache | None = None, *, shared: bool = False) -> None:
        """Take what is known; the caller has begun the transaction."""
        self.database, self.shared = database, shared
        self.gone: dict[str, set[str]] = {}
        self.before: Cache = {}
        self.tables: dict[str, Rows[Any]] = {}
        self.cache: Cache = {} if cache is None else cache
        self.dirty: dict[str, dict[str, Any]] = {}
        self.added: dict[str, list[Any]] = {}

    async def load(self, rows: Rows[T], keys: Iterable[str]) -> None:
        """Load these keys in one query, in key order; keys without a row are remembered as gone."""
        known = self.cache.setdefault(rows.name, {})
        missing = sorted({key for key in keys if key not in known})
        if not missing:
            return
        sql = f"{rows.select} WHERE {rows.keyed}"
        if self.shared:
            sql += f' ORDER BY "{rows.key}"{self.database.lock}'
        for row in await self.database.fetch(sql, (msgspec.json.encode(missing).decode(),)):
            value = rows.load(row)
            known[rows.key_of(value)] = value
        for key in missing:
            if key not in known:
                known[key] = GONE
                self.gone.setdefault(rows.name, set()).add(key)

    def known(self) -> Cache:
        """Give what is true after the commit: rows that are there; nothing of what we looked for in vain."""
        for name, keys in self.gone.items():
            for key in keys:
                del self.cache[name][key]
        return self.cache if sum(map(len, self.cache.values())) < MOST_KNOWN else {}

    async def flush(self) -> None:
        """Write what is pending, all in one go."""
        dirty, self.dirty = self.dirty, {}
        added, self.added = self.added, {}
        changes = [change for name in sorted(dirty) for change in self._changes(name, dirty[name])]
        changes += [(self.tables[name].insert, list(map(self.tables[name].dump, added[name]))) for name in added]
        await self.database.write([(sql, rows) for sql, rows in changes if rows])

    def _changes(self, name: str, values: dict[str, Any]) -> list[Change]:
        """Part a table's rows: those that change, those that were not there when we looked, those that go."""
        rows, gone, before = self.tables[name], self.gone.setdefault(name, set()), self.before.pop(name, {})
        puts = {key: rows.dump(value) for key, value in values.items() if value is not GONE}
        news = [row for key, row in puts.items() if key in gone]
        olds = [row for key, row in puts.items() if key not in gone]
        drops = [(key,) for key, value in values.items() if value is GONE]
        gone.difference_update(puts)
        gone.update(key for (key,) in drops)
        return [(self._upsert(rows, before, values), olds), (rows.insert, news), (rows.delete, drops)]

    def _upsert(self, rows: Rows[Any], before: dict[str, Any], values: dict[str, Any]) -> str:
        """Give the statement for rows that change: on SQLite of the columns that do, since each index costs a page."""
        if not self.database.rewrites or any(value is UNKNOWN for value in before.values()):
            return rows.upsert
        pairs = [(old, values[key]) for key, old in before.items() if old is not GONE and values[key] is not GONE]
        columns = {column for old, new in pairs for column in rows.changed(old, new)}
        return rows.upsert_of(column for column in rows.columns[1:] if column in columns) if columns else rows.upsert

    def add(self, rows: Rows[T], values: Iterable[T]) -> None:
        """Append rows that nothing will read again."""
        self.tables[rows.name] = rows
        self.added.setdefault(rows.name, []).extend(values)


class Unit:
    """One command's view of the store, as of `at` (ms UTC), on behalf of `actor`; `op_id` names the operation."""

    def __init__(self, base: Base, actor: Actor, at: int, op_id: str = "", device_at: int = 0) -> None:
        """Lay an overlay over `base`. `device_at` is the device's own clock: kept, never trusted for order."""
        self.base, self.actor, self.at, self.op_id, self.device_at = base, actor, at, op_id, device_at or at
        self.events: list[Emitted] = []
        self._dirty: dict[str, dict[str, Any]] = {}
        self._added: dict[str, list[Any]] = {}
        self._recorded: list[tuple[Rows[Any], Any]] = []
        self._savepoint = False

    async def many(self, rows: Rows[T], keys: Iterable[str]) -> dict[str, T]:
        """Give the structs of these keys that exist."""
        wanted = list(dict.fromkeys(keys))
        await self.base.load(rows, wanted)
        known, own = self.base.cache[rows.name], self._dirty.get(rows.name, {})
        found = ((key, own[key] if key in own else known[key]) for key in wanted)
        return {key: value for key, value in found if value is not GONE}

    async def find(self, rows: Rows[T], key: str) -> T | None:
        """Give the struct of `key`, or None."""
        own = self._dirty.get(rows.name)
        if own and key in own:
            return own[key]  # type: ignore[no-any-return]
        known = self.base.cache.get(rows.name)
        if known is None or key not in known:
            await self.base.load(rows, (key,))
            known = self.base.cache[rows.name]
        return known[key]  # type: ignore[no-any-return]

    async def get(self, rows: Rows[T], key: str) -> T:
        """Give the struct of `key`; Refusal `not_found` where there is none."""
        value = await self.find(rows, key)
        if value is None:
            raise Refusal("not_found", kind=rows.name, id=key)
        return value

    async def where(self, rows: Rows[T], **equal: Value) -> list[T]:
        """Give all structs whose columns equal these values (an index should serve them), in key order."""
        clause = " AND ".join(f'"{name}" = ?' for name in equal) or "1 = 1"
        return await self.query(rows, f'{clause} ORDER BY "{rows.key}"', *equal.values())

    async def query(self, rows: Rows[T], clause: str, *args: Value) -> list[T]:
        """Give the structs that a WHERE clause selects; pending writes are seen."""
        await self._settle()
        known = self.base.cache.setdefault(rows.name, {})
        values = [rows.load(row) for row in await self.base.database.fetch(f"{rows.select} WHERE {clause}", args)]
        known.update((rows.key_of(value), value) for value in values)
        return values

    async def select(self, sql: str, *args: Value) -> Sequence[Row]:
        """Run a query of the store's own (sums, next numbers); pending writes are seen."""
        await self._settle()
        return await self.base.database.fetch(sql, args)

    def put(self, rows: Rows[T], *values: T) -> None:
        """Store these structs: new, or instead of those with the same key."""
        self.base.tables[rows.name] = rows
        own = self._dirty.setdefault(rows.name, {})
        for value in values:
            own[rows.key_of(value)] = value

    def add(self, rows: Rows[T], *values: T) -> None:
        """Append rows that nothing will read again in this command (ledger moves)."""
        self.base.tables[rows.name] = rows
        self._added.setdefault(rows.name, []).extend(values)

    def drop(self, rows: Rows[Any], key: str) -> None:
        """Delete the row of `key`."""
        self.base.tables[rows.name] = rows
        self._dirty.setdefault(rows.name, {})[key] = GONE

    def record(self, rows: Rows[T], value: T) -> None:
        """Append a fact that is kept even if the command is refused (every scan is a row)."""
        self._recorded.append((rows, value))

    def emit(self, event: Event, *audiences: str) -> None:
        """Say what happened; reactions see it, the journal keeps it, `audiences` are shown it."""
        self.events.append(Emitted(event, audiences))

    async def keep(self) -> None:
        """The command succeeded: lay the overlay into the base."""
        self._merge()
        if self._savepoint:
            await self.base.flush()
            await self.base.database.fetch("RELEASE command")
            self._savepoint = False
        self._facts()

    async def discard(self, *, facts: bool = True) -> None:
        """The command was refused: forget everything but the recorded facts; those too where it will be tried again."""
        self._dirty, self._added, self.events = {}, {}, []
        if self._savepoint:
            self.base.dirty, self.base.added = {}, {}
            await self.base.database.fetch("ROLLBACK TO command")
            await self.base.database.fetch("RELEASE command")
            self._savepoint = False
            self.base.cache.clear()
            self.base.gone.clear()
            self.base.before.clear()
        if not facts:
            self._recorded = []
        self._facts()

    async def _settle(self) -> None:
        """Write what is pending so that a query sees it; own writes only behind a savepoint. Raises Alone."""
        if self.base.shared:
            raise Alone
        if not self._savepoint:
            await self.base.flush()
            if self._dirty or self._added:
                await self.base.database.fetch("SAVEPOINT command")
                self._savepoint = True
        if self._dirty or self._added:
            self._merge()
            await self.base.flush()

    def _merge(self) -> None:
        for name, values in self._dirty.items():
            known, before = self.base.cache.setdefault(name, {}), self.base.before.setdefault(name, {})
            for key in values:
                before.setdefault(key, known.get(key, UNKNOWN))
            known.update(values)
            self.base.dirty.setdefault(name, {}).update(values)
        for name, added in self._added.items():
            self.base.added.setdefault(name, []).extend(added)
        self._dirty, self._added = {}, {}

    def _facts(self) -> None:
        for rows, value in self._recorded:
            self.base.tables[rows.name] = rows
            self.base.added.setdefault(rows.name, []).append(value)
        self._recorded = []


def ids(keys: Sequence[str]) -> str:
    """Bind many keys to one placeholder of `any_of`."""
    return msgspec.json.encode(list(keys)).decode()
