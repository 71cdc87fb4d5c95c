"""The plots of docs/bench.md, as SVG by matplotlib (extra `bench`)."""

from __future__ import annotations

import importlib
from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

from server.bench.suite import Found
from server.kernel.refusal import Refusal

SHOWN = ("closed loop", "PostgreSQL", "open loop", "while importing")
SIZE = (7.0, 4.0)
PLAIN = {"svg.hashsalt": "pickwave", "svg.fonttype": "none", "axes.grid": True, "axes.spines.top": False}
"""The same figures give the same file; words stay words."""


def require_matplotlib() -> None:
    """Refuse at the start what could not be drawn at the end."""
    with suppress(ImportError):
        importlib.import_module("matplotlib")
        return
    raise Refusal("failed", command="bench", reason="the plots need matplotlib: pip install 'pickwave[bench]'")


def _drawn(path: Path, x: str, y: str, draw: Callable[[Any], None]) -> None:
    """Draw into axes with a logarithmic x and keep the picture."""
    matplotlib = importlib.import_module("matplotlib")
    figures = importlib.import_module("matplotlib.figure")
    with matplotlib.rc_context(PLAIN | {"axes.spines.right": False}):
        figure = figures.Figure(figsize=SIZE, layout="constrained")
        axes = figure.add_subplot(xlabel=x, ylabel=y)
        draw(axes)
        axes.set_xscale("log")
        axes.xaxis.set_major_formatter("{x:,g}")
        axes.xaxis.set_minor_formatter(lambda *_: "")
        if len(axes.get_legend_handles_labels()[1]) > 1:
            axes.legend(frameon=False)
        figure.savefig(path, metadata={"Date": None})


def latency(found: Found, path: Path) -> None:
    """Draw which share of the scans was acknowledged within which time."""

    def draw(axes: Any) -> None:
        for name in SHOWN:
            if values := found.spread.get(name):
                axes.plot(values, [step / (len(values) - 1) for step in range(len(values))], label=name)

    _drawn(path, "ms to the acknowledgement", "share of the scans", draw)


def throughput(found: Found, path: Path) -> None:
    """Draw acknowledged scans a second by handhelds, with the raw group commit of each run."""
    named = {count: found.scans[f"{count} handhelds"] for count in found.plan.by_handhelds}

    def draw(axes: Any) -> None:
        axes.plot(list(named), [each.acked_per_s for each in named.values()], "o-", label="acknowledged")
        axes.plot(list(named), [each.raw_group_per_s for each in named.values()], "o--", label="raw group commit")
        axes.set_ylim(bottom=0)

    _drawn(path, "handhelds", "scans a second (SQLite)", draw)


def growth(found: Found, path: Path) -> None:
    """Draw what a scan costs by past orders."""
    points = found.growth.points if found.growth else []

    def draw(axes: Any) -> None:
        axes.plot([p.orders for p in points], [p.cpu_us for p in points], "o-", label="processor")
        axes.plot([p.orders for p in points], [p.wall_us for p in points], "o--", label="clock")
        axes.set_ylim(bottom=0)

    _drawn(path, "past orders", "µs a scan", draw)


PLOTS: Mapping[str, Callable[[Found, Path], None]] = {"latency": latency, "throughput": throughput, "growth": growth}
