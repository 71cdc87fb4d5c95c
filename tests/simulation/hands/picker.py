"""What pickers do, with a phone that is connected or is not."""

from __future__ import annotations

import asyncio
from random import Random

import msgspec

from server.kernel.actor import Actor
from server.kernel.ids import ulid
from server.picking.model import PickLine
from server.picking.store import PICKS, SLOTS
from server.protocol import picking as pick
from server.protocol.base import Command
from server.sites.store import TOTES
from server.tasks.model import Task
from server.tasks.store import TASKS
from tests.simulation.house import Floor
from tests.simulation.site import DROP, PICKERS

TODO = "task = ? AND state IN ('open', 'withdrawing')"
ACTIVE = "task IN (SELECT id FROM task WHERE state = 'active')"
RUSHED = f"state IN ('open', 'withdrawing') AND {ACTIVE}"
SHORTS: tuple[pick.ShortReason, ...] = ("none_on_shelf", "damaged", "wrong_item", "cannot_reach")


def who_has(task: Task) -> Actor:
    """Give the picker of a task."""
    return next((p for p in PICKERS if p.user == task.assignee), PICKERS[0])


async def take(w: Floor, dice: Random) -> None:
    if task := await w.any(TASKS, dice, "state IN ('offered', 'active')"):
        kinds = (pick.TakeTask, pick.TakeTask, pick.TakeTask, pick.TakeOver, pick.HandBack)
        await w.say(dice.choice(PICKERS), dice.choice(kinds)(task.id))


async def walk(w: Floor, dice: Random) -> None:
    """Do what the lines of a task ask for next, and leave its totes when nothing does."""
    if task := await w.any(TASKS, dice, "state = 'active'"):
        for _ in range(dice.randint(1, 6)):
            line = await w.any(PICKS, dice, TODO, task.id)
            if line is None:
                await w.say(who_has(task), pick.DropTotes(task.id, DROP[task.site]))
                return
            await w.say(who_has(task), await next_scan(w, dice, line))


async def next_scan(w: Floor, dice: Random, line: PickLine) -> Command:
    """Give what one line asks for next; now and then too few units, or a tote of somebody else."""
    if line.state == "withdrawing" and dice.random() < 0.5:
        return pick.AcknowledgeWithdrawal(line.task, (line.id,))
    [slot] = await w.all(SLOTS, "task = ? AND slot = ?", line.task, line.slot) or [None]
    free = await w.any(TOTES, dice, "site = ? AND id NOT IN (SELECT tote FROM tote_use)", line.site)
    tote = slot.tote if slot and slot.tote and dice.random() < 0.9 else free.id
    if line.step == "lot" and dice.random() < 0.2:
        return pick.Short(line.task, line.id, "wrong_item")
    if slot and not slot.tote and dice.random() < 0.4:
        return pick.NewTote(line.task, line.slot, tote)
    return scan_of(line, tote, units=dice.choice((0, 0, 0, 1)))


def scan_of(line: PickLine, tote: str, units: int = 0) -> pick.Scan:
    """Give the scan of a line's step, of a line that is done its bin; `units` 0 is all that is left."""
    step = "bin" if line.step == "done" else line.step
    codes = {"bin": line.bin.partition(":")[2], "sku": line.sku, "lot": line.lot, "tote": tote}
    code = codes.get(step) or f"S{line.id[-4:]}-{len(line.serials)}"
    counts = step == ("lot" if line.lot else "sku")
    quantity = (units or max(1, line.quantity - line.counted)) if counts else 0
    return pick.Scan(line.task, line.id, msgspec.convert(step, pick.Step), code, quantity=quantity, sure=True)


async def fumble(w: Floor, dice: Random) -> None:
    """Short, skip, undo, a new tote, an acknowledgement, a look into a bin; now and then on a colleague's task."""
    line = await w.any(PICKS, dice, ACTIVE)
    if line:
        task = await w.one(TASKS, "id = ?", line.task)
        who = who_has(task) if dice.random() < 0.9 else dice.choice(PICKERS)
        await w.say(who, await a_fumble(w, dice, line))


async def a_fumble(w: Floor, dice: Random, line: PickLine) -> Command:
    tote = await w.any(TOTES, dice, "site = ?", line.site)
    what = (
        pick.Short(line.task, line.id, dice.choice(SHORTS)),
        pick.Skip(line.task, line.id),
        pick.Undo(line.task, line.id),
        pick.Undo(line.task, line.id),
        pick.NewTote(line.task, line.slot, tote.id),
        pick.AcknowledgeWithdrawal(line.task, (line.id,)),
        pick.ZeroCheck(line.task, line.id, empty=dice.random() < 0.5),
        scan_of(line, tote.id),
    )
    return dice.choice(what)


async def rush(w: Floor, dice: Random) -> None:
    """Many scan at once: one group of the writer, and two who touch the same line."""
    lines = await w.all(
        PICKS, "state IN ('open', 'withdrawing') AND task IN (SELECT id FROM task WHERE state='active')"
    )
    tasks = {task.id: task for task in await w.all(TASKS, "state = 'active'")}
    said = []
    for line in dice.sample(lines, min(len(lines), 5)):
        command = await next_scan(w, dice, line) if dice.random() < 0.7 else await a_fumble(w, dice, line)
        said += [(who_has(tasks[line.task]), command)] * dice.choice((1, 1, 2))
    await asyncio.gather(*(w.say(who, command) for who, command in said))


async def go_offline(w: Floor, dice: Random) -> None:
    """A phone without a network does its walk as far as it knows it; the operations wait in its outbox."""
    task = await w.any(TASKS, dice, "state = 'active' AND assignee <> ''")
    if task is None or w.outbox.get(task.device):
        return
    who = who_has(task)
    ops: list[Command] = []
    lines = await w.all(PICKS, TODO, task.id)
    for line in lines[: dice.randint(1, 4)]:
        ops += await a_line_offline(w, dice, line)
    if dice.random() < 0.5:
        ops.append(pick.DropTotes(task.id, DROP[task.site]))
    w.outbox[who.device] = [(who, command, ulid(w.now), w.clock()) for command in ops]


async def a_line_offline(w: Floor, dice: Random, line: PickLine) -> list[Command]:
    """Give all scans of a line by the phone's own copy of it; now and then a short or an undo at the end."""
    slots = await w.all(SLOTS, "task = ? AND slot = ?", line.task, line.slot)
    free = await w.any(TOTES, dice, "site = ? AND id NOT IN (SELECT tote FROM tote_use)", line.site)
    tote = slots[0].tote if slots and slots[0].tote else free.id
    after = {"bin": "sku", "sku": "lot" if line.lot else "tote", "lot": "tote", "serial": "tote"}
    if line.kind != "pick":
        after = {"sku": "bin"} if line.kind == "return" else {"bin": "sku"}
    ops: list[Command] = []
    step: str | None = line.step
    while step:
        ops.append(scan_of(msgspec.structs.replace(line, step=step), tote))
        step = after.get(step)
    ends = (pick.Undo(line.task, line.id), pick.Short(line.task, line.id, dice.choice(SHORTS)))
    return ops + [dice.choice(ends)] * (dice.random() < 0.2)


async def come_online(w: Floor, dice: Random) -> None:
    """What waited is sent in its order; the line may break in between, and then some of it comes again."""
    waiting = [device for device, ops in sorted(w.outbox.items()) if ops]
    if waiting:
        await w.send_outbox(dice.choice(waiting), again=dice.randrange(3))


HANDS = {f.__name__: f for f in (take, walk, fumble, rush, go_offline, come_online)}
