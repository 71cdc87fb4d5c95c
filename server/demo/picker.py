"""A handheld and the person who holds it: takes a task, walks it, scans bin, SKU and tote of every line."""

from __future__ import annotations

import random
from collections import Counter

from server.demo.floor import PATIENCE, Floor
from server.demo.link import Answer, Link
from server.demo.options import Rates
from server.protocol.frames import Committed, Rejected
from server.protocol.picking import (
    AcknowledgeWithdrawal,
    DropTotes,
    HandBack,
    LineView,
    NewTote,
    Scan,
    Short,
    ShortReason,
    Step,
    TakeTask,
    TaskView,
    Undo,
    ZeroCheck,
)

PLACE = "CONS-1"
UNUSUAL = 500
MOST_TRIES = 5
"""How often a line is begun."""
SAID = 0.1
"""The share of bins confirmed by their check digits."""
REASONS: tuple[ShortReason, ...] = ("none_on_shelf", "damaged", "wrong_item", "cannot_reach")
FOUND_AGAIN = frozenset({"none_on_shelf", "cannot_reach"})
"""Reasons after which the goods are still there: overlooked, or fetched later with a ladder."""


class Picker:
    """One person with one handheld."""

    def __init__(self, floor: Floor, link: Link, name: str, rates: Rates) -> None:
        self.floor, self.link, self.name, self.rates = floor, link, name, rates
        self.dice: random.Random = floor.dice(name)
        self.closed: set[str] = set()
        self.tries: Counter[str] = Counter()
        self.slots: dict[int, str] = {}
        self.filled: list[tuple[str, str]] = []

    async def work(self) -> None:
        """Take tasks and walk them until the day is over."""
        while not self.floor.over.is_set():
            task = await self._take()
            if task is None:
                await self.link.wait(PATIENCE)
            else:
                await self._walk(task)

    async def _take(self) -> TaskView | None:
        """Take a task on offer, the most urgent wave first; None where there is none, or a colleague was faster."""
        offered = [t for t in self.link.tasks.values() if t.state == "offered" or t.assignee == self.link.user]
        if not offered:
            return None
        task = self.dice.choice(offered)
        if isinstance(answer := await self.link.do(TakeTask(task.id)), Rejected):
            self.link.tasks.pop(task.id, None)
            if answer.code != "task_taken":
                self.floor.surprised("take", answer.code)
            return None
        while not (known := self.link.tasks.get(task.id, task)).lines:
            await self.link.wait(PATIENCE)
            if task.id not in self.link.tasks:
                return None
        return known

    async def _walk(self, task: TaskView) -> None:
        self.closed, self.slots, self.filled = set(), {}, []
        while (task_now := self.link.tasks.get(task.id)) is not None:
            if line := self._next(task_now):
                self.tries[line.id] += 1
                if await self._do(task_now, line) or self.tries[line.id] >= MOST_TRIES:
                    self.closed.add(line.id)
            elif task_now.kind != "pick" or await self._drop(task_now):
                break
        self.link.tasks.pop(task.id, None)

    async def _do(self, task: TaskView, line: LineView) -> bool:
        """Do a line; one of which a scan was refused is started anew."""
        ways = {"pick": self._pick, "count": self._count, "return": self._return}
        if await ways[task.kind](task, line):
            return True
        await self.link.do(Undo(task.id, line.id))
        await self.link.wait(PATIENCE)
        return False

    def _next(self, task: TaskView) -> LineView | None:
        todo = (line for line in task.lines if line.id not in self.closed and line.state in {"open", "withdrawing"})
        return min(todo, key=lambda line: line.sequence, default=None)

    async def _drop(self, task: TaskView) -> bool:
        """Leave the totes; False where lines were added meanwhile."""
        answer = await self.link.do(DropTotes(task.id, PLACE))
        if isinstance(answer, Rejected):
            self.tries[task.id] += 1
            if answer.code == "lines_open" and self.tries[task.id] < MOST_TRIES:
                await self.link.wait(PATIENCE)
                return False
            await self.link.do(HandBack(task.id))
            self.floor.surprised("drop", answer.code)
        self.floor.drop(self.filled, {slot.shipment for slot in task.slots})
        return True

    async def _pick(self, task: TaskView, line: LineView) -> bool:
        """Pick one line: what the shelf has of it, the rest is short."""
        if line.state == "withdrawing":
            await self.link.do(AcknowledgeWithdrawal(task.id, (line.id,)))
            return True
        spot = (line.bin, line.sku)
        reason = self.dice.choice(REASONS)
        short = self.dice.random() < self.rates.short
        found = min(self.dice.randrange(line.quantity) if short else line.quantity, self.floor.lying[spot])
        if not await self._scan(task, line, "bin", *self._bin_code(line)):
            return False
        if found and not await self._scan(task, line, "sku", self._sku_code(line), quantity=found):
            return False
        if found < line.quantity:
            await self._short(task, line, reason, found)
        if short and reason not in FOUND_AGAIN:
            self.floor.lying[spot] -= min(line.quantity - found, self.floor.lying[spot] - found)
        if found and not await self._scan(task, line, "tote", await self._tote(task, line), "QRCode"):
            return False
        self.floor.lying[spot] -= found
        return True

    async def _short(self, task: TaskView, line: LineView, reason: ShortReason, found: int) -> None:
        answer = await self.link.do(Short(task.id, line.id, reason))
        if isinstance(answer, Rejected):
            self.floor.surprised(f"short after {found}", answer.code)

    async def _count(self, task: TaskView, line: LineView) -> bool:
        """Count a bin: what is there, whatever the book says."""
        units = self.floor.lying[line.bin, line.sku]
        if not units:
            return isinstance(await self.link.do(ZeroCheck(task.id, line.id, empty=True)), Committed)
        at_bin = await self._scan(task, line, "bin", *self._bin_code(line))
        return at_bin and await self._scan(task, line, "sku", self._sku_code(line), quantity=units)

    async def _return(self, task: TaskView, line: LineView) -> bool:
        """Carry goods back to their bin."""
        in_hand = await self._scan(task, line, "sku", self._sku_code(line), quantity=line.quantity)
        if not in_hand or not await self._scan(task, line, "bin", *self._bin_code(line)):
            return False
        self.floor.lying[line.bin, line.sku] += line.quantity
        return True

    def _bin_code(self, line: LineView) -> tuple[str, str]:
        """Give what is scanned at a bin: its label, or now and then its check digits, said aloud."""
        return (line.check, "check") if self.dice.random() < SAID and line.check else (line.bin_code, "QRCode")

    def _sku_code(self, line: LineView) -> str:
        return self.dice.choice([code.code for code in line.barcodes if code.units == 1])

    async def _tote(self, task: TaskView, line: LineView) -> str:
        """Give the tote of the line's slot; an empty one where there is none yet, or the one there is full."""
        if line.slot not in self.slots or self.dice.random() < self.rates.new_tote:
            tote = await self.floor.tote()
            if line.slot in self.slots:
                await self.link.do(NewTote(task.id, line.slot, tote))
            self.slots[line.slot] = tote
            self.filled.append((tote, line.shipment))
        return self.slots[line.slot]

    async def _scan(
        self, task: TaskView, line: LineView, step: Step, code: str, symbology: str = "EAN13", *, quantity: int = 0
    ) -> bool:
        """Scan, now and then the wrong thing first; False where the right thing is refused."""
        if self.dice.random() < self.rates.wrong:
            wrong = await self._send(task, line, step, self._wrong(line, step), symbology, 0)
            if not isinstance(wrong, Rejected):
                self.floor.surprised(f"wrong {step}", "committed")
        typed = quantity if quantity > 1 else 0
        answer = await self._send(task, line, step, code, symbology, typed)
        if isinstance(answer, Rejected):
            self.floor.surprised(f"{task.kind} {step}", answer.code)
        return not isinstance(answer, Rejected)

    def _wrong(self, line: LineView, step: Step) -> str:
        """Give what lies near: the goods' code at the bin and the other way round, another SKU, a bin as tote."""
        own = {code.code.lstrip("0") for code in line.barcodes}  # a GTIN is the same at every length
        others = (code for code in self.dice.choices(self.floor.codes, k=5) if code.lstrip("0") not in own)
        other = next(others, line.bin_code)
        return {"bin": other, "tote": line.bin_code}.get(step, other)

    async def _send(self, task: TaskView, line: LineView, step: Step, code: str, symbology: str, typed: int) -> Answer:
        return await self.link.do(Scan(task.id, line.id, step, code, symbology, typed, sure=typed >= UNUSUAL))
