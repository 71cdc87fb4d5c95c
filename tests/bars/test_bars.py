"""The bars of the main job, on real orders: a week's figures, a month's import."""

from __future__ import annotations

import json
import os
import resource
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from tests.shared import SHARED

MONTH = SHARED / "online-retail" / "online-retail-2010-12.csv.gz"
WEEK_SECONDS, IMPORT_SECONDS, IMPORT_MB = 600, 20, 400
pytestmark = pytest.mark.skipif(not MONTH.is_file(), reason="the order histories are not here")


def pickwave(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run the command line with its data in `folder`."""
    env = {**os.environ, "PICKWAVE_VAR": str(folder)}
    command = [sys.executable, "-m", "server", *arguments]
    return subprocess.run(command, capture_output=True, text=True, env=env, check=False)  # noqa: S603


def test_a_month_is_imported(tmp_path: Path) -> None:
    began = time.monotonic()
    done = pickwave(tmp_path, "import-orders", str(MONTH))
    seconds = time.monotonic() - began
    assert "1622 orders imported" in done.stdout, done.stderr
    assert seconds < IMPORT_SECONDS
    assert resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024 < IMPORT_MB


def test_a_week_on_the_floor(tmp_path: Path, soak: float) -> None:
    days = max(1, round(7 * soak))
    done = pickwave(tmp_path, "demo", "--orders", str(MONTH), "--days", str(days), "--handhelds", "20", "--json")
    assert done.returncode == 0, done.stderr
    day: dict[str, Any] = json.loads(done.stdout)
    nothing = ("lost_ops", "duplicate_ops", "negative_stock", "orders_open")
    assert {name: day[name] for name in nothing} == dict.fromkeys(nothing, 0)
    assert day["stock_sum_zero"] is True
    assert day["orders_shipped"] + day["orders_backordered"] == day["orders_importable"]
    assert day["orders_shipped_whole"] >= 0.95 * day["orders_importable"]
    assert day["mispacked_blocked"] == day["mispacked_beyond"]
    assert day["false_blocks"] <= 0.02 * day["parcels"]
    if soak >= 1:
        assert day["seconds"] <= WEEK_SECONDS
