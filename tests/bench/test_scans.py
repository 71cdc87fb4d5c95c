"""`pickwave bench scans`, small: its figures agree with one another and with the database."""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path
from typing import Any

import msgspec
import pytest

from server.bench.importing import write_orders


async def bench(*words: str) -> dict[str, Any]:
    command = (sys.executable, "-m", "server", "bench", *words, "--json")
    pipe = asyncio.subprocess.PIPE
    process = await asyncio.create_subprocess_exec(*command, stdout=pipe, stderr=pipe)
    out, err = await process.communicate()
    assert process.returncode == 0, err.decode()
    found: dict[str, Any] = msgspec.json.decode(out)
    return found


async def test_every_acknowledged_scan_is_a_row_of_the_server() -> None:
    found = await bench("scans", "--handhelds", "5", "--seconds", "1")
    assert found["answered"] == found["scan_rows"] >= found["acked_per_s"] * found["seconds"] > 0
    assert (found["refused"], found["errors"], found["ran_out"]) == ({}, {}, 0)
    assert 0 < found["ack_ms"]["p50"] <= found["ack_ms"]["p99"] <= found["ack_ms"]["max"]
    assert found["ratio"] == pytest.approx(found["acked_per_s"] / found["raw_group_per_s"], abs=0.001)
    assert min(found["fdatasync_per_s"], found["server_cpu_cores"], found["rss_mb"]) > 0


async def test_an_open_loop_keeps_its_schedule_while_orders_are_imported(tmp_path: Path) -> None:
    orders = write_orders(tmp_path / "orders.csv", 500)
    found = await bench("scans", "--handhelds", "20", "--rate", "50", "--importing", str(orders))
    assert found["acked_per_s"] == pytest.approx(50, rel=0.1)
    assert (found["imported_lines"], found["importing"]) == (500, "orders.csv")
    assert found["seconds"] == pytest.approx(found["importing_s"], abs=0.7)
    assert found["answered"] == found["scan_rows"]
