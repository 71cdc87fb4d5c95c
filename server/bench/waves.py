"""The planner on a folder of problems: length, time, and the gap to the best known solutions."""

from __future__ import annotations

import csv
from collections.abc import Callable
from functools import partial
from pathlib import Path
from statistics import mean

import msgspec
from rich.table import Table

from server.cli.instances import solved
from server.waves.solved import UNITS

DOTS = 60
"""Points of a drawn line."""
BEST = ("ref_free", "opt_single_block", "best_single_block")
BEST_OF_TWO_BLOCKS = ("ref_free", "opt_two_block", "best_two_block")


class Found(msgspec.Struct):
    """One file. `best` is the best known length (0 = not known), `gap` the per cent above it, `way` how it fell."""

    file: str
    length: float
    best: float
    gap: float
    seconds: float
    way: list[tuple[float, float]] = []
    """Share of the time spent, and the gap then."""


def measure(folder: Path, seconds: float | None, tell: Callable[[str], None], *, two_block: bool) -> list[Found]:
    """Solve every problem of a folder."""
    known = _known(folder, BEST_OF_TWO_BLOCKS if two_block else BEST)
    files = sorted(
        f for f in folder.iterdir() if f.suffix in {".json", ".txt"} and f.stem not in {"reference", "README"}
    )
    found: list[Found] = []
    for number, file in enumerate(files, 1):
        tell(f"{number} of {len(files)}: {file.name}")
        best = known.get(file.stem, 0.0)
        way: list[tuple[float, float]] = []
        answer = solved(file, seconds, 0, two_block=two_block, tick=partial(_note, way, best))
        found.append(Found(file.name, answer.length, best, _gap(answer.length, best), answer.seconds, way))
    return found


def _note(way: list[tuple[float, float]], best: float, share: float, length: int) -> None:
    if not way or share - way[-1][0] >= 1 / DOTS:
        way.append((share, _gap(length / UNITS, best)))


def _gap(length: float, best: float) -> float:
    return 100 * (length / best - 1) if best else 0.0


def draw(found: list[Found], into: Path) -> None:
    """Draw how the gaps fall over time."""
    from matplotlib import pyplot as plt  # noqa: PLC0415 - the extra `bench`

    figure, axes = plt.subplots(figsize=(8, 4), layout="constrained")
    for one in (each for each in found if each.way and each.best):
        axes.plot([share * one.seconds for share, _ in one.way], [gap for _, gap in one.way], label=Path(one.file).stem)
    axes.set(xlabel="seconds", ylabel="% above the best known", xscale="log")
    axes.grid(alpha=0.3)
    axes.legend(fontsize="small")
    figure.savefig(into)
    plt.close(figure)


def table(found: list[Found]) -> Table:
    """Draw what was found, and the means of what is known."""
    shown = Table("file", *(f"{name}" for name in ("length", "best known", "gap %", "seconds")), title="Waves")
    for one in found:
        shown.add_row(one.file, f"{one.length:g}", f"{one.best:g}", f"{one.gap:.2f}", f"{one.seconds:.4f}")
    if known := [one for one in found if one.best]:
        worst = max(known, key=lambda one: one.gap)
        shown.add_section()
        shown.add_row("mean", "", "", f"{mean(one.gap for one in known):.2f}", f"{mean(o.seconds for o in known):.4f}")
        shown.add_row(f"worst: {worst.file}", "", "", f"{worst.gap:.2f}", f"{max(o.seconds for o in known):.4f}")
    return shown


def _known(folder: Path, names: tuple[str, ...]) -> dict[str, float]:
    """Read the best known lengths, by file without its ending."""
    rows: list[dict[str, object]] = []
    if (file := folder / "reference.csv").exists():
        with file.open(newline="", encoding="utf-8") as lines:
            rows = [dict(row) for row in csv.DictReader(lines)]
    elif (file := folder / "reference.json").exists():
        rows = msgspec.json.decode(file.read_bytes())
    return {
        Path(str(row.get("file") or row["name"])).stem: float(str(row[name]))
        for row in rows
        for name in names
        if name in row
    }
