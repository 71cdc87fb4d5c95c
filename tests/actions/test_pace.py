"""How fast a floor has been, by the minute, and where its phones lose the server: on either database."""

from __future__ import annotations

from server.analytics.reads import MINUTES, pace
from server.kernel.clock import MINUTE, SECOND
from server.protocol.picking import Scan
from tests.floor import PICKER, a_warehouse, on_the_floor, stops
from tests.kit import World

WRONG_BY = 10 * SECOND
"""The phone's clock is behind; only what takes longer than its quickest scan is late."""


async def test_an_hour_by_the_minute_and_the_bins_out_of_reach(w: World) -> None:
    await a_warehouse(w)
    task = await on_the_floor(w, "1", ("LAMP", 3))
    [line] = await stops(w, task)
    hour = (w.now // (60 * MINUTE) + 2) * 60 * MINUTE

    async def scans(at: int, code: str, took: int = 0) -> None:
        w.now = at
        await w.bus.perform(PICKER, Scan(task, line.id, "bin", code), device_at=at - took - WRONG_BY)

    await scans(hour - 90 * MINUTE, "A-01-01")
    await scans(hour - 2 * MINUTE, "A-01-01")
    await scans(hour - 2 * MINUTE + SECOND, "A-02-01")
    await scans(hour, "B-01-01", took=60 * SECOND)
    found = await pace(w.database, "MAIN", w.now)
    assert len(found.scans) == MINUTES
    assert (found.scans[-3:], sum(found.scans)) == ((2, 0, 1), 3)
    assert (found.refusals[-3:], sum(found.refusals)) == ((2, 0, 0), 2)
    assert [(person.user, person.scans[-3:]) for person in found.people] == [("ann", (2, 0, 1))]
    assert [(drop.bin, drop.scans) for drop in found.drops] == [(line.bin, 1)]
