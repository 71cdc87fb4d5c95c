"""What /metrics says of a history, who may read it, and what counting costs a scan."""

from __future__ import annotations

import asyncio
import os
from pathlib import Path
from time import perf_counter

import httpx
import msgspec
import pytest
from litestar import Litestar
from prometheus_client.parser import text_string_to_metric_families

from server import metrics
from server.kernel.actor import SYSTEM
from server.protocol.picking import TakeTask
from server.sites.model import PutSite
from tests.web.edge import a_client, an_edge

MOST_COST_US = 20
"""Some 2 µs on an idle machine; a busy one must not fail the test."""


async def read(app: Litestar) -> dict[str, float]:
    """Scrape from this machine; gives each sample by its name and its labels but `worker`."""
    async with a_client(app, "127.0.0.1") as client:
        answer = await client.get("/metrics")
    assert answer.headers["content-type"].startswith("text/plain")
    samples = [s for family in text_string_to_metric_families(answer.text) for s in family.samples]
    assert {s.labels.pop("worker") for s in samples} == {str(os.getpid())}
    return {" ".join((s.name, *s.labels.values())): s.value for s in samples}


async def test_a_history_is_counted(tmp_path: Path) -> None:
    async with an_edge(tmp_path) as (app, _):
        before = await read(app)
        await app.state.bus.do(SYSTEM, PutSite(id="EAST", name="East", country="GB"))
        refused = await app.state.bus.perform(SYSTEM, TakeTask("none"))
        await app.state.bus.perform(SYSTEM, TakeTask("none"), op_id=refused.op_id)
        found = await read(app)
    more = {name: value - before.get(name, 0) for name, value in found.items()}
    assert more["pickwave_commands_total put_site"] == 1
    assert more["pickwave_refusals_total not_found"] == more["pickwave_commands_total take_task"] == 2
    assert more["pickwave_ack_seconds_count urgent"] == 3
    assert more["pickwave_group_size_sum"] == more["pickwave_commit_seconds_count"] == 3
    assert more["pickwave_journal_position"] == 1
    assert (found["pickwave_queue_depth urgent"], found["pickwave_queue_depth bulk"]) == (0, 0)
    assert found["process_resident_memory_bytes"] > 0


async def test_a_sequence_with_a_gap_and_a_group_that_fails_are_counted(tmp_path: Path) -> None:
    async with an_edge(tmp_path) as (app, _):
        before = await read(app)
        with pytest.raises(Exception, match="1"):
            await app.state.bus.perform(msgspec.structs.replace(SYSTEM, device="d1"), TakeTask("t"), seq=7)
        app.state.database.writer.execute("ALTER TABLE site RENAME TO sites_gone")
        failing = asyncio.create_task(app.state.bus.perform(SYSTEM, PutSite(id="N", name="N", country="GB")))
        await asyncio.wait([failing])
        app.state.database.writer.execute("ALTER TABLE sites_gone RENAME TO site")
        found = await read(app)
    assert found["pickwave_refusals_total gap"] == before.get("pickwave_refusals_total gap", 0) + 1
    assert found["pickwave_group_rollbacks_total"] > before["pickwave_group_rollbacks_total"]


@pytest.mark.parametrize(
    ("address", "headers", "status"),
    [
        ("127.0.0.1", {}, 200),
        ("::1", {}, 200),
        ("10.0.0.9", {}, 403),
        ("127.0.0.1", {"x-forwarded-for": "10.0.0.9"}, 403),
        ("10.0.0.9", {"authorization": "Bearer watcher"}, 200),
        ("10.0.0.9", {"authorization": "Bearer other"}, 403),
        ("10.0.0.9", {"authorization": "Bearer \xff"}, 403),
        ("10.0.0.9", {"authorization": "Bearer "}, 403),
    ],
)
async def test_who_may_read_them(tmp_path: Path, address: str, headers: dict[str, str], status: int) -> None:
    async with an_edge(tmp_path) as (app, _), a_client(app, address) as client:
        app.state.settings = msgspec.structs.replace(app.state.settings, metrics_token="watcher")
        sent = httpx.Headers(headers, encoding="latin-1")
        assert (await client.get("/metrics", headers=sent)).status_code == status


async def test_without_a_token_nobody_elsewhere_reads_them(tmp_path: Path) -> None:
    async with an_edge(tmp_path) as (_, client):
        for said in ("Bearer ", "Bearer", ""):
            assert (await client.get("/metrics", headers={"authorization": said})).status_code == 403


def test_counting_costs_a_scan_next_to_nothing() -> None:
    start, scans = perf_counter(), 20_000
    for _ in range(scans):
        metrics.answered("scan", "", 0.004, bulk=False)
    assert (perf_counter() - start) / scans * 1e6 < MOST_COST_US
