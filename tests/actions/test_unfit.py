"""Goods that may not be sent, because their lot has expired or their bin is blocked, are promised to nobody."""

from __future__ import annotations

from typing import Any

import pytest

from server.catalog.model import PutProduct, Tracking
from server.jobs.model import CHORES, Tend
from server.kernel.clock import DAY
from server.picking.store import PICKS
from server.protocol import picking as pick
from server.protocol import waves as wave
from server.sites.model import Policy, PutBin
from server.stock.reads import available
from server.tasks.store import TASKS
from server.waves.store import WAVES
from tests.floor import (
    CHIEF,
    PICKER,
    a_released_wave,
    a_site,
    at_bin,
    line_states,
    on_the_floor,
    ordered,
    planned,
    pool,
    received,
    stops,
)
from tests.kit import START, World

OLD: dict[str, Any] = {"lot": "OLD", "expiry": START + DAY}
FRESH: dict[str, Any] = {"lot": "FRESH", "expiry": START + 30 * DAY}


@pytest.fixture
async def dairy(w: World) -> World:
    """A house that sells milk."""
    await w.do(PutProduct(sku="MILK", name="Milk", tracking=Tracking.EXPIRY))
    return w


async def some_days_later(w: World) -> None:
    """Time goes by, and the runner looks after what nobody asks for."""
    w.now += 3 * DAY
    await w.do(Tend(CHORES))
    await w.settle()


async def block(w: World, code: str, *, blocked: bool = True) -> None:
    """A bin is blocked, or free again."""
    await w.do(PutBin(site="MAIN", code=code, blocked=blocked))


async def test_an_expired_lot_is_promised_to_nobody(dairy: World) -> None:
    await received(dairy, "A-01-01", "MILK", 5, **OLD)
    dairy.now += 2 * DAY
    await ordered(dairy, "1", ("MILK", 2))
    assert await line_states(dairy, "csv:1") == [("MILK", 2, "back_ordered")]
    await received(dairy, "A-01-01", "MILK", 1, **FRESH)
    await dairy.settle()
    assert await line_states(dairy, "csv:1") == [("MILK", 1, "allocated"), ("MILK", 1, "back_ordered")]


async def test_a_site_that_does_not_care_promises_it(dairy: World) -> None:
    await a_site(dairy, "MAIN", Policy(lot_policy="ignore"))
    await received(dairy, "A-01-01", "MILK", 5, **OLD)
    dairy.now += 2 * DAY
    await ordered(dairy, "1", ("MILK", 2))
    assert await line_states(dairy, "csv:1") == [("MILK", 2, "allocated")]


async def test_what_expires_once_promised_gives_its_buyers_back(dairy: World) -> None:
    """Two are promised, one of them fresh: the later buyer waits for goods that can be sent."""
    await received(dairy, "A-01-01", "MILK", 1, **OLD)
    await received(dairy, "A-02-01", "MILK", 1, **FRESH)
    await ordered(dairy, "1", ("MILK", 1))
    await ordered(dairy, "2", ("MILK", 1))
    await some_days_later(dairy)
    assert await line_states(dairy, "csv:1") == [("MILK", 1, "allocated")]
    assert await line_states(dairy, "csv:2") == [("MILK", 1, "back_ordered")]
    assert await pool(dairy, "MILK") == (2, 1)
    [task] = await a_released_wave(dairy)
    assert [line.lot for line in await stops(dairy, task)] == ["FRESH"]
    await received(dairy, "A-02-01", "MILK", 1, **FRESH)
    await dairy.settle()
    assert await line_states(dairy, "csv:2") == [("MILK", 1, "allocated")]


async def test_channels_are_not_told_of_what_may_not_be_sent(dairy: World) -> None:
    await received(dairy, "A-01-01", "MILK", 5, **OLD)
    await received(dairy, "A-02-01", "MILK", 3, **FRESH)
    await ordered(dairy, "1", ("MILK", 1), ("LAMP", 2))
    assert await available(dairy.database, dairy.now) == {"MUG": 20, "LAMP": 3, "MILK": 7}
    await block(dairy, "B-01-01")
    dairy.now += 2 * DAY
    assert await available(dairy.database, dairy.now) == {"MUG": 20, "LAMP": -2, "MILK": 2}


async def test_a_blocked_bin_is_promised_to_nobody(w: World) -> None:
    await block(w, "B-01-01")
    await ordered(w, "1", ("LAMP", 1))
    assert await line_states(w, "csv:1") == [("LAMP", 1, "back_ordered")]


async def test_a_bin_that_is_blocked_gives_its_buyers_back(w: World) -> None:
    await ordered(w, "1", ("LAMP", 1))
    await block(w, "B-01-01")
    await some_days_later(w)
    assert await line_states(w, "csv:1") == [("LAMP", 1, "back_ordered")]
    await block(w, "B-01-01", blocked=False)
    await some_days_later(w)
    assert await line_states(w, "csv:1") == [("LAMP", 1, "allocated")]


async def test_a_short_does_not_take_what_others_are_promised(dairy: World) -> None:
    """Five have expired, two fresh ones are another buyer's: the book has enough, the shelf has not."""
    await received(dairy, "A-01-01", "MILK", 2, **FRESH)
    task = await on_the_floor(dairy, "1", ("MILK", 2))
    await received(dairy, "A-02-01", "MILK", 2, **FRESH)
    await ordered(dairy, "2", ("MILK", 2))
    await received(dairy, "B-01-01", "MILK", 5, lot="GONE", expiry=START)
    [line] = await stops(dairy, task)
    await at_bin(dairy, line)
    await dairy.do(pick.Short(task, line.id, "none_on_shelf"), PICKER)
    await dairy.settle()
    assert await stops(dairy, task) == []
    assert await line_states(dairy, "csv:2") == [("MILK", 2, "allocated")]


async def test_a_lot_that_expires_between_plan_and_release_is_not_walked_to(dairy: World) -> None:
    await received(dairy, "A-01-01", "MILK", 1, **OLD)
    await received(dairy, "A-02-01", "MILK", 1, **FRESH)
    await ordered(dairy, "1", ("MILK", 1))
    made = await planned(dairy)
    dairy.now += 2 * DAY
    await dairy.do(wave.ReleaseWave(made), CHIEF)
    await dairy.settle()
    assert [line.lot for line in await dairy.all(PICKS)] == ["FRESH"]


async def test_a_wave_cancelled_while_it_is_planned_is_no_failure(w: World) -> None:
    await ordered(w, "1", ("LAMP", 1))
    made: Any = await w.do(wave.PlanWave("MAIN"), CHIEF)
    await w.do(wave.CancelWave(made["wave"]), CHIEF)
    await w.settle()
    assert (await w.one(WAVES)).state == "cancelled"
    assert await w.all(TASKS) == []
    assert await w.database.read("SELECT last_error FROM job WHERE state = 'failed'") == []
    [task] = await a_released_wave(w)
    assert len(await stops(w, task)) == 1
