from __future__ import annotations

import csv
import importlib.util
import random
import time
from collections.abc import Sequence
from itertools import pairwise, permutations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from server.sites.layout import Depot, Layout, Place, Spot, distance, from_depot, lay_out
from server.sites.model import Bin, BinKind
from server.waves.floors import walk
from server.waves.path import Floor, Unreachable
from tests.shared import SHARED

AISLE_MM, DEEP_MM = 3_000, 20_000
WAVES = SHARED.parent / "waves"

spots = st.lists(st.tuples(st.integers(0, 5), st.integers(1, 9)), min_size=1, max_size=6, unique=True)
depots = st.integers(0, 10).map(lambda half: half * AISLE_MM // 2)


def grid(places: Sequence[tuple[int, int]], depot_mm: int = 0) -> Layout:
    corners = [Spot("low", "A0", 0, 1_000), Spot("high", "A0", 0, DEEP_MM - 1_000)]
    bins = [Spot(f"{aisle}-{y}", f"A{aisle}", aisle * AISLE_MM, y * 2_000) for aisle, y in places]
    return lay_out([*corners, *bins], depots=[(depot_mm, 0)])


def length(layout: Layout, order: Sequence[str]) -> int:
    there_and_back = from_depot(layout, order[0]) + from_depot(layout, order[-1])
    return there_and_back + sum(distance(layout, a, b) for a, b in pairwise(order))


def s_shape(layout: Layout, bins: Sequence[str]) -> int:
    """Through every aisle with a stop, turning round only in a last odd one."""
    order: list[str] = []
    aisles = sorted({layout.places[bin_id].aisle for bin_id in bins})
    for number, aisle in enumerate(aisles):
        here = [bin_id for bin_id in bins if layout.places[bin_id].aisle == aisle]
        order += sorted(here, key=lambda bin_id: layout.places[bin_id].along_mm, reverse=number % 2 == 1)
    return length(layout, order)


def test_nothing_to_fetch_is_no_walk() -> None:
    assert walk(grid([(1, 1)]), []) == ((), 0)


def test_one_aisle_is_there_and_back() -> None:
    assert walk(grid([(2, 3), (2, 1)]), ["2-3", "2-1"]) == (("2-1", "2-3"), 2 * (2 * AISLE_MM + 6_000))


def test_bins_over_one_another_are_one_stop_each() -> None:
    layout = lay_out([Spot("B", "A", 0, 4_000), Spot("A", "A", 0, 4_000), Spot("Z", "A", 0, 8_000)])
    assert walk(layout, ["Z", "B", "A", "B"]) == (("A", "B", "Z"), 10_000)


def test_bins_without_positions_still_come_in_an_order() -> None:
    layout = lay_out([Spot(f"B{n}", f"A{n % 3}", 0, 0) for n in range(9)])
    order, _ = walk(layout, list(layout.places))
    assert sorted(order) == sorted(layout.places)


def test_a_bin_of_another_site_is_an_error() -> None:
    with pytest.raises(KeyError):
        walk(grid([(1, 1)]), ["elsewhere"])


@settings(max_examples=150, deadline=None)
@given(spots, depots)
def test_no_order_is_shorter(places: list[tuple[int, int]], depot_mm: int) -> None:
    layout = grid(places, depot_mm)
    bins = [bin_id for bin_id in layout.places if bin_id not in {"low", "high"}]
    order, walked = walk(layout, bins)
    assert walked == length(layout, order) == min(length(layout, each) for each in permutations(bins))


@settings(max_examples=100, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 30), st.integers(1, 9)), min_size=1, unique=True), depots)
def test_never_longer_than_s_shape(places: list[tuple[int, int]], depot_mm: int) -> None:
    layout = grid(places, depot_mm)
    order, walked = walk(layout, layout.places)
    assert sorted(order) == sorted(layout.places)
    assert walked == length(layout, order) <= s_shape(layout, list(layout.places))


def test_aisles_may_run_either_way_and_the_depot_lie_at_either_end() -> None:
    upright = [Spot(f"{x}-{y}", f"A{x}", x * AISLE_MM, y * 2_000) for x in range(4) for y in range(9)]
    turned = [Spot(spot.id, spot.aisle, spot.y_mm, spot.x_mm) for spot in upright]
    mirrored = [Spot(spot.id, spot.aisle, spot.x_mm, 16_000 - spot.y_mm) for spot in upright]
    wanted = ["0-3", "2-8", "3-1", "3-7"]
    walked = walk(lay_out(upright, [(0, -1_000)]), wanted)
    assert walk(lay_out(turned, [(-1_000, 0)]), wanted) == walked
    assert walk(lay_out(mirrored, [(0, 17_000)]), wanted) == walked


def a_bin(code: str, x_mm: int, y_mm: int, kind: BinKind = BinKind.PICK) -> Bin:
    return Bin(f"MAIN:{code}", "MAIN", code, "", code[0], x_mm, y_mm, 0, "00", kind)


def test_a_site_is_laid_out_from_its_bins() -> None:
    racks = [a_bin("A1", 0, 1_000), a_bin("A2", 200, 9_000), a_bin("B1", 3_000, 5_000, BinKind.BULK)]
    outside = [a_bin("DEPOT", 3_100, -4_000, BinKind.DEPOT), a_bin("X", 2_900, 15_000, BinKind.DOOR)]
    layout = Layout.of(racks + outside)
    assert (layout.aisles_mm, layout.length_mm, layout.depots) == ((100, 3_000), 10_000, (Depot(3_100),))
    assert layout.places["MAIN:X"] == Place(1, 10_000)
    assert walk(layout, ["MAIN:A1", "MAIN:B1"])[1] == 2 * 3_000 + 2 * 1_000 + 2 * 5_000


def test_a_long_pick_list_is_quick() -> None:
    rng = random.Random(1)
    layout = grid([(rng.randrange(60), rng.randint(1, 9)) for _ in range(400)])
    bins = rng.sample(sorted(layout.places), 200)
    seconds = []
    for _ in range(20):
        start = time.perf_counter()
        walk(layout, bins)
        seconds.append(time.perf_counter() - start)
    assert min(seconds) < 0.005


@pytest.mark.filterwarnings("ignore::ResourceWarning", "ignore::pytest.PytestUnraisableExceptionWarning")
@pytest.mark.skipif(not WAVES.is_dir(), reason="the published instances are not here")
def test_published_optima() -> None:
    spec = importlib.util.spec_from_file_location("reader", WAVES / "reader.py")
    assert spec
    assert spec.loader
    reader = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(reader)
    for row in csv.DictReader((WAVES / "sprp/reference.csv").open()):
        problem = reader.read_sprp(str(WAVES / "sprp" / row["file"]))
        spots = [
            Spot(f"{article}", f"{aisle}", int(aisle * problem["dx"]), int(y))
            for article, [(aisle, y, _)] in problem["stock"].items()
        ]
        ends = [Spot("front", "0", 0, 0), Spot("back", "0", 0, int(problem["cross"][-1]))]
        layout = lay_out([*spots, *ends], [(int(problem["depot"][0] * problem["dx"]), 0)], end_mm=0)
        order, walked = walk(layout, [spot.id for spot in spots])
        assert walked == length(layout, order) == int(row["opt_single_block"])


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.tuples(st.integers(0, 4), st.integers(1, 9)), min_size=1, max_size=6, unique=True),
    st.integers(0, 2),
    st.lists(st.integers(2, 8), max_size=2, unique=True),
    depots,
)
def test_no_order_is_shorter_with_more_cross_aisles(
    places: list[tuple[int, int]], at: int, between: list[int], depot_mm: int
) -> None:
    bins = [Spot(f"{aisle}-{y}", f"A{aisle}", aisle * AISLE_MM, y * 2_000) for aisle, y in places]
    ends = [Spot("low", "A0", 0, 1_000), Spot("high", "A0", 0, DEEP_MM - 1_000)]
    crosses = [Spot(f"X{y}", "", 0, y * 2_000 + 500) for y in between]
    layout = lay_out([*ends, *bins], [(depot_mm, [0, DEEP_MM, 2_000 * (between or [0])[0] + 500][at])], crosses=crosses)
    names = [spot.id for spot in bins]
    order, walked = walk(layout, names)
    assert walked == length(layout, order) == min(length(layout, each) for each in permutations(names))


def test_a_barrier_is_walked_round_and_what_lies_between_two_is_unreachable() -> None:
    spots = [Spot(f"{x}-{y}", f"A{x}", x * AISLE_MM, y * 1_000) for x in range(2) for y in range(1, 20)]
    free = lay_out(spots, end_mm=1_000)
    blocked = lay_out(spots, end_mm=1_000, barriers=[Spot("!", "A0", 0, 10_500)])
    assert walk(free, ["0-11"])[1] == 2 * 11_000
    assert walk(blocked, ["0-11"])[1] == 2 * (2 * AISLE_MM + 20_000 + 9_000)
    assert walk(blocked, ["0-10"])[1] == 2 * 10_000
    twice = lay_out(spots, end_mm=1_000, barriers=[Spot("!", "A0", 0, 10_500), Spot("!!", "A0", 0, 14_500)])
    with pytest.raises(Unreachable, match="aisle=0"):
        walk(twice, ["0-12", "1-1"])


def test_of_several_depots_the_best_is_chosen() -> None:
    spots = [Spot(f"{x}-{y}", f"A{x}", x * AISLE_MM, y * 1_000) for x in range(9) for y in range(1, 20)]
    layout = lay_out(spots, [(0, 0), (8 * AISLE_MM, 0)])
    assert walk(layout, ["8-3"])[1] == 2 * 3_000
    assert Floor(layout, [layout.places["8-3"]], 0).walk(np.array([0]))[1] == 2 * (3_000 + 8 * AISLE_MM)
