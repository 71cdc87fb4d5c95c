"""The other benchmarks, small."""

from __future__ import annotations

from server.bench import growth, memory, reserve, supervisor
from server.bench.figures import Options


def quiet(_: str) -> None:
    """Nobody looks."""


async def test_scarce_units_are_granted_exactly() -> None:
    found = await reserve.measure(60, 7, 2, "", quiet)
    assert (found.granted, found.reserved, found.wanted, found.failed) == (7, 7, 60, 0)


async def test_a_scan_asks_for_the_same_whatever_lies_behind() -> None:
    found = await growth.measure((10, 500), "", quiet)
    assert [p.orders for p in found.points] == [10, 500]
    assert found.statements_ratio == 1
    assert found.points[0].rows_read_per_scan == found.points[1].rows_read_per_scan
    assert 0 < found.ratio < 3


async def test_a_supervisor_sees_every_scan() -> None:
    found = await supervisor.measure(Options(handhelds=6, seconds=2, rate=20), quiet)
    assert 0.8 * 40 <= found.scans <= 42
    assert 0 < found.seen_ms["p50"] <= found.seen_ms["max"] < 2_500
    assert (found.errors, found.refused) == ({}, {})


async def test_memory_is_counted_with_everybody_connected() -> None:
    found = await memory.measure(Options(handhelds=30, seconds=1, rate=30), quiet)
    assert found.idle_mb <= found.rss_mb <= found.peak_mb
    assert 20 < found.idle_mb < 500
