"""Task life: three pickers, a supervisor, one task. A model says who has it, what is picked, what is refused."""

from __future__ import annotations

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import invariant, precondition, rule

from server.kernel.actor import Actor
from server.orders.store import LINES
from server.picking.model import PickLine
from server.picking.store import PICKS
from server.protocol import picking as pick
from server.protocol import waves as wave
from server.protocol.base import Command
from server.tasks.store import TASKS
from server.waves.store import WAVES
from tests.floor import CHIEF, a_released_wave, a_warehouse, ordered
from tests.machines.house import HouseMachine
from tests.simulation.house import Floor

PICKERS = tuple(Actor(name, f"phone-{name}", frozenset({"pick"}), "MAIN") for name in ("ann", "cid", "dee"))
WHO = st.sampled_from(PICKERS)
LINE = st.integers(0, 1)
OPEN = frozenset({"held", "offered", "active"})


class TaskLife(HouseMachine):
    """One task of two lines, of one wave."""

    @staticmethod
    async def lay(w: Floor) -> None:
        """Two lines of one order are on offer."""
        await a_warehouse(w)
        await ordered(w, "1", ("MUG", 2), ("LAMP", 1))
        await a_released_wave(w)

    def __init__(self) -> None:
        """Begin with a task that nobody has."""
        super().__init__()
        self.task = self.run(self.w.one(TASKS)).id
        self.wave_id = self.run(self.w.one(WAVES)).id
        self.lines: list[PickLine] = self.run(self.w.all(PICKS))
        self.state, self.who, self.wave = "offered", "", "released"
        self.picked: set[int] = set()
        self.version = 0

    def mine(self, who: Actor) -> bool:
        """Tell whether somebody works on it."""
        return self.state == "active" and self.who == who.user

    def not_mine(self, who: Actor) -> str:
        """Give what work of somebody who has not got it is refused with."""
        return "" if self.mine(who) else "task_withdrawn" if self.state == "withdrawn" else "task_taken"

    def does(self, actor: Actor, command: Command, expected: str) -> bool:
        """Do a command, which must be answered as expected; tells whether it was done."""
        assert self.said(actor, command) == expected, (command, self.state, self.who)
        return not expected

    @rule(who=WHO)
    def take(self, who: Actor) -> None:
        """Somebody takes it."""
        theirs = self.who in {"", who.user} or self.state == "held"
        closed = "" if self.state in {"offered", "active"} else "not_in_state"
        expected = "task_withdrawn" if self.state == "withdrawn" else closed if theirs else "task_taken"
        if self.does(who, pick.TakeTask(self.task), expected):
            self.state, self.who = "active", who.user

    @rule(who=WHO)
    def take_over(self, who: Actor) -> None:
        """Somebody takes it, whoever has it."""
        closed = {"held": "not_in_state", "done": "not_in_state", "withdrawn": "task_withdrawn"}
        if self.does(who, pick.TakeOver(self.task), closed.get(self.state, "")):
            self.state, self.who = "active", who.user

    @rule(who=WHO)
    def hand_back(self, who: Actor) -> None:
        """Who has it gives it back."""
        if self.does(who, pick.HandBack(self.task), self.not_mine(who)):
            self.state, self.who = "offered", ""

    @rule(who=WHO)
    def lose(self, who: Actor) -> None:
        """A phone is lost: what it had in hand is on offer again."""
        self.does(CHIEF, wave.LoseDevice(who.device), "")
        if self.mine(who):
            self.state, self.who = "offered", ""

    @rule(user=st.sampled_from(("", "ann", "cid")))
    def assign(self, user: str) -> None:
        """The supervisor gives it to one person, or to all."""
        if self.does(CHIEF, wave.AssignTask(self.task, user), "" if self.state in OPEN else "not_in_state"):
            self.state, self.who = "held" if self.state == "held" else "offered", user

    @rule()
    def hold(self) -> None:
        """The wave is held: its task is taken off offer, unless somebody has it."""
        if self.does(CHIEF, wave.HoldWave(self.wave_id), "" if self.wave == "released" else "not_in_state"):
            self.wave = "held"
            self.state = "held" if self.state == "offered" else self.state

    @rule()
    def resume(self) -> None:
        """The wave goes on."""
        if self.does(CHIEF, wave.ResumeWave(self.wave_id), "" if self.wave == "held" else "not_in_state"):
            self.wave = "released"
            self.state = "offered" if self.state == "held" else self.state

    @rule(chance=st.integers(0, 4))
    def cancel(self, chance: int) -> None:
        """The wave is cancelled, now and then: what nobody has in hand is withdrawn."""
        if chance == 0:
            expected = "" if self.wave in {"released", "held"} else "not_in_state"
            if self.does(CHIEF, wave.CancelWave(self.wave_id), expected):
                self.wave = "cancelled"
                self.state = "withdrawn" if self.state in {"offered", "held"} else self.state

    @rule(who=WHO, number=LINE)
    def confirm(self, who: Actor, number: int) -> None:
        """A line is picked whole, or its first scan is refused."""
        line = self.lines[number]
        expected = self.not_mine(who) or ("line_done" if number in self.picked else "")
        scan = pick.Scan(self.task, line.id, "bin", line.bin.partition(":")[2])
        step = self.run(self.w.one(PICKS, "id = ?", line.id)).step
        if not expected and step != "bin":
            expected = "not_in_state"
        if self.does(who, scan, expected):
            self.does(who, pick.Scan(self.task, line.id, "sku", line.sku, quantity=line.quantity), "")
            self.does(who, pick.Scan(self.task, line.id, "tote", "T1"), "")
            self.picked.add(number)

    @rule(who=WHO, number=LINE)
    def undo(self, who: Actor, number: int) -> None:
        """A confirmation is taken back."""
        expected = self.not_mine(who) or ("" if number in self.picked else "nothing_to_undo")
        if self.does(who, pick.Undo(self.task, self.lines[number].id), expected):
            self.picked.discard(number)

    @rule(who=WHO)
    def drop(self, who: Actor) -> None:
        """The totes are left: the task is done when all its lines are."""
        expected = self.not_mine(who) or ("" if len(self.picked) == len(self.lines) else "lines_open")
        if self.does(who, pick.DropTotes(self.task, "CONS-1"), expected):
            self.state = "done"
            self.wave = "done" if self.wave in {"released", "held"} else self.wave

    @precondition(lambda self: self.picked)
    @rule()
    def nobody_else_gets_the_tote(self) -> None:
        """A tote with goods belongs to its shipment, whoever has the task."""
        assert self.run(self.w.database.read("SELECT tote FROM tote_use")) == [{"tote": "T1"}]

    @invariant()
    def the_task_is_as_the_model(self) -> None:
        """State, picker and wave are the model's; the version only grows."""
        task = self.run(self.w.one(TASKS, "id = ?", self.task))
        assert (task.state, task.assignee) == (self.state, self.who)
        assert (task.device != "") == (self.state in {"active", "done"})
        assert self.run(self.w.one(WAVES)).state == self.wave
        assert task.version >= self.version
        self.version = task.version

    @invariant()
    def the_lines_follow_the_task(self) -> None:
        """What is not picked is in the picker's hands, on offer, or with a wave's end back among the allocated."""
        open_state = {"active": "picking", "withdrawn": "allocated"}.get(self.state, "released")
        wanted = {line.line: "picked" if n in self.picked else open_state for n, line in enumerate(self.lines)}
        assert {line.id: str(line.state) for line in self.run(self.w.all(LINES))} == wanted


TaskLife.TestCase.settings = settings(max_examples=60, stateful_step_count=30, deadline=None, derandomize=True)
TestTaskLife = TaskLife.TestCase
