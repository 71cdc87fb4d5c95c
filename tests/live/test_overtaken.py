"""What happens while a device is being told something is not lost between two frames."""

from __future__ import annotations

import asyncio
import random
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path

from server.kernel.ids import ulid
from server.live import sync
from server.live.hub import Hub
from server.picking.store import PICKS
from server.protocol import picking as pick
from server.protocol.base import Command
from server.protocol.frames import Changed, Committed, Op
from server.protocol.waves import AssignTask
from server.torture.view import View
from tests.floor import CHIEF, COLLEAGUE, PICKER, a_released_wave, a_warehouse, ordered
from tests.kit import World, world
from tests.live.phone import Phone

ROUNDS = 25


@asynccontextmanager
async def floor(folder: Path, orders: int = 1) -> AsyncIterator[tuple[World, Hub, str]]:
    """A warehouse whose orders are one task on offer."""
    async with world(folder) as w:
        hub = Hub(w.bus)
        w.bus.listeners.append(hub.committed)
        await a_warehouse(w)
        for number in range(orders):
            await ordered(w, f"O-{number}", ("MUG", 1), ("LAMP", 1))
        [task] = await a_released_wave(w)
        await hub.start()
        try:
            yield w, hub, task
        finally:
            await hub.stop()


def shown(phone: Phone, done: Mapping[str, Command] | None = None) -> View:
    """What a handheld shows that took in all frames in order."""
    view = View()
    for frame in phone.inbox:
        if isinstance(frame, Changed):
            assert view.take(frame), "a frame was missed"
        elif isinstance(frame, Committed) and done:
            view.did(done.get(frame.op_id))
    return view


async def same(w: World, phone: Phone, done: Mapping[str, Command] | None = None) -> bool:
    """Tell whether a phone comes to show what the server has."""
    truth = View()
    truth.take(await sync.snapshot(w.database, phone.actor))
    for _ in range(100):
        if shown(phone, done).gist(lines=True) == truth.gist(lines=True):
            return True
        await asyncio.sleep(0.02)
    return False


async def test_what_changes_while_hello_is_answered_is_told(tmp_path: Path) -> None:
    async with floor(tmp_path) as (w, hub, task):
        for _ in range(ROUNDS):
            phone = Phone(w, hub, PICKER)
            await asyncio.gather(phone.hello(), w.do(pick.TakeTask(task), COLLEAGUE))
            assert await same(w, phone)
            await asyncio.gather(phone.hello(), w.do(AssignTask(task, ""), CHIEF))
            assert await same(w, phone)
            phone.gone()


async def test_a_handheld_is_never_told_less_than_it_was_answered(tmp_path: Path) -> None:
    async with floor(tmp_path) as (w, hub, task):
        phone, dice, done = Phone(w, hub, PICKER), random.Random(1), {}
        await phone.hello()
        await phone.op(pick.TakeTask(task))
        line = (await w.all(PICKS))[0]
        at_bin = pick.Scan(task, line.id, "bin", line.bin.partition(":")[2])
        for _ in range(ROUNDS):
            for command in (pick.TakeTask(task), at_bin, pick.Scan(task, line.id, "sku", line.sku)):
                phone.seq += 1
                op = Op(ulid(), phone.seq, 0, "", command)
                done[op.op_id] = op.cmd
                await phone.say(op)
                await asyncio.sleep(dice.uniform(0, 0.004))
            while not any(isinstance(f, Committed) and f.seq == phone.seq for f in phone.inbox):
                await asyncio.sleep(0.002)
            assert await same(w, phone, done)
            op_id = ulid()
            done[op_id] = pick.Undo(task, line.id)
            await phone.op(done[op_id], op_id)
