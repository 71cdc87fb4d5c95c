"""One walk as a file: the text files of the literature on routing pickers, with one bin for an article or several.

Format and instances: Hessler & Irnich, github.com/katrinhessler/SPRP-SS. Their cell 0 is at the top of an aisle; a
warehouse of two blocks is the same file with one more cross-aisle in the middle.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path

import msgspec

from server.kernel.refusal import Refusal
from server.sites.layout import Depot, Layout, Place
from server.waves.path import Floor
from server.waves.plan import Effort
from server.waves.scatter import choose_bins
from server.waves.solved import UNITS, Solved

HEADER = ("NUM_AISLES", "NUM_CELLS", "DEPOT_AISLE", "DEPOT_LOCATION", "DISTANCE_AISLE_TO_AISLE")


class Walk(msgspec.Struct, frozen=True):
    """A layout, and per article how many units are wanted and where how many lie."""

    layout: Layout
    wanted: dict[int, int]
    lying: dict[int, list[tuple[Place, int]]]


def read_walk(path: Path, *, two_block: bool = False) -> Walk:
    """Read a file; Refusal `bad_file` with the reason."""
    try:
        return _read(path.read_text(encoding="latin1"), two_block=two_block)
    except (KeyError, ValueError, IndexError) as error:
        raise Refusal("bad_file", file=path.name, reason=f"{type(error).__name__}: {error}") from None


def solve_walk(problem: Walk, effort: Effort) -> Solved:
    """Choose bins and walk by them."""
    began = time.perf_counter()
    articles = sorted(problem.wanted)
    floor = Floor(problem.layout, (place for article in articles for place, _ in problem.lying[article]))
    if all(len(problem.lying[article]) == 1 for article in articles):
        places = {place for article in articles for place, _ in problem.lying[article]}
    else:
        places = set(_chosen(problem, floor, articles, effort))
    order, length = floor.walk(floor.stops(places))
    sequence = [[floor.points[n].aisle, floor.points[n].along_mm / UNITS] for n in order]
    return Solved([{"orders": [], "sequence": sequence}], length / UNITS, time.perf_counter() - began)


def _chosen(problem: Walk, floor: Floor, articles: list[int], effort: Effort) -> Iterator[Place]:
    bins = [[(floor.number[place], units) for place, units in problem.lying[article]] for article in articles]
    wanted = [problem.wanted[article] for article in articles]
    ground = floor.ground._replace(alike=0)
    for article, taken in zip(articles, choose_bins(ground, bins, wanted, effort.seconds, effort.seed), strict=True):
        yield from (problem.lying[article][n][0] for n in taken)


def _read(text: str, *, two_block: bool) -> Walk:
    head: dict[str, str] = {}
    wanted: dict[int, int] = {}
    cells: list[tuple[int, int, int, int]] = []
    section = ""
    for line in text.splitlines():
        words = line.split()
        if len(words) == 1 and words[0].endswith("_SECTION"):
            section = words[0]
        elif not section and ":" in line:
            name, _, value = line.partition(":")
            head[name.strip()] = value.strip()
        elif section == "SKU_SECTION" and words[:1] == ["ID"]:
            cells.append((int(words[1]), int(words[3]), int(words[5]), int(words[7])))
        elif section == "ORDER_SECTION" and words[:1] == ["ID"]:
            wanted[int(words[1])] = int(words[3])
    return _laid_out(head, wanted, cells, two_block=two_block)


def _laid_out(
    head: dict[str, str], wanted: dict[int, int], cells: list[tuple[int, int, int, int]], *, two_block: bool
) -> Walk:
    aisles, count, depot_aisle, depot_end, apart = (head[name] for name in HEADER)
    height = int(count)
    crosses = [0, height // 2 + 1, height + 2] if two_block else [0, height + 1]
    xs = tuple(round(float(apart) * UNITS) * aisle for aisle in range(int(aisles)))
    lying: dict[int, list[tuple[Place, int]]] = {article: [] for article in wanted}
    for article, aisle, cell, units in cells:
        place = height - 1 - cell if depot_end == "bottom" else cell
        along = 1 + place + (1 if two_block and place >= height // 2 else 0)
        lying.setdefault(article, []).append((Place(aisle, along * UNITS), units))
    for article, units in wanted.items():
        if sum(there for _, there in lying[article]) < units:
            raise ValueError(f"there are fewer than {units} units of article {article}")
    depot = Depot(xs[int(depot_aisle)])
    return Walk(Layout(xs, tuple(y * UNITS for y in crosses), (depot,), {}), wanted, lying)
