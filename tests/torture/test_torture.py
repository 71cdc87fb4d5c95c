"""The server survives: a short run in every suite, seeds of past failures and the long run in soaks."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from server.torture.command import torture
from server.torture.options import Options
from server.torture.report import Report
from server.torture.run import run
from tests.servers import postgres

SEEDS = [
    tuple(int(word) for word in line.split()[:3])
    for line in (Path(__file__).parent / "seeds.txt").read_text().splitlines()
    if not line.startswith("#")
]


async def tortured(options: Options) -> Report:
    """Run, and show the evidence where it fails."""
    report = await run(options, lambda *_: None)
    assert report.ok, "\n".join(report.evidence)
    assert report.kills == options.kills
    assert report.acked == report.ops > 0
    return report


def test_a_short_torture_on_the_command_line_says_that_nothing_was_lost() -> None:
    done = CliRunner().invoke(torture, ["--kills", "3", "--handhelds", "4", "--seed", "7", "--json"])
    assert done.exit_code == 0, done.output
    report = json.loads(done.stdout)
    assert (report["kills"], report["disk_fills"], report["seed"]) == (3, 1, 7)
    assert (report["acked_missing"], report["applied_twice"], report["replay_differs"], report["unanswered"]) == (
        0,
    ) * 4
    assert report["acked"] == report["ops"] > 0
    assert report["recovery_ms"]["p50"] > 0


@pytest.mark.soak
@pytest.mark.parametrize(("seed", "handhelds", "kills"), SEEDS)
async def test_what_failed_once_does_not_fail_again(seed: int, handhelds: int, kills: int) -> None:
    await tortured(Options(seed=seed, handhelds=handhelds, kills=kills, minutes=0))


@pytest.mark.soak
async def test_kill_after_kill_nothing_is_lost(soak: float) -> None:
    report = await tortured(Options(kills=round(150 * soak), minutes=0))
    assert report.told_disk_full


@pytest.mark.soak
async def test_postgresql_is_killed_too(soak: float) -> None:
    report = await tortured(Options(kills=round(50 * soak), minutes=0, database=postgres()))
    assert report.database_restarts
