"""docs/bench.md and its plots, from one small run that stands for all."""

from __future__ import annotations

import sys
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from server.bench import scans
from server.bench.bars import Bar, Sense, bars
from server.bench.figures import Options
from server.bench.growth import Growth, Point
from server.bench.plots import PLOTS, require_matplotlib
from server.bench.report import write
from server.bench.suite import Found, Plan, quantiles, runs
from server.kernel.refusal import Refusal

GROWN = Growth([Point(1_000, 200, 250, 0.5, 7, 2), Point(1_000_000, 220, 260, 0.5, 7, 2)], 1.1, 1.0, "sqlite")


async def found(tmp_path: Path) -> Found:
    figures, heard = await scans.measure(Options(5, 0.5, warm_up=0.5), lambda _: None)
    plan = Plan(tmp_path / "orders.csv", "postgresql://me:secret@db/x", by_handhelds=(1, 5), sizes=(1_000, 1_000_000))
    made = Found(plan, "18.1", dict(runs(plan)), growth=GROWN)
    for name in runs(plan):
        made.scans[name], made.spread[name] = figures, quantiles(heard.late_ms)
    return made


async def test_the_page_names_the_command_of_each_figure_and_no_secret(tmp_path: Path) -> None:
    made = await found(tmp_path)
    page = write(made, tmp_path / "docs").read_text()
    assert "secret" not in page
    for each in bars(made):
        assert f"`{each.command}`" in page
        assert each.what in page
    for name in PLOTS:
        assert f"bench/{name}.svg" in page
        assert ET.parse(tmp_path / "docs" / "bench" / f"{name}.svg").getroot().tag.endswith("svg")  # noqa: S314 - our own


@pytest.mark.parametrize(
    ("sense", "value", "verdict"),
    [
        ("at most", 20, "bar met"),
        ("at most", 5, "aim met"),
        ("at most", 26, "**missed**"),
        ("at least", 30, "bar met"),
        ("exactly", 24, "**missed**"),
    ],
)
def test_a_bar_is_judged(sense: Sense, value: float, verdict: str) -> None:
    aim = 40 if sense == "at least" else 10
    assert Bar("what", 25, aim, value, "", "pickwave bench", sense).verdict == verdict


def test_quantiles_go_from_the_least_to_the_most() -> None:
    assert quantiles([]) == []
    found = quantiles([3.0, 1.0, 2.0])
    assert (found[0], found[100], found[-1]) == (1.0, 2.0, 3.0)


def test_without_matplotlib_it_is_refused_before_anything_is_measured(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "matplotlib", None)
    with pytest.raises(Refusal, match="failed"):
        require_matplotlib()
