"""Plays a history and says whether the house is sound after it; a failing one is made as short as it can be."""

from __future__ import annotations

import asyncio
import traceback
from collections.abc import Callable
from random import Random

import msgspec

from server.kernel.clock import HOUR
from server.packing.store import ITEMS, PARCELS
from tests.simulation.closing import close
from tests.simulation.hands import chief, office, packer, picker
from tests.simulation.house import Floor, chances, opened
from tests.simulation.memory import Memory
from tests.simulation.plan import Plan, Step
from tests.simulation.site import site_of
from tests.sound import assert_sound

LONGEST = 500
HANDS = {**office.HANDS, **chief.HANDS, **picker.HANDS, **packer.HANDS}


class Played(msgspec.Struct, frozen=True):
    """What came of a history: `problem` is '' where the house is sound; how many operations had which answer."""

    problem: str
    answers: dict[str, int]
    journal: str


def play(plan: Plan) -> Played:
    """Play a history from the beginning; never raises for what the house does."""
    chance = Random(plan.seed)
    with chances(chance):
        return asyncio.run(_play(plan, chance))


async def _play(plan: Plan, chance: Random) -> Played:
    template, now = await site_of(plan.seed)
    memory = Memory(template)
    memory.trouble = Random(plan.seed)
    async with opened(memory, chance, now) as w:
        problem = ""
        try:
            for step in plan.steps:
                await HANDS[step.hand](w, Random(step.dice))
            memory.trouble = None
            await at_rest(w)
            await close(w)
            await assert_sound(w, cut_pins=True)
        except Exception as error:  # noqa: BLE001 - whatever it is, it is what was looked for
            where = traceback.extract_tb(error.__traceback__)[-1].name
            problem = f"{where}: {type(error).__name__} {error}"[:LONGEST]
        [head] = await memory.rows("SELECT seal FROM journal ORDER BY position DESC LIMIT 1")
    await memory.close()
    return Played(problem, dict(w.answers), head[0])


async def at_rest(w: Floor) -> None:
    """All phones are back, all jobs are done: the house must be sound."""
    for device in sorted(w.outbox):
        await w.send_outbox(device)
    for job, command in w.leased:
        await w.hand_in(job, command)
    await w.settle()
    w.now += HOUR
    await w.settle()
    await assert_sound(w, cut_pins=True)
    assert {item.parcel for item in await w.all(ITEMS)} <= {parcel.id for parcel in await w.all(PARCELS)}


def shortest(plan: Plan, fails: Callable[[Plan], bool]) -> Plan:
    """Drop steps of a failing history while it still fails: halves, quarters, single ones."""
    steps = plan.steps
    size = len(steps) // 2
    while size:
        at = 0
        while at < len(steps):
            fewer = steps[:at] + steps[at + size :]
            if fails(Plan(plan.seed, fewer)):
                steps = fewer
            else:
                at += size
        size //= 2
    return Plan(plan.seed, steps)


def written(plan: Plan) -> str:
    """Write a history so that it can be kept as a test."""
    return ", ".join(f"{step.hand} {step.dice}" for step in plan.steps)


def kept(seed: int, steps: str) -> Plan:
    """Read a history that was kept: each step's hand and dice."""
    pairs = (step.split() for step in steps.split(","))
    return Plan(seed, tuple(Step(hand, int(dice)) for hand, dice in pairs))
