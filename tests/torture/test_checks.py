"""Each check finds what it is there to find: a house in which one thing was broken by hand."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from server.db.oplog import Outcome
from server.kernel.actor import Actor
from server.protocol import picking as pick
from server.protocol.base import Command
from server.protocol.frames import Committed, Op, Rejected
from server.torture.checks import check
from server.torture.tally import Tally, ack_of
from tests.floor import PICKER, a_warehouse, on_the_floor, stops
from tests.kit import World, world

BROKEN = {
    "acked_missing": "DELETE FROM oplog WHERE seq = 2",
    "replay_differs": "UPDATE oplog SET code = 'wrong_bin' WHERE seq = 2",
    "applied_twice": "INSERT INTO scan SELECT 'again', at, device_at, site, user, device, task, line, step, barcode, "
    "symbology, expected, quantity, refusal FROM scan WHERE device_at = 2",
    "sequence_gaps": "UPDATE device_sequence SET seq = 9",
    "skus_not_zero": "UPDATE stock_balance SET quantity = quantity + 1 WHERE place LIKE 'bin:%'",
    "balances_differ": "UPDATE stock_pool SET on_hand = on_hand + 1",
    "negative_stock": "UPDATE stock_balance SET quantity = -1 WHERE place LIKE 'tote:%'",
    "journal_gaps": "DELETE FROM journal WHERE position = 3",
}
pytestmark = pytest.mark.sqlite


async def op(w: World, tally: Tally, seq: int, command: Command, actor: Actor = PICKER) -> None:
    """Do an operation as a device does, and keep its answer; the device's clock shows `seq`."""
    asked = Op(f"{seq:026}", seq, seq, actor.user, command)  # type: ignore[arg-type]
    found: Outcome = await w.bus.perform(actor, command, op_id=asked.op_id, seq=seq, device_at=seq)
    frame = Rejected(asked.op_id, seq, found.code, {}) if found.code else Committed(asked.op_id, seq, found.position)
    tally.answered(asked.op_id, ack_of(actor.device, asked, frame))


@pytest.fixture
async def picked(tmp_path: Path) -> AsyncIterator[tuple[World, Tally]]:
    """A line picked by a device: bin, SKU, tote."""
    async with world(tmp_path) as w:
        tally = Tally()
        await a_warehouse(w)
        task = await on_the_floor(w, "1001", ("MUG", 2), take=False)
        await op(w, tally, 1, pick.TakeTask(task))
        [line] = await stops(w, task)
        await op(w, tally, 2, pick.Scan(task, line.id, "bin", line.bin.partition(":")[2]))
        await op(w, tally, 3, pick.Scan(task, line.id, "sku", "MUG", quantity=2))
        await op(w, tally, 4, pick.Scan(task, line.id, "tote", "T1"))
        yield w, tally


async def test_a_sound_house_has_nothing_wrong(picked: tuple[World, Tally]) -> None:
    w, tally = picked
    await check(w.database, tally)
    assert not tally.wrong, tally.evidence


@pytest.mark.parametrize("name", BROKEN)
async def test_what_is_broken_is_found(picked: tuple[World, Tally], name: str) -> None:
    w, tally = picked
    await w.database.begin()
    for [trigger] in await w.database.fetch("SELECT name FROM sqlite_master WHERE type = 'trigger'"):
        await w.database.fetch(f"DROP TRIGGER {trigger}")
    await w.database.fetch(BROKEN[name])
    await w.database.commit()
    await check(w.database, tally)
    assert tally.wrong[name], tally.evidence


def test_another_answer_to_the_same_operation_is_found() -> None:
    tally, asked = Tally(), Op("0" * 26, 1, 1, "ann", pick.TakeTask("t"))
    for position in (5, 5, 6):
        tally.answered(asked.op_id, ack_of("phone", asked, Committed(asked.op_id, 1, position)))
    assert tally.wrong == {"replay_differs": 1}
