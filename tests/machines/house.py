"""A state machine's house: in memory, laid once and copied for each history that hypothesis tries."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Coroutine
from contextlib import ExitStack
from random import Random
from typing import Any, TypeVar

import msgspec
from hypothesis.stateful import RuleBasedStateMachine

from server.kernel.actor import SYSTEM, Actor
from server.protocol.base import Command
from tests.floor import a_warehouse
from tests.kit import START
from tests.simulation.house import Floor, chances, laid, opened
from tests.simulation.memory import Memory
from tests.sound import assert_sound

T = TypeVar("T")
Lay = Callable[[Floor], Awaitable[None]]
_laid: dict[Lay, tuple[Memory, int]] = {}


async def _template(lay: Lay) -> tuple[Memory, int]:
    if lay not in _laid:
        memory, chance = await laid(), Random(0)
        async with opened(memory, chance, START) as w:
            await lay(w)
            _laid[lay] = memory, w.now
    return _laid[lay]


class HouseMachine(RuleBasedStateMachine):
    """A history in a house that `lay` has laid; at its end the house must be sound."""

    @staticmethod
    async def lay(w: Floor) -> None:
        """Lay the house: a small warehouse, unless a machine wants more."""
        await a_warehouse(w)

    def __init__(self) -> None:
        """Open a house of its own."""
        super().__init__()
        self.loop = asyncio.new_event_loop()
        self.stack = ExitStack()
        with chances(Random(0)):
            template, now = self.run(_template(self.lay))
        self.stack.enter_context(chances(Random(1)))
        self.opened = opened(Memory(template), Random(1), now)
        self.w: Floor = self.run(self.opened.__aenter__())

    def run(self, doing: Coroutine[Any, Any, T] | Awaitable[T]) -> T:
        """Do something in the house, and wait for it."""

        async def done() -> T:
            return await doing

        return self.loop.run_until_complete(done())

    def said(self, actor: Actor, command: Command) -> str:
        """Do a command; gives the code that it was refused with, '' where it was done."""
        outcome = self.run(self.w.bus.perform(actor, command))
        assert outcome.code != "failed", command
        return outcome.code

    def result(self, command: Command, actor: Actor = SYSTEM) -> Any:
        """Do a command that may not be refused, and give what it gave."""
        return msgspec.json.decode(self.run(self.w.bus.do(actor, command)).result)

    def teardown(self) -> None:
        """Settle, check, and close."""
        try:
            self.run(self.w.settle())
            self.run(assert_sound(self.w, cut_pins=True))
        finally:
            self.run(self.opened.__aexit__(None, None, None))
            self.loop.close()
            self.stack.close()
