"""Histories of the rules alone, without a house: one line's life from promise to tote, thousands of them a second."""

from __future__ import annotations

from collections.abc import Callable
from random import Random

import msgspec
from msgspec.structs import replace

from server.catalog.model import Barcode
from server.kernel.actor import Actor
from server.kernel.refusal import Refusal
from server.orders import rules as orders
from server.orders.model import OrderLine, State
from server.picking import rules as picking
from server.picking.model import PickLine, PickState, Slot
from server.protocol.picking import Scan, Step
from server.sites.model import Bin, BinKind, Policy
from server.stock import rules as stock
from server.stock.model import Balance, Pool
from server.tasks import rules as tasks
from server.tasks.model import Task, TaskKind, TaskState, new_task

STEPS = 16
PICKERS = tuple(Actor(name, f"phone-{name}", frozenset({"pick"}), "MAIN") for name in ("ann", "cid"))
PLACE = Bin("MAIN:A", "MAIN", "A", "", "", 0, 0, 0, "11", BinKind.PICK)
ASKED: dict[str, Step] = {"bin": "bin", "sku": "sku", "tote": "tote"}
EVERY = tuple(ASKED.values())
SLOT = Slot("s", "t", 1, "1", "S", "T1")
CODES: dict[Step, tuple[str, ...]] = {"bin": ("A", "11", "12", "B"), "sku": ("CUP", "PAN"), "tote": ("T1", "T2")}
"""What is scanned at each step: right, or wrong."""
SKUS = {code: Barcode(code, code) for code in ("CUP", "PAN")}
LINE = OrderLine("1/1", "1", 1, "1", "CUP", "CUP", "Cup", 1, 500, True, State.PAID, "S", "")  # noqa: FBT003 - a row
PICK = PickLine("p", "t", "pick", 1, "MAIN", "1", "S", "1/1", "MAIN:A", "CUP", "none", "", 1, 0, 0, PickState.OPEN,
                "bin", 1, "", (), "", 0)  # fmt: skip
TASK = replace(new_task(TaskKind.PICK, "MAIN", 0, lines=1, steps=1), id="t")


class Life(msgspec.Struct):
    """One line, its stop, its task, and the stock that it is promised."""

    line: OrderLine
    pick: PickLine
    task: Task
    bin: Balance
    tote: Balance
    pool: Pool


def born(dice: Random) -> Life:
    """Give a line of some units that is promised and on offer."""
    units, there = dice.randint(1, 5), dice.randint(5, 9)
    pool = stock.reserved(Pool("MAIN/CUP", "MAIN", "CUP", there, 0), units)
    balance = Balance("b", "bin:MAIN:A", "CUP", "", "MAIN/CUP", 0, there, units)
    line = orders.advanced(orders.advanced(replace(LINE, quantity=units), "allocate"), "release")
    return Life(
        line, replace(PICK, quantity=units), TASK, balance, Balance("t", "tote:T1", "CUP", "", "", 0, 0, 0), pool
    )


def take(life: Life, dice: Random) -> None:
    """Somebody takes the task."""
    rule = dice.choice((tasks.taken, tasks.taken, tasks.taken_over))
    life.task = rule(life.task, dice.choice(PICKERS), 1)
    if life.line.state is State.RELEASED:
        life.line = orders.advanced(life.line, "take")


def let_go(life: Life, dice: Random) -> None:
    """It is handed back, or taken out of somebody's hands: half-counted lines start anew."""
    life.task = tasks.handed_back(life.task) if dice.random() < 0.7 else tasks.assigned(life.task, "")
    if life.pick.state is PickState.OPEN:
        life.pick = picking.anew(life.pick)
        life.line = orders.advanced(life.line, "hand_back")


def in_hand(life: Life) -> None:
    """Only who has the task works on it."""
    if life.task.state is not TaskState.ACTIVE:
        raise Refusal("task_taken")


def scan(life: Life, dice: Random) -> None:
    """Scan something at some step, mostly the one that is asked for; after the last good scan the goods have moved."""
    in_hand(life)
    step: Step = dice.choice(EVERY) if life.pick.step == "done" or dice.random() < 0.1 else ASKED[life.pick.step]
    code = dice.choice(CODES[step])
    said = Scan("t", "p", step, code, quantity=dice.randint(0, 3) if step == "sku" else 0)
    seen = picking.Seen(said, life.pick, PLACE, SLOT, Policy(), SKUS.get(code))
    life.pick = picking.scanned(seen, 1)
    if life.pick.step == "done":
        moved(life)


def moved(life: Life) -> None:
    """The goods went from the bin into the tote, with their promise."""
    units = life.pick.counted
    life.bin, life.tote = stock.taken(life.bin, units, pinned=units), stock.given(life.tote, units)
    life.pool = stock.freed(replace(life.pool, on_hand=life.pool.on_hand - units), units)
    life.pick = replace(life.pick, state=PickState.PICKED, picked=units)
    life.line = orders.advanced(life.line, "pick")


def undo(life: Life, _: Random) -> None:
    """They went back, promised as before."""
    in_hand(life)
    units = life.pick.picked
    life.line = orders.advanced(life.line, "undo")
    life.tote, life.bin = stock.taken(life.tote, units), stock.given(life.bin, units, pinned=units)
    life.pool = stock.reserved(replace(life.pool, on_hand=life.pool.on_hand + units), units)
    life.pick = replace(picking.anew(life.pick), state=PickState.OPEN, picked=0)


HANDS: tuple[Callable[[Life, Random], None], ...] = (take, let_go, scan, scan, scan, scan, scan, undo)


def play(seed: int) -> str:
    """Play a history; gives what is not sound in it, '' where nothing is."""
    dice = Random(seed)
    life = born(dice)
    there = life.bin.quantity
    for _ in range(STEPS):
        after = msgspec.structs.replace(life)
        try:
            dice.choice(HANDS)(after, dice)
        except Refusal:
            continue
        life = after
        if problem := wrong(life, there):
            return f"{problem}: {life}"
    return ""


def wrong(life: Life, there: int) -> str:
    """Name what does not hold, '' where all does."""
    is_picked, units = life.pick.state is PickState.PICKED, life.line.quantity
    in_hand = State.PICKING if life.task.state is TaskState.ACTIVE else State.RELEASED
    holds = {
        "no unit is made or lost": life.bin.quantity + life.tote.quantity == there,
        "the tote has what is picked": life.tote.quantity == (units if is_picked else 0),
        "what is not picked is promised": life.bin.pinned == life.pool.reserved == (0 if is_picked else units),
        "the pool is the bin": life.pool.on_hand == life.bin.quantity,
        "no more is counted than wanted": 0 <= life.pick.counted <= units,
        "a line is where its task is": life.line.state is (State.PICKED if is_picked else in_hand),
        "somebody has what is in hand": bool(life.task.device) == (life.task.state is TaskState.ACTIVE),
    }
    return next((what for what, true in holds.items() if not true), "")
