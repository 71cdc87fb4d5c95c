"""The wire with a real server: operations arrive once and in order, whatever the network does."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, closing
from pathlib import Path
from random import Random

import pytest

from scanner_client.dial import Dial
from scanner_client.link import Link
from scanner_client.outbox import Outbox
from scanner_client.pulse import Timing
from server.kernel.refusal import Refusal
from server.protocol.frames import Committed, Hello, Lost, Op, Ping, Rejected
from server.protocol.picking import Scan
from tests.scanner.floor import Floor, opened, until
from tests.scanner.tasks import GTIN, line, task

QUICK = Timing(ping_s=0.1, answer_s=0.1, op_s=0.5, busy_s=0.02, pause_s=0.01)
BIN, SKU = Scan("T1", "L1", "bin", "A-01-02"), Scan("T1", "L1", "sku", GTIN)
LONG = (task(line(quantity=100_000, step="sku")),)


@asynccontextmanager
async def linked(dial: Dial, folder: Path, timing: Timing = QUICK) -> AsyncIterator[Link]:
    outbox = Outbox(folder / "outbox.db")
    link = Link(outbox, dial, timing)
    running = asyncio.create_task(link.run())
    try:
        yield link
    finally:
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)
        outbox.close()


def seqs(floor: Floor) -> list[int]:
    return [op.seq for op in floor.done]


async def test_it_says_who_it_is_and_gets_its_tasks(tmp_path: Path) -> None:
    floor = Floor([task()])
    async with opened(floor) as dial, linked(dial, tmp_path) as link:
        await until(lambda: link.is_current)
        assert link.tasks == (task(),)
        assert floor.headers == ["Device CAM.secret"]
        assert floor.heard[0] == Hello(1, 0, 0, 0)
        assert link.user == "ann"


async def test_a_scan_is_kept_then_sent_then_let_go(tmp_path: Path) -> None:
    floor = Floor([task()])
    async with opened(floor) as dial, linked(dial, tmp_path) as link:
        await until(lambda: link.is_current)
        answers: list[object] = []
        link.answered = lambda answer, entry: answers.append((type(answer), entry.op.seq))
        link.perform(BIN)
        assert link.waiting == 1
        assert link.tasks[0].lines[0].step == "sku"
        await until(lambda: not link.waiting)
        assert answers == [(Committed, 1)]
        assert [(op.seq, op.by, op.cmd) for op in floor.done] == [(1, "ann", BIN)]
        assert link.tasks == floor.tasks


async def test_work_goes_on_without_the_server_and_is_caught_up(tmp_path: Path) -> None:
    floor = Floor([task()])
    async with opened(floor) as dial, linked(dial, tmp_path) as link:
        await until(lambda: link.is_current)
        floor.silent = True
        floor.cut()
        for command in (BIN, SKU, SKU):
            link.perform(command)
        assert link.tasks[0].lines[0].step == "tote"
        await asyncio.sleep(0.3)
        assert not link.connection.presence.online
        floor.silent = False
        await until(lambda: not link.waiting and link.connection.presence.online)
        assert seqs(floor) == [1, 2, 3]
        assert link.tasks == floor.tasks


async def test_a_refused_scan_is_kept_and_the_servers_view_is_asked_for(tmp_path: Path) -> None:
    floor = Floor([task()])
    async with opened(floor) as dial, linked(dial, tmp_path) as link:
        await until(lambda: link.is_current)
        link.perform(BIN)
        await until(lambda: not link.waiting)
        floor.tasks = (task(),)
        link.perform(SKU)
        assert link.tasks[0].lines[0].counted == 1
        await until(lambda: link.outbox.refused() and link.is_current)
        assert [refused.code for refused in link.outbox.refused()] == ["wrong_sku"]
        assert link.tasks == (task(),)
        assert not link.waiting


@pytest.mark.parametrize("seed", range(8))
async def test_operations_arrive_once_and_in_order_over_a_bad_network(tmp_path: Path, seed: int) -> None:
    floor, random = Floor(LONG), Random(seed)
    floor.faults, floor.fault_rate = Random(seed), 0.15
    made = []
    async with opened(floor) as dial:
        for _ in range(4):
            async with linked(dial, tmp_path) as link:
                for _ in range(15):
                    made.append(link.perform(SKU).op.op_id)
                    await asyncio.sleep(random.uniform(0, 0.01))
                    if random.random() < 0.1:
                        floor.cut()
        floor.fault_rate = 0.0
        async with linked(dial, tmp_path) as link:
            await until(lambda: not link.waiting and link.is_current, 20)
            assert link.tasks == floor.tasks
    assert len(floor.headers) > 5
    assert [op.op_id for op in floor.done] == made
    assert seqs(floor) == list(range(1, 61))
    assert floor.tasks[0].lines[0].counted == 60


async def test_a_socket_that_is_open_but_dead_is_given_up(tmp_path: Path) -> None:
    floor = Floor(LONG)
    async with opened(floor) as dial, linked(dial, tmp_path) as link:
        await until(lambda: any(isinstance(frame, Ping) for frame in floor.heard))
        floor.silent = True
        link.perform(SKU)
        await until(lambda: len(floor.headers) >= 2)
        floor.silent = False
        await until(lambda: not link.waiting)
        assert seqs(floor) == [1]


async def test_an_operation_that_is_never_answered_is_sent_on_a_new_socket(tmp_path: Path) -> None:
    floor = Floor(LONG)
    take = floor.take
    lost = [True]
    floor.take = lambda frame: [] if isinstance(frame, Op) and lost else take(frame)  # type: ignore[method-assign]
    async with opened(floor) as dial, linked(dial, tmp_path) as link:
        link.perform(SKU)
        await until(lambda: len(floor.headers) >= 2)
        lost.clear()
        await until(lambda: not link.waiting)
        assert seqs(floor) == [1]


async def test_a_busy_server_is_asked_again_in_order(tmp_path: Path) -> None:
    floor = Floor(LONG)
    floor.busy = 3
    async with opened(floor) as dial, linked(dial, tmp_path) as link:
        for _ in range(5):
            link.perform(SKU)
        await until(lambda: not link.waiting)
        assert seqs(floor) == [1, 2, 3, 4, 5]


async def test_a_device_that_lost_its_storage_goes_on_where_the_server_is(tmp_path: Path) -> None:
    floor = Floor(LONG)
    floor.seq = 40
    async with opened(floor) as dial, linked(dial, tmp_path) as link:
        link.perform(SKU)
        link.perform(SKU)
        await until(lambda: not link.waiting)
        assert seqs(floor) == [41, 42]


async def test_a_server_that_lost_operations_is_told_so(tmp_path: Path) -> None:
    floor = Floor(LONG)
    async with opened(floor) as dial, linked(dial, tmp_path) as link:
        link.perform(SKU)
        link.perform(SKU)
        await until(lambda: not link.waiting)
        floor.seq, floor.answers = 0, {}
        link.perform(SKU)
        await until(lambda: not link.waiting)
        assert Lost(3) in floor.heard
        assert seqs(floor) == [1, 2, 3]


async def test_a_server_that_is_ahead_is_followed(tmp_path: Path) -> None:
    floor = Floor(LONG)
    async with opened(floor) as dial, linked(dial, tmp_path) as link:
        link.perform(SKU)
        await until(lambda: not link.waiting)
        floor.seq = 10
        link.perform(SKU)
        await until(lambda: not link.waiting)
        assert seqs(floor) == [1, 11]


async def test_changes_are_followed_and_a_gap_is_asked_about(tmp_path: Path) -> None:
    floor = Floor([task()])
    second = task(task_id="T2")
    async with opened(floor) as dial, linked(dial, tmp_path) as link:
        await until(lambda: link.is_current)
        await floor.push(second)
        await until(lambda: len(link.tasks) == 2)
        await floor.push(gone=("T1",))
        await until(lambda: link.tasks == (second,))
        hellos = sum(isinstance(frame, Hello) for frame in floor.heard)
        floor.position += 5
        await floor.push(task(task_id="T3"))
        await until(lambda: len(link.tasks) == 2)
        assert sum(isinstance(frame, Hello) for frame in floor.heard) == hellos + 1


async def test_tasks_are_known_after_a_restart_without_the_server(tmp_path: Path) -> None:
    floor = Floor([task()])
    async with opened(floor) as dial, linked(dial, tmp_path) as link:
        await until(lambda: link.is_current)
        link.perform(BIN)
        await until(lambda: not link.waiting)
    async with linked(dial, tmp_path) as link:
        link.perform(SKU)
        assert link.tasks[0].lines[0].counted == 1


async def test_a_revoked_key_ends_it_and_keeps_what_waits(tmp_path: Path) -> None:
    floor = Floor(LONG)
    floor.close_with = 4401
    async with opened(floor) as dial:
        with closing(Outbox(tmp_path / "outbox.db")) as outbox:
            link = Link(outbox, dial, QUICK)
            link.perform(SKU)
            with pytest.raises(Refusal, match="not_signed_in"):
                await asyncio.wait_for(link.run(), 5)
            assert outbox.count == 1


async def test_what_is_rejected_is_answered_too(tmp_path: Path) -> None:
    floor = Floor([task()])
    async with opened(floor) as dial, linked(dial, tmp_path) as link:
        heard: list[type] = []
        link.answered = lambda answer, _: heard.append(type(answer))
        link.perform(Scan("T1", "L1", "bin", "B-09-09"))
        link.perform(BIN)
        await until(lambda: not link.waiting)
        assert heard == [Rejected, Committed]
