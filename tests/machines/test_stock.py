"""Stock life: any moves, promises, picks and counts; a model of its own says what must be on hand and promised."""

from __future__ import annotations

import asyncio
from collections import Counter
from random import Random
from typing import Any

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from server.bus import Bus, Handler
from server.db.unit import Unit
from server.kernel.actor import SYSTEM
from server.protocol.base import Command
from server.stock import actions as stock
from server.stock.model import CUSTOMER, DIFFERENCE, SUPPLIER, bin_place
from server.stock.recount import recount
from server.stock.store import BALANCES, POOLS
from tests.kit import START
from tests.simulation.house import laid
from tests.simulation.memory import Memory

SKU, POOL, TOTE = "CUP", "MAIN/CUP", "tote:T1"
BINS = ("MAIN:A", "MAIN:B")
UNITS = st.integers(0, 6)
BIN = st.sampled_from(BINS)


class Do(Command, frozen=True):
    """Something done to stock: verb, bin, units; `held` of them promised to who picks."""

    verb: str
    bin: str
    units: int
    held: int = 0


async def do(unit: Unit, command: Do) -> None:
    """Do it as the stations do."""
    place, other = bin_place(command.bin), bin_place(BINS[1 - BINS.index(command.bin)])
    units = command.units
    match command.verb:
        case "receive":
            await stock.move(unit, SKU, SUPPLIER, place, units, reason="receive")
        case "reserve":
            await stock.reserve(unit, POOL, units)
        case "free":
            await stock.free(unit, POOL, units)
        case "pin":
            await stock.reserve(unit, POOL, units)
            await stock.pin(unit, command.bin, SKU, "", units)
        case "pick":
            await stock.pick(unit, command.bin, "T1", SKU, "", units, ref="line", held=command.held)
        case "undo":
            await stock.move(unit, SKU, TOTE, place, units, reason="undo", pinned=units)
        case "ship":
            await stock.move(unit, SKU, TOTE, CUSTOMER, units, reason="ship")
        case "shift":
            await stock.move(unit, SKU, place, other, units, reason="move")
        case "remove":
            await stock.remove(unit, command.bin, SKU, "", units, DIFFERENCE, "count")


class Book:
    """What must be: units in each place, units of it that are pinned, units of the pool that are reserved."""

    def __init__(self) -> None:
        """Begin with nothing."""
        self.there: Counter[str] = Counter()
        self.pinned: Counter[str] = Counter()
        self.reserved = 0

    @property
    def available(self) -> int:
        """Units that can be promised."""
        return sum(self.there[bin_id] for bin_id in BINS) - self.reserved

    def free(self, bin_id: str) -> int:
        """Units of a bin that no line is promised."""
        return self.there[bin_id] - self.pinned[bin_id]

    def may(self, c: Do) -> bool:
        """Tell whether this can be done."""
        room = {
            "receive": 6,
            "reserve": self.available,
            "free": self.reserved,
            "pin": min(self.available, self.free(c.bin)),
            "pick": 6,
            "undo": self.there[TOTE],
            "ship": self.there[TOTE],
            "shift": self.free(c.bin),
            "remove": self.there[c.bin],
        }
        return (c.units > 0 or c.verb == "free") and c.units <= room[c.verb]

    def did(self, c: Do) -> None:
        """Follow what was done."""
        into = {"receive": {c.bin: 1}, "undo": {TOTE: -1, c.bin: 1}, "ship": {TOTE: -1}, "remove": {c.bin: -1}}
        into |= {"shift": {c.bin: -1, BINS[1 - BINS.index(c.bin)]: 1}, "pick": {c.bin: -1, TOTE: 1}}
        promised = {"reserve": c.units, "free": -c.units, "pin": c.units, "pick": -c.held, "undo": c.units}
        pinned = {"pin": c.units, "pick": -c.held, "undo": c.units}
        if c.verb == "pick":  # the goods have moved: what the book denies was there all the same
            self.there[c.bin] += max(0, c.units - c.held - self.free(c.bin))
        for place, sign in into.get(c.verb, {}).items():
            self.there[place] += sign * c.units
        self.reserved += promised.get(c.verb, 0)
        self.pinned[c.bin] += pinned.get(c.verb, 0)
        self.pinned[c.bin] = min(self.pinned[c.bin], self.there[c.bin])


class Stock(RuleBasedStateMachine):
    """Two bins, a tote and the world."""

    def __init__(self) -> None:
        """Open a house of its own."""
        super().__init__()
        self.loop, self.book = asyncio.new_event_loop(), Book()
        self.memory: Memory = self.run(laid())
        self.bus = Bus(self.memory, {Do: Handler(do, "")}, {}, lambda: START)
        self.run(self._start())

    async def _start(self) -> None:
        self.bus.start()

    def run(self, doing: Any) -> Any:
        """Wait for something."""
        return self.loop.run_until_complete(doing)

    def teardown(self) -> None:
        """Close it."""
        self.run(self.bus.stop())
        self.loop.close()

    @rule(
        verb=st.sampled_from(("receive", "receive", "reserve", "free", "pin", "undo", "ship", "shift", "remove")),
        bin_id=BIN,
        units=UNITS,
    )
    def act(self, verb: str, bin_id: str, units: int) -> None:
        """Do something; the model says whether it is refused."""
        self._do(Do(verb, bin_id, units))

    @rule(bin_id=BIN, units=UNITS, held=UNITS)
    def pick(self, bin_id: str, units: int, held: int) -> None:
        """A picker takes units, of which so many are promised to the line as are pinned there."""
        self._do(Do("pick", bin_id, units, min(held, units, self.book.pinned[bin_id])))

    def _do(self, command: Do) -> None:
        outcome = self.run(self.bus.perform(SYSTEM, command))
        assert bool(outcome.code) != self.book.may(command), (command, outcome)
        if not outcome.code:
            self.book.did(command)

    @invariant()
    def the_book_is_as_the_model(self) -> None:
        """What lies where, what is pinned and what is reserved are what the model says."""
        balances = [BALANCES.load(row) for row in self.run(self.memory.rows(BALANCES.select))]
        assert sum(b.quantity for b in balances) == 0
        ours = {b.place.removeprefix("bin:"): (b.quantity, b.pinned) for b in balances if ":" in b.place}
        wanted = {place: (self.book.there[place], self.book.pinned[place]) for place in ours}
        assert ours == wanted
        pools = [POOLS.load(row) for row in self.run(self.memory.rows(POOLS.select))]
        assert [(p.available, p.reserved) for p in pools] in ([], [(self.book.available, self.book.reserved)])

    @invariant()
    def the_ledger_proves_the_book(self) -> None:
        """Balances and pools can be made again from the moves alone."""
        assert self.run(recount(self.memory)) == []


Stock.TestCase.settings = settings(max_examples=60, stateful_step_count=30, deadline=None, derandomize=True)
TestStock = Stock.TestCase


def test_the_model_is_not_asleep() -> None:
    """A book of dice: most things happen, some are refused."""
    dice, book, done = Random(1), Book(), Counter[bool]()
    for _ in range(500):
        command = Do(
            dice.choice(("receive", "reserve", "pin", "pick", "remove")), dice.choice(BINS), dice.randint(0, 6)
        )
        done[book.may(command)] += 1
        if book.may(command):
            book.did(command)
    assert min(done.values()) > 50
