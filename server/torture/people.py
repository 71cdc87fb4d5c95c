"""Pickers who work at random, and a supervisor who gives them waves and gets in their way."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator

from server.protocol.frames import LiveCommand
from server.protocol.picking import TaskView
from server.protocol.waves import AssignTask, HoldWave, ReleaseWave, ResumeWave
from server.torture.deeds import DEEDS, Floor, Hands
from server.torture.handheld import Handheld

WINDOW = 12
"""Operations on their way at once; above it a person waits."""
THINK_SECONDS = 0.06
CHIEF_SECONDS = 0.3
WHIM = 0.1
"""How often the supervisor holds, resumes or assigns something."""


async def pick(handheld: Handheld, floor: Floor) -> None:
    """Do one thing after another except while the handheld is `resting`."""
    totes: dict[tuple[str, int], str] = {}
    refused = 0
    while True:
        await asyncio.sleep(handheld.dice.expovariate(1 / THINK_SECONDS))
        if handheld.resting or len(handheld.waiting) >= WINDOW:
            continue
        if handheld.refused != refused:
            refused = handheld.refused
            totes.clear()
        hands = _hands(handheld, floor, totes)
        [deed] = handheld.dice.choices(list(DEEDS), list(DEEDS.values()))
        for command in deed(hands):
            handheld.make(command)


def _hands(handheld: Handheld, floor: Floor, totes: dict[tuple[str, int], str]) -> Hands:
    """See what the handheld shows, and let colleagues see what one has."""
    tasks = list(handheld.wires[0].view.tasks.values())
    mine = [t for t in tasks if t.state == "active" and t.assignee == handheld.user]
    for gone in [t.id for t in floor.in_hand.values() if t.assignee == handheld.user]:
        del floor.in_hand[gone]
    floor.in_hand.update({t.id: t for t in mine})
    busy = frozenset(getattr(op.cmd, "line", "") for op in handheld.waiting.values())
    offered = [t for t in tasks if t.state == "offered"]
    return Hands(floor, handheld.dice, mine, offered, busy, totes)


async def lead(handheld: Handheld, floor: Floor, pickers: int) -> None:
    """Release the next planned wave when little is on offer, and change one's mind now and then."""
    released: list[str] = []
    while True:
        await asyncio.sleep(CHIEF_SECONDS)
        if handheld.resting or handheld.waiting:
            continue
        offered = [t for t in handheld.wires[0].view.tasks.values() if t.state == "offered"]
        if len(offered) < pickers and floor.waves:
            released.append(floor.waves.popleft())
            handheld.make(ReleaseWave(released[-1]))
        for command in _whims(handheld, floor, released, offered):
            handheld.make(command)


def _whims(handheld: Handheld, floor: Floor, released: list[str], offered: list[TaskView]) -> Iterator[LiveCommand]:
    dice = handheld.dice
    if released and dice.random() < WHIM:
        wave = dice.choice(released)
        yield HoldWave(wave)
        yield ResumeWave(wave)
    if offered and dice.random() < WHIM:
        yield AssignTask(dice.choice(offered).id, dice.choice(["", *floor.users]))
    if floor.in_hand and dice.random() < WHIM:
        yield AssignTask(dice.choice(list(floor.in_hand)), "")
