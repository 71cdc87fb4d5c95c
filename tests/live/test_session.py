"""What a connection may say, and what it is told."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from server.live.hub import Hub
from server.live.session import BAD_IN_A_ROW
from server.live.unsent import MOST_MESSAGES
from server.orders.model import CancelOrder
from server.orders.store import ORDERS
from server.picking.reads import task_heads
from server.picking.store import PICKS
from server.protocol import picking as pick
from server.protocol.frames import Changed, Committed, Hello, Lost, Ping, Watch
from tests.floor import CHIEF, PICKER, a_released_wave, a_warehouse, an_order
from tests.kit import World, world
from tests.live.phone import Phone


@asynccontextmanager
async def floor(folder: Path) -> AsyncIterator[tuple[World, Hub, str]]:
    """A warehouse with one order's task on offer."""
    async with world(folder) as w:
        hub = Hub(w.bus)
        w.bus.listeners.append(hub.committed)
        await a_warehouse(w)
        await w.do(an_order("1001", ("MUG", 2), ("LAMP", 1)))
        await w.settle()
        [task] = await a_released_wave(w)
        await hub.start()
        try:
            yield w, hub, task
        finally:
            await hub.stop()


async def test_hello_gives_a_snapshot_and_taking_a_task_shows_its_lines(tmp_path: Path) -> None:
    async with floor(tmp_path) as (w, hub, task):
        phone = Phone(w, hub, PICKER)
        await phone.hello()
        offered = await phone.heard("Changed")
        assert offered.snapshot
        assert [(t.id, t.state, t.lines) for t in offered.tasks] == [(task, "offered", ())]
        taken = await phone.op(pick.TakeTask(task))
        assert isinstance(taken, Committed)
        mine = await phone.heard("Changed", since=phone.inbox.index(offered) + 1)
        assert [len(t.lines) for t in mine.tasks] == [2]
        assert mine.since == offered.until


async def test_a_colleague_sees_the_task_go(tmp_path: Path) -> None:
    async with floor(tmp_path) as (w, hub, task):
        ann, ben = Phone(w, hub, PICKER), Phone(w, hub, PICKER.__class__("ben", "phone-2", PICKER.permissions, "MAIN"))
        await ann.hello()
        await ben.hello()
        await ann.op(pick.TakeTask(task))
        while not (gone := await ben.heard("Changed")).gone:
            await asyncio.sleep(0.01)
        assert gone.gone == (task,)
        refused = await ben.op(pick.TakeTask(task))
        assert refused.code == "task_taken"


async def test_a_replay_has_the_first_answer_and_a_gap_is_named(tmp_path: Path) -> None:
    async with floor(tmp_path) as (w, hub, task):
        phone = Phone(w, hub, PICKER)
        await phone.hello()
        first = await phone.op(pick.TakeTask(task), op_id="0" * 26)
        again = await phone.op(pick.TakeTask(task), op_id="0" * 26, seq=1)
        assert again == first
        gap = await phone.op(pick.TakeTask(task), seq=7)
        assert gap.seq == 2
        await phone.say(Lost(9))
        await phone.heard("Expected")
        assert (await phone.op(pick.HandBack(task), seq=9)).seq == 9


async def test_a_cancelled_order_reaches_the_phone_in_the_middle_of_a_line(tmp_path: Path) -> None:
    async with floor(tmp_path) as (w, hub, task):
        phone = Phone(w, hub, PICKER)
        await phone.hello()
        await phone.op(pick.TakeTask(task))
        order = (await w.one(ORDERS)).id
        await w.do(CancelOrder(order, "changed mind"))
        while not any(line.state == "withdrawing" for t in (await phone.heard("Changed")).tasks for line in t.lines):
            await asyncio.sleep(0.01)
        lines = tuple(p.id for p in await w.all(PICKS))
        await phone.op(pick.AcknowledgeWithdrawal(task, lines))
        assert {str(p.state) for p in await w.all(PICKS)} == {"withdrawn"}
        assert str((await w.one(ORDERS)).state) == "cancelled"


async def test_who_comes_back_is_told_what_was_missed(tmp_path: Path) -> None:
    async with floor(tmp_path) as (w, hub, task):
        phone = Phone(w, hub, PICKER)
        await phone.hello()
        await phone.op(pick.TakeTask(task))
        seen: Changed = await phone.heard("Changed")
        phone.gone()
        await w.do(CancelOrder((await w.one(ORDERS)).id))
        back = Phone(w, hub, PICKER)
        await back.hello(seen.until)
        missed: Changed = await back.heard("Changed")
        assert not missed.snapshot
        assert missed.since == seen.until
        assert {line.state for t in missed.tasks for line in t.lines} == {"withdrawing"}


async def test_bad_frames_are_answered_and_ten_in_a_row_close(tmp_path: Path) -> None:
    async with floor(tmp_path) as (w, hub, _):
        phone = Phone(w, hub, PICKER)
        for bad in (
            b"",
            b"{",
            b"\xff",
            b'{"t":"fly"}',
            b'{"t":"ping","n":-1}',
            b'{"t":"ping","n":1,"x":1}',
            b"x" * 70_000,
        ):
            await phone.say(bad)
        assert phone.session.closing is None
        await phone.say(Ping(4))
        assert (await phone.heard("Pong")).n == 4
        for _ in range(BAD_IN_A_ROW):
            await phone.say(b"nonsense")
        assert phone.session.closing == (4400, "ten bad frames in a row")


async def test_a_phone_that_does_not_read_is_cut_off(tmp_path: Path) -> None:
    async with floor(tmp_path) as (w, hub, _):
        phone = Phone(w, hub, PICKER)
        phone._reader.cancel()
        for n in range(MOST_MESSAGES + 2):
            await phone.say(Ping(n))
        assert phone.session.closing == (1013, "too slow")


async def test_a_supervisor_watches_and_a_picker_may_not(tmp_path: Path) -> None:
    async with floor(tmp_path) as (w, hub, _):
        chief, picker = Phone(w, hub, CHIEF), Phone(w, hub, PICKER)
        await chief.say(Hello(1, 0, 0))
        await chief.say(Watch("floor"))
        seen = await chief.heard("Progress")
        assert [(v.state, v.lines) for v in seen.waves] == [("released", 2)]
        await picker.say(Watch("floor"))
        assert (await picker.heard("Error")).code == "not_allowed"


async def test_an_old_client_is_told_to_update(tmp_path: Path) -> None:
    async with floor(tmp_path) as (w, hub, _):
        phone = Phone(w, hub, PICKER)
        await phone.say(Hello(99, 0, 0))
        assert (await phone.heard("Error")).code == "old_client"


async def test_who_has_a_task_is_listed_for_who_would_take_it_over(tmp_path: Path) -> None:
    async with floor(tmp_path) as (w, _, task):
        [offered] = await task_heads(w.database, "MAIN")
        assert (offered.id, offered.state, offered.assignee, offered.lines) == (task, "offered", "", 2)
        await w.do(pick.TakeTask(task), PICKER)
        [taken] = await task_heads(w.database, "MAIN")
        assert (taken.state, taken.assignee, taken.lines_done) == ("active", "ann", 0)
        assert await task_heads(w.database, "NORTH") == []
