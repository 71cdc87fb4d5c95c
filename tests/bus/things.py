"""A table and a command that does as it is told, so that the bus is tested without the trade."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import msgspec
from piccolo.columns import BigInt, Text
from piccolo.table import Table

from server.db.event import Event
from server.db.rows import Rows
from server.db.unit import Base, Unit
from server.kernel.refusal import Refusal
from server.protocol.base import Command


class Thing(msgspec.Struct, frozen=True):
    """A key and a number."""

    id: str
    value: int


class ThingTable(Table, tablename="thing"):
    """Things."""

    id = Text(primary_key=True)
    value = BigInt(index=True)


class Fact(msgspec.Struct, frozen=True):
    """Something that is kept even if the command is refused."""

    id: str
    value: int


class FactTable(Table, tablename="fact"):
    """Facts."""

    id = Text(primary_key=True)
    value = BigInt()


THINGS = Rows(ThingTable, Thing)
FACTS = Rows(FactTable, Fact)
TABLES = (ThingTable, FactTable)

Step = tuple[str, str, int]


class Did(Event, frozen=True):
    """A thing was put."""

    thing: str


class Do(Command, frozen=True):
    """Steps (verb, key, value), and how it ends: '' = well, `refuse`, `crash`."""

    steps: tuple[Step, ...] = ()
    ends: str = ""


async def do(unit: Unit, command: Do) -> list[Any]:
    """Take each step, give what was seen, and end as told."""
    seen: list[Any] = []
    for verb, key, value in command.steps:
        seen.append(await VERBS[verb](unit, key, value))
    if command.ends == "refuse":
        raise Refusal("bad_value", seen=str(seen))
    if command.ends == "crash":
        raise ZeroDivisionError
    return seen


async def _put(unit: Unit, key: str, value: int) -> None:
    unit.put(THINGS, Thing(key, value))
    unit.emit(Did(key))


async def _drop(unit: Unit, key: str, _: int) -> None:
    unit.drop(THINGS, key)


async def _more(unit: Unit, key: str, value: int) -> int:
    before = await unit.find(THINGS, key)
    after = (before.value if before else 0) + value
    unit.put(THINGS, Thing(key, after))
    unit.emit(Did(key))
    return after


async def _find(unit: Unit, key: str, _: int) -> int | None:
    found = await unit.find(THINGS, key)
    return found.value if found else None


async def _where(unit: Unit, _: str, value: int) -> list[str]:
    return [thing.id for thing in await unit.where(THINGS, value=value)]


async def _many(unit: Unit, key: str, _: int) -> list[int]:
    return [thing.value for thing in (await unit.many(THINGS, (key, "a"))).values()]


async def _sum(unit: Unit, _: str, __: int) -> int:
    [(total,)] = await unit.select("SELECT coalesce(sum(value), 0) FROM thing")
    return int(total)


async def _record(unit: Unit, key: str, value: int) -> None:
    unit.record(FACTS, Fact(f"{unit.op_id}/{key}", value))


async def _clash(unit: Unit, key: str, value: int) -> None:
    unit.add(FACTS, Fact(key, value), Fact(key, value))


async def warm_do(base: Base, commands: Sequence[Do]) -> None:
    """Load the keys of a whole group."""
    await base.load(THINGS, [key for command in commands for verb, key, _ in command.steps if verb == "more"])


VERBS = {
    "put": _put,
    "drop": _drop,
    "more": _more,
    "find": _find,
    "where": _where,
    "many": _many,
    "sum": _sum,
    "record": _record,
    "clash": _clash,
}
