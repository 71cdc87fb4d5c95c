"""What the floor waits for does not grow with the orders of the past: every question is answered by an index."""

from __future__ import annotations

from collections.abc import Awaitable

import pytest

from server.db.sqlite import SqliteDatabase
from server.orders.model import CancelOrder
from server.protocol import packing as pack
from server.protocol import picking as pick
from tests.floor import (
    OFFICE,
    PACKER,
    PICKER,
    a_released_wave,
    at_bin,
    at_station,
    into,
    on_the_floor,
    ordered,
    picked,
    received,
    stops,
)
from tests.kit import World

pytestmark = pytest.mark.sqlite
ASKS = ("SELECT", "UPDATE", "DELETE")


async def statements(w: World, work: Awaitable[object]) -> list[str]:
    """What the writer ran for a command."""
    found: list[str] = []
    assert isinstance(w.database, SqliteDatabase)
    w.database.writer.set_trace_callback(found.append)
    await work
    w.database.writer.set_trace_callback(None)
    return [sql for sql in found if sql.startswith(ASKS)]


async def whole_tables(w: World, asked: list[str]) -> list[str]:
    """The statements that read a table from end to end."""
    plans = [(sql, row["detail"]) for sql in asked for row in await w.database.read(f"EXPLAIN QUERY PLAN {sql}")]
    return [f"{detail}: {sql}" for sql, detail in plans if detail.startswith("SCAN ") and "VIRTUAL" not in detail]


async def test_no_scan_reads_a_whole_table(w: World) -> None:
    task = await on_the_floor(w, "1", ("LAMP", 2), ("MUG", 1))
    first, second = await stops(w, task)
    work = [
        at_bin(w, first),
        w.do(pick.Scan(task, first.id, "sku", first.sku, quantity=first.quantity), PICKER),
        into(w, first),
        at_bin(w, second),
        w.refused(pick.Scan(task, second.id, "sku", first.sku), PICKER),
        w.do(pick.Skip(task, second.id), PICKER),
        w.do(pick.Undo(task, first.id), PICKER),
    ]
    for command in work:
        asked = await statements(w, command)
        assert asked
        assert await whole_tables(w, asked) == []


async def test_no_item_packed_reads_a_whole_table(w: World) -> None:
    await picked(w, "1", ("LAMP", 2))
    shipment, parcel = await at_station(w)
    for command in (pack.PackItem(shipment, parcel, "LAMP", quantity=2), pack.CloseParcel(shipment, parcel, "C1")):
        assert await whole_tables(w, await statements(w, w.do(command, PACKER))) == []


async def test_a_scan_costs_as_much_after_many_orders_as_after_one(w: World) -> None:
    before = await _cost(w, "first", "T3")
    await received(w, "B-01-01", "LAMP", 12)
    for n in range(12):
        await ordered(w, f"{n}", ("LAMP", 1))
    [task] = await a_released_wave(w)
    await w.do(pick.TakeTask(task), PICKER)
    for n in range(12):
        await w.do(CancelOrder(f"csv:{n}"), OFFICE)
    await w.do(pick.HandBack(task), PICKER)
    await w.settle()
    assert await _cost(w, "last", "T4") == pytest.approx(before, rel=0.05)


async def _cost(w: World, name: str, tote: str) -> list[int]:
    """Count what each step of a line costs the database, in its own instructions."""
    task = await on_the_floor(w, name, ("LAMP", 1))
    [line] = await stops(w, task)
    sku = pick.Scan(task, line.id, "sku", "LAMP")
    return [await instructions(w, work) for work in (at_bin(w, line), w.do(sku, PICKER), into(w, line, tote))]


async def instructions(w: World, work: Awaitable[object]) -> int:
    """Count the instructions that the database's machine carries out for a command."""
    done = 0

    def count() -> int:
        nonlocal done
        done += 1
        return 0

    assert isinstance(w.database, SqliteDatabase)
    w.database.writer.set_progress_handler(count, 1)
    await work
    w.database.writer.set_progress_handler(None, 1)
    return done
