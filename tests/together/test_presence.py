"""The supervisor at one process sees who is connected to the other, and no longer once that process is gone."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from server.live import hub as hubs
from server.live.hub import Hub
from server.live.model import STALE_MS
from server.protocol.frames import Progress, Watch
from tests.floor import CHIEF, PICKER, a_warehouse, an_order, confirm, on_the_floor, stops
from tests.kit import World, world
from tests.live.phone import Phone
from tests.servers import new_database


@asynccontextmanager
async def hub_of(w: World) -> AsyncIterator[Hub]:
    """A hub that follows its house and the bell."""
    hub = Hub(w.bus)
    w.bus.listeners.append(hub.committed)
    w.house.bell.listeners.append(hub.wake)
    await hub.start()
    try:
        yield hub
    finally:
        await hub.stop()


async def floor_where(chief: Phone, *, online: bool, lines: int) -> None:
    """Wait for a floor on which the picker is on line, or is not, and so many lines are done."""
    async with asyncio.timeout(10):
        while True:
            frame: Progress = await chief.heard("Progress")
            done = sum(wave.lines_done for wave in frame.waves)
            if done == lines and any(p.user == PICKER.user and p.online is online for p in frame.pickers):
                return
            await asyncio.sleep(0.01)


async def test_a_picker_at_one_process_is_seen_at_the_other(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(hubs, "PRESENCE_SECONDS", 0.05)
    url = await new_database()
    async with world(tmp_path, url) as here, world(tmp_path, url) as there, hub_of(there) as far:
        await a_warehouse(here)
        task = await on_the_floor(here, "1", ("MUG", 2))
        there.now = here.now
        async with hub_of(here) as near:
            phone, chief = Phone(here, near, PICKER), Phone(there, far, CHIEF)
            await phone.hello()
            await chief.hello()
            await chief.say(Watch("floor", "MAIN"))
            [line] = await stops(here, task)
            await confirm(here, line)
            await floor_where(chief, online=True, lines=1)
        there.now += STALE_MS
        await here.do(an_order("2", ("MUG", 1)))
        await floor_where(chief, online=False, lines=1)
