"""The ledger reads like a bank statement, stock is set right with a reason, and a bin is counted when asked for."""

from __future__ import annotations

from pathlib import Path

import pytest

from server.kernel.actor import Actor
from server.kernel.refusal import Refusal
from server.picking.model import QueueCount
from server.picking.store import PICKS
from server.protocol import picking as pick
from server.protocol.picking import Step
from server.stock import lists
from server.stock.ledger import MoveView, change, ledger
from server.stock.model import AdjustStock
from server.tasks.model import TaskKind
from server.tasks.store import TASKS
from tests.floor import PICKER, a_warehouse, ordered, picked
from tests.kit import world

CLERK = Actor("sam", "", frozenset({"stock"}), "MAIN")
BIN = "bin:MAIN:A-01-01"


async def test_stock_by_sku_by_bin_and_by_code(tmp_path: Path) -> None:
    async with world(tmp_path) as w:
        await a_warehouse(w)
        await ordered(w, "1001", ("MUG", 3))
        mug = next(s for s in await lists.by_sku(w.database, "", "", "", 10) if s.sku == "MUG")
        assert (mug.on_hand, mug.reserved, mug.pinned) == (20, 3, 0)
        assert [s.sku for s in await lists.by_sku(w.database, "mu", "MAIN", "", 10)] == ["MUG"]
        assert [(s.sku, s.on_hand) for s in await lists.by_sku(w.database, "", "NORTH", "LAMP", 10)] == [("MUG", 0)]
        assert [s.sku for s in await lists.by_sku(w.database, "%", "", "", 10)] == []
        bins = await lists.by_bin(w.database, "a-", "MAIN", "", 10)
        assert [(b.code, b.skus, b.units) for b in bins] == [("A-01-01", 1, 10), ("A-02-01", 1, 10)]
        assert [b.code for b in await lists.by_bin(w.database, "", "MAIN", "A-02-01", 1)] == ["B-01-01"]
        assert [(x.place, x.quantity) for x in await lists.lying(w.database, place=BIN)] == [(BIN, 10)]
        assert [p.site for p in await lists.pools(w.database, "MUG")] == ["MAIN"]


async def test_the_ledger_runs_back_from_what_lies_there(tmp_path: Path) -> None:
    async with world(tmp_path) as w:
        await a_warehouse(w)
        await picked(w, "1001", ("MUG", 2))
        await w.do(AdjustStock("MAIN:A-01-01", "MUG", 4, "broken"), CLERK)
        moves = await ledger(w.database, "MUG", "", "", None, 10)
        assert [m.units for m in moves[::-1]] == [10, 20, 18, 14 if moves[1].source == BIN else 12]
        assert (moves[0].reason, moves[0].who, moves[1].order_name) == ("broken", "sam", "1001")
        paged = await ledger(w.database, "MUG", "", "", None, 1)
        while more := await ledger(w.database, "MUG", "", paged[-1].id, _before(paged[-1]), 1):
            paged += more
        assert paged == moves
        here = await ledger(w.database, "MUG", BIN, "", None, 10)
        assert (here[0].units, here[-1].units) == (4, 10)
        assert all(BIN in {m.source, m.target} for m in here)


def _before(move: MoveView) -> int:
    """Give what the bins held before a move."""
    return move.units - change(move.source, move.target, move.quantity, "")


async def test_a_count_is_queued_once_and_the_book_follows(tmp_path: Path) -> None:
    async with world(tmp_path) as w:
        await a_warehouse(w)
        for _ in range(2):
            await w.do(QueueCount("MAIN:A-01-01"), CLERK)
        task = await w.one(TASKS, "kind = ?", str(TaskKind.COUNT))
        await w.do(pick.TakeTask(task.id), PICKER)
        line = await w.one(PICKS, "task = ?", task.id)
        assert (line.sku, line.quantity) == ("MUG", 0)
        steps: tuple[tuple[Step, str, int], ...] = (("bin", "A-01-01", 0), ("sku", "MUG", 7))
        for step, code, units in steps:
            await w.do(pick.Scan(task=task.id, line=line.id, step=step, code=code, quantity=units), PICKER)
        assert [x.quantity for x in await lists.lying(w.database, place=BIN)] == [7]
        with pytest.raises(Refusal, match="not_found"):
            await w.do(QueueCount("MAIN:CONS-1"), CLERK)
        assert (await w.refused(QueueCount("MAIN:A-01-01"), PICKER)).code == "not_allowed"
