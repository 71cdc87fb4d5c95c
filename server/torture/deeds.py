"""What people do with a handheld, rightly and wrongly: from what it shows, the operations that follow."""

from __future__ import annotations

import random
from collections import deque
from collections.abc import Callable, Iterator, Sequence

import msgspec

from server.protocol import steps
from server.protocol.frames import LiveCommand
from server.protocol.picking import (
    AcknowledgeWithdrawal,
    DropTotes,
    HandBack,
    LineView,
    NewTote,
    Scan,
    Short,
    ShortReason,
    Skip,
    Step,
    TakeOver,
    TakeTask,
    TaskView,
    Undo,
    ZeroCheck,
)
from server.torture.view import OPEN

CONSOLIDATION = "CONS-1"
NONSENSE = ("4006381333931", "A-99-9", "000", "]C1nonsense", "T99999")
STEPS: tuple[Step, ...] = ("bin", "sku", "tote")
REASONS: tuple[ShortReason, ...] = ("none_on_shelf", "damaged", "wrong_item", "cannot_reach")
COUNTED = (80, 200)
PATIENCE = 3
"""Tasks of one's own after which no further one is taken."""


class Floor(msgspec.Struct):
    """What people see of one another: empty totes, tasks in colleagues' hands, who there is, planned waves."""

    totes: deque[str]
    waves: deque[str]
    users: list[str]
    in_hand: dict[str, TaskView] = msgspec.field(default_factory=dict)


class Hands(msgspec.Struct):
    """One person at one moment: their tasks, what is on offer, the lines on which operations are under way."""

    floor: Floor
    dice: random.Random
    mine: list[TaskView]
    offered: list[TaskView]
    busy: frozenset[str]
    totes: dict[tuple[str, int], str]

    def lines(self, *states: str) -> list[tuple[TaskView, LineView]]:
        """Give the lines of one's own tasks in these states, on which nothing is under way."""
        return [(t, ln) for t in self.mine for ln in t.lines if ln.state in states and ln.id not in self.busy]


def take(h: Hands) -> Iterator[LiveCommand]:
    """Take a task on offer; others reach for it too."""
    if h.offered and len(h.mine) < PATIENCE:
        yield TakeTask(h.dice.choice(h.offered[:4]).id)


def walk(h: Hands) -> Iterator[LiveCommand]:
    """Do one line: all its scans without waiting for an answer, as one does offline."""
    for task, line in _one(h, h.lines("open")):
        yield from _scans(h, task, line)
    for task, line in _one(h, h.lines("withdrawing")):
        yield AcknowledgeWithdrawal(task.id, (line.id,))


def contest(h: Hands) -> Iterator[LiveCommand]:
    """Two people on one line: do a colleague's, now and then after taking the task over."""
    theirs = [t for t in h.floor.in_hand.values() if t.id not in {mine.id for mine in h.mine}]
    for task, line in _one(h, [(t, ln) for t in theirs for ln in t.lines if ln.state in OPEN]):
        if h.dice.random() < 1 / 2:
            yield TakeOver(task.id)
        yield from _scans(h, task, line)


def mistake(h: Hands) -> Iterator[LiveCommand]:
    """Scan what does not belong there."""
    for task, line in _one(h, h.lines("open", "picked")):
        yield Scan(task.id, line.id, h.dice.choice(STEPS), h.dice.choice(NONSENSE), "code128")


def undo(h: Hands) -> Iterator[LiveCommand]:
    """Take a picked line back."""
    for task, line in _one(h, h.lines("picked")):
        yield Undo(task.id, line.id)


def short(h: Hands) -> Iterator[LiveCommand]:
    """Find less on the shelf than there should be."""
    for task, line in _one(h, h.lines("open")):
        if task.kind == "pick":
            yield Short(task.id, line.id, h.dice.choice(REASONS))


def skip(h: Hands) -> Iterator[LiveCommand]:
    """Leave a line for later."""
    for task, line in _one(h, h.lines("open")):
        yield Skip(task.id, line.id)


def new_tote(h: Hands) -> Iterator[LiveCommand]:
    """Go on with an empty tote."""
    for task, line in _one(h, h.lines("open")):
        if h.floor.totes and task.kind == "pick":
            h.totes[task.id, line.slot] = h.floor.totes.popleft()
            yield NewTote(task.id, line.slot, h.totes[task.id, line.slot])


def look(h: Hands) -> Iterator[LiveCommand]:
    """Say whether a bin is empty."""
    for task, line in _one(h, h.lines("open", "picked")):
        yield ZeroCheck(task.id, line.id, empty=h.dice.random() < 1 / 2)


def hand_back(h: Hands) -> Iterator[LiveCommand]:
    """Give a task back to the queue."""
    if h.mine:
        yield HandBack(h.dice.choice(h.mine).id)


def drop(h: Hands) -> Iterator[LiveCommand]:
    """Leave the totes; it is refused while lines are open."""
    if h.mine:
        yield DropTotes(h.dice.choice(h.mine).id, CONSOLIDATION)


def _one(h: Hands, found: Sequence[tuple[TaskView, LineView]]) -> Sequence[tuple[TaskView, LineView]]:
    return [h.dice.choice(found)] if found else []


def _scans(h: Hands, task: TaskView, line: LineView) -> Iterator[LiveCommand]:
    """Give the scans from the line's step to its end."""
    step, facts = line.step, steps.Facts(line.tracking, task.confirm_tote)
    while step in CODES:
        units = (h.dice.randint(*COUNTED) if task.kind == "count" else line.quantity) if step == "sku" else 0
        yield Scan(task.id, line.id, CODES[step][0], CODES[step][1](h, task, line), "code128", units, sure=True)
        step = steps.after(task.kind, step, facts)


def _tote(h: Hands, task: TaskView, line: LineView) -> str:
    """Give the slot's tote, or put an empty one there."""
    known = next((slot.tote for slot in task.slots if slot.slot == line.slot), "")
    if not known and (task.id, line.slot) not in h.totes and h.floor.totes:
        h.totes[task.id, line.slot] = h.floor.totes.popleft()
    return known or h.totes.get((task.id, line.slot), NONSENSE[-1])


CODES: dict[str, tuple[Step, Callable[[Hands, TaskView, LineView], str]]] = {
    "bin": ("bin", lambda h, _, line: h.dice.choice((line.bin_code, line.check or line.bin_code))),
    "sku": ("sku", lambda h, _, line: h.dice.choice([b.code for b in line.barcodes if b.units == 1])),
    "tote": ("tote", _tote),
}
"""What is scanned at each step."""

DEEDS: dict[Callable[[Hands], Iterator[LiveCommand]], int] = {
    walk: 45,
    undo: 25,
    take: 10,
    contest: 6,
    mistake: 6,
    drop: 2,
    short: 2,
    skip: 2,
    look: 2,
    new_tote: 2,
    hand_back: 2,
}
"""How often each is done, of 100."""
