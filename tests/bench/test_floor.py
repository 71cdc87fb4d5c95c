"""The floor that is laid for a benchmark is one that release and picking could have left."""

from __future__ import annotations

from pathlib import Path

import pytest

from server.bench.floor import STEPS, lay_floor
from server.bench.goods import lay_goods, sign_in
from server.bench.recording import GROUP, Recorder, cost_of, groups_of, perform, recording
from server.picking.model import PickState
from server.picking.store import PICKS, SCANS
from tests.kit import World, world
from tests.sound import assert_sound


async def scanned(w: World, handhelds: int, scans: int) -> Recorder:
    """Lay a floor and make all whole groups of its scans."""
    await lay_goods(w.house)
    laid = await lay_floor(w.database, await sign_in(w.house, handhelds), scans, w.now)
    await assert_sound(w)
    async with recording(w.house) as (bus, recorder):
        for group in groups_of(laid):
            await perform(bus, group)
    return recorder


async def test_a_laid_floor_is_sound_before_and_after_it_is_picked(tmp_path: Path) -> None:
    async with world(tmp_path) as w:
        await scanned(w, handhelds=64, scans=12)
        await assert_sound(w)
        assert len(await w.all(SCANS, "refusal = ''")) == 64 * 12
        assert {p.state for p in await w.all(PICKS)} == {PickState.PICKED}


async def test_the_published_cost_of_a_scan_is_what_the_database_got(tmp_path: Path) -> None:
    async with world(tmp_path) as w:
        recorder = await scanned(w, handhelds=GROUP, scans=STEPS)
        cost = cost_of(recorder.groups)
        assert cost.scans == len(await w.all(SCANS)) == STEPS * GROUP
        assert len(recorder.groups) == STEPS
        rows = cost.rows_written_per_scan
        assert rows["scan"] == rows["oplog"] == 1
        assert rows["stock_move"] == pytest.approx(1 / STEPS, abs=0.01)
        assert rows["stock_balance"] == pytest.approx(2 / STEPS, abs=0.01)
        assert cost.statements_per_group == pytest.approx(cost.statements_per_scan * GROUP, rel=0.01)
