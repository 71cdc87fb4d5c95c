"""Any moves, promises, picks and counts: no unit is made or lost, none is promised twice, the ledger proves it."""

from __future__ import annotations

import asyncio
import tempfile
from collections import Counter
from pathlib import Path

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from server.db.unit import Unit
from server.kernel.refusal import Refusal
from server.protocol.base import Command
from server.stock import actions as stock
from server.stock.model import CUSTOMER, DIFFERENCE, SUPPLIER, WORLD, bin_place
from server.stock.recount import recount
from server.stock.store import BALANCES, POOLS, BalanceTable, MoveTable, PoolTable
from tests.wired import Wired, wired

SKU, POOL = "CUP", "MAIN/CUP"
BINS = ("MAIN:A", "MAIN:B")
UNITS = st.integers(0, 6)
BIN = st.sampled_from(BINS)
TABLES = (MoveTable, BalanceTable, PoolTable)


class Do(Command, frozen=True):
    """Something done to stock: verb, bin, units."""

    verb: str
    bin: str = BINS[0]
    units: int = 0


async def do(unit: Unit, command: Do) -> None:
    """Do it as the stations do."""
    await VERBS[command.verb](unit, command.bin, command.units)


async def _receive(unit: Unit, bin_id: str, units: int) -> None:
    await stock.move(unit, SKU, SUPPLIER, bin_place(bin_id), units, reason="receive")


async def _reserve(unit: Unit, _: str, units: int) -> None:
    await stock.reserve(unit, POOL, units)


async def _free(unit: Unit, _: str, units: int) -> None:
    pinned = [(await stock.balance(unit, bin_place(bin_id), SKU)).pinned for bin_id in BINS]
    loose = (await stock.pool(unit, POOL)).reserved - sum(pinned)
    await stock.free(unit, POOL, min(units, max(0, loose)))


async def _pin(unit: Unit, bin_id: str, units: int) -> None:
    await stock.reserve(unit, POOL, units)
    await stock.pin(unit, bin_id, SKU, "", units)


async def _pick(unit: Unit, bin_id: str, units: int) -> None:
    await stock.pick(unit, bin_id, "T1", SKU, "", units, ref="line", held=0)


async def _pick_held(unit: Unit, bin_id: str, units: int) -> None:
    here = await stock.balance(unit, bin_place(bin_id), SKU)
    await stock.pick(unit, bin_id, "T1", SKU, "", units, ref="line", held=min(units, here.pinned))


async def _undo(unit: Unit, bin_id: str, units: int) -> None:
    await stock.move(unit, SKU, "tote:T1", bin_place(bin_id), units, reason="undo", pinned=units)


async def _ship(unit: Unit, _: str, units: int) -> None:
    await stock.move(unit, SKU, "tote:T1", CUSTOMER, units, reason="ship")


async def _shift(unit: Unit, bin_id: str, units: int) -> None:
    other = BINS[1 - BINS.index(bin_id)]
    await stock.move(unit, SKU, bin_place(bin_id), bin_place(other), units, reason="move")


async def _remove(unit: Unit, bin_id: str, units: int) -> None:
    await stock.remove(unit, bin_id, SKU, "", units, DIFFERENCE, "count")


VERBS = {
    "receive": _receive,
    "reserve": _reserve,
    "free": _free,
    "pin": _pin,
    "pick": _pick,
    "pick_held": _pick_held,
    "undo": _undo,
    "ship": _ship,
    "shift": _shift,
    "remove": _remove,
}


class Stock(RuleBasedStateMachine):
    """Two bins, a tote and the world."""

    def __init__(self) -> None:
        """Open a house of its own."""
        super().__init__()
        self.loop = asyncio.new_event_loop()
        self.folder = tempfile.TemporaryDirectory()
        self.opened = wired(Path(self.folder.name), {Do: do}, TABLES)
        self.w: Wired = self.loop.run_until_complete(self.opened.__aenter__())
        self.displaced = False

    def teardown(self) -> None:
        """Close it."""
        self.loop.run_until_complete(self.opened.__aexit__(None, None, None))
        self.loop.close()
        self.folder.cleanup()

    @rule(verb=st.sampled_from(sorted(VERBS)), bin_id=BIN, units=UNITS)
    def act(self, verb: str, bin_id: str, units: int) -> None:
        """Do something; a refusal changes nothing."""
        before = self._book()
        try:
            self.loop.run_until_complete(self.w.do(Do(verb, bin_id, units)))
        except Refusal:
            assert self._book() == before
        self.displaced |= verb in {"remove", "pick"}

    def _book(self) -> list[tuple[object, ...]]:
        rows = [self.loop.run_until_complete(self.w.database.read(table.select)) for table in (BALANCES, POOLS)]
        return [tuple(row.values()) for found in rows for row in found]

    @invariant()
    def the_ledger_proves_the_book(self) -> None:
        """Balances and pools are what the moves say, and nothing is made or lost."""
        assert self.loop.run_until_complete(recount(self.w.database)) == []
        balances = [BALANCES.load(row) for row in self._book() if len(row) == len(BALANCES.columns)]
        assert sum(b.quantity for b in balances) == 0
        for b in balances:
            assert b.place in WORLD or 0 <= b.pinned <= b.quantity

    @invariant()
    def nothing_is_promised_twice(self) -> None:
        """Promises are covered, unless a fact of the floor took goods from under them."""
        pools = [POOLS.load(row) for row in self._book() if len(row) == len(POOLS.columns)]
        pins: Counter[str] = Counter()
        for row in self._book():
            if len(row) == len(BALANCES.columns):
                balance = BALANCES.load(row)
                pins[balance.pool] += balance.pinned
        for pool in pools:
            assert pool.reserved >= 0
            assert self.displaced or pins[pool.id] <= pool.reserved <= pool.on_hand


Stock.TestCase.settings = settings(max_examples=40, stateful_step_count=25, deadline=None, derandomize=True)
TestStock = Stock.TestCase
