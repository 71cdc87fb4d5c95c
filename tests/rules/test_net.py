"""Walks over a net of ways, some of them one way only, and walks that end elsewhere than they began."""

from __future__ import annotations

import random
from itertools import pairwise, permutations
from math import dist
from statistics import mean

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from server.sites.layout import Layout, Place, Spot, in_order, lay_out
from server.sites.model import Bin, BinKind, Way
from server.sites.net import NO_WAY, Net, roads
from server.waves.batching import plan
from server.waves.floors import walk
from server.waves.onward import onward
from server.waves.path import Unreachable
from server.waves.plan import Effort, Lying, PlanLine, Trolley

AISLE_MM, DEEP_MM = 3_000, 20_000

Ring = list[tuple[int, int, int, bool]]

rings = st.lists(
    st.tuples(st.integers(0, 8), st.integers(0, 8), st.integers(1, 40), st.booleans()), min_size=4, max_size=14
)


def place(code: str, kind: BinKind = BinKind.PICK, aisle: str = "", way: Way | None = None, **facts: bool) -> Bin:
    return Bin(f"S:{code}", "S", code, "", aisle, 0, 0, 0, "11", kind, way=way, **facts)


def way(start: str, end: str, metres: int, *, one_way: bool = False, blocked: bool = False) -> Bin:
    told = Way(start, end, metres * 1_000, one_way)
    return place(f"{start}>{end}", BinKind.WAY, way=told, blocked=blocked)


def ring(ways: Ring) -> Layout:
    """Nine nodes in a one-way ring, the depot at the first, a bin hanging on each, and further ways across."""
    nodes = [place(f"N{n}", BinKind.NODE) for n in range(9)]
    round_it = [way(f"N{n}", f"N{(n + 1) % 9}", 10, one_way=True) for n in range(9)]
    across = [way(f"N{a}", f"N{b}", metres, one_way=only) for a, b, metres, only in ways if a != b]
    bins = [place(f"B{n}", aisle=f"N{n}") for n in range(9)]
    return Layout.of([place("D", BinKind.DEPOT, "N0"), *nodes, *round_it, *across, *bins])


def length(layout: Layout, order: tuple[str, ...]) -> int:
    assert layout.net
    known = roads(layout.net)
    ends = ((depot, drop) for depot in layout.net.depots for drop in layout.net.drops or (depot,))
    nodes = [layout.places[bin_id].aisle for bin_id in order]
    return min(sum(known.length(a, b) for a, b in pairwise([start, *nodes, end])) for start, end in ends)


@settings(max_examples=60, deadline=None)
@given(rings, st.sets(st.integers(0, 8), min_size=1, max_size=6))
def test_no_order_is_shorter_in_a_net(ways: Ring, stops: set[int]) -> None:
    layout = ring(ways)
    bins = [f"S:B{n}" for n in stops]
    order, walked = walk(layout, bins)
    assert sorted(order) == sorted(bins)
    assert walked == length(layout, order) == min(length(layout, each) for each in permutations(bins))


def test_a_one_way_ring_is_walked_its_way_and_a_blocked_way_not_at_all() -> None:
    order = ("S:B2", "S:B5", "S:B7")
    assert walk(ring([]), order[::-1]) == (order, 90_000)
    assert onward(ring([]), "S:B5", order) == ["S:B5", "S:B7", "S:B2"]
    shortcut = [place("D", BinKind.DEPOT), place("A"), place("B"), way("D", "A", 5), way("A", "B", 5)]
    assert walk(Layout.of([*shortcut, way("B", "D", 1)]), ["S:A", "S:B"])[1] == 11_000
    assert walk(Layout.of([*shortcut, way("B", "D", 1, blocked=True)]), ["S:A", "S:B"])[1] == 20_000


def test_bins_hang_on_the_node_of_their_aisle_else_on_the_nearest() -> None:
    nodes = [Bin(f"S:N{n}", "S", f"N{n}", "", "", 1_000 * n, 0, 0, "11", BinKind.NODE) for n in range(3)]
    near = Bin("S:X", "S", "X", "", "elsewhere", 1_900, 50, 3, "11", BinKind.PICK)
    layout = Layout.of([*nodes, place("Y", aisle="N1"), near, way("N0", "N1", 0), way("N1", "N2", 0)])
    assert [layout.places[f"S:{code}"].aisle for code in ("N0", "Y", "X")] == [0, 1, 2]
    assert walk(layout, ["S:X"])[1] == 4_000, "a way without metres is straight"


def test_where_one_cannot_come_back_from_is_unreachable_and_the_rest_is_planned() -> None:
    trap = [place("IN", aisle="T"), place("T", BinKind.NODE), way("N3", "T", 1, one_way=True)]
    alone = [place("OUT", aisle="U"), place("U", BinKind.NODE), place("V", BinKind.NODE), way("U", "V", 1)]
    nodes = [place(f"N{n}", BinKind.NODE) for n in range(4)]
    line = [way(f"N{n}", f"N{n + 1}", 10) for n in range(3)]
    layout = Layout.of([place("D", BinKind.DEPOT, "N0"), *nodes, *line, place("OK", aisle="N2"), *trap, *alone])
    with pytest.raises(Unreachable):
        walk(layout, ["S:OK", "S:IN"])
    lines = [PlanLine("1", f"L-{code}", f"S:{code}", code, 1) for code in ("OK", "IN", "OUT", "GONE")]
    found = plan(lines, Trolley(4), layout, effort=Effort(moves=10))
    assert {(refused.line, refused.code) for refused in found.refused} == {
        ("L-IN", "bin_unreachable"),
        ("L-OUT", "bin_unreachable"),
        ("L-GONE", "bin_outside_layout"),
    }
    assert [(task.length_mm, [pick.bin for pick in task.picks]) for task in found.tasks] == [(40_000, ["S:OK"])]
    assert onward(layout, "", ["S:IN", "S:OK"]) == ["S:OK", "S:IN"]


def test_batches_share_their_way_and_bins_are_chosen_with_the_walk() -> None:
    """Two arms: orders of one arm go together; what lies in both arms is fetched where one is."""
    arms = [way("N0", "N1", 50), way("N0", "N2", 50), *(way(f"N{n}", f"N{n + 2}", 5) for n in (1, 2))]
    nodes = [place(f"N{n}", BinKind.NODE) for n in range(5)]
    bins = [place(f"B{n}", aisle=f"N{n}") for n in range(1, 5)]
    layout = Layout.of([place("D", BinKind.DEPOT, "N0"), *nodes, *arms, *bins])
    lines = [PlanLine(f"{n}", f"L{n}", f"S:B{n}", f"K{n}", 1) for n in range(1, 5)]
    found = plan(lines, Trolley(2), layout, effort=Effort(moves=2_000))
    assert sorted(task.length_mm for task in found.tasks) == [110_000, 110_000]
    assert found.first_come_mm == 2 * 215_000 - 10_000
    both = [PlanLine("1", "La", "S:B1", "A", 1), PlanLine("1", "Lb", "S:B2", "B", 1)]
    lying = {"B": (Lying("S:B3", "", 0, 5),)}
    [task] = plan(both, Trolley(2), layout, effort=Effort(seconds=0.1), lying=lying).tasks
    assert (task.length_mm, {pick.bin for pick in task.picks}) == (110_000, {"S:B1", "S:B3"})


@settings(max_examples=100, deadline=None)
@given(
    st.lists(st.tuples(st.integers(0, 4), st.integers(1, 9)), min_size=1, max_size=6, unique=True),
    st.integers(0, 10).map(lambda half: half * AISLE_MM // 2),
    st.lists(
        st.tuples(st.integers(0, 10).map(lambda half: half * AISLE_MM // 2), st.sampled_from([0, DEEP_MM])), max_size=2
    ),
    st.lists(st.integers(2, 8), max_size=1),
)
def test_no_order_is_shorter_to_a_drop_off(
    places: list[tuple[int, int]], depot_mm: int, drops: list[tuple[int, int]], between: list[int]
) -> None:
    spots = [Spot(f"{aisle}-{y}", f"A{aisle}", aisle * AISLE_MM, y * 2_000) for aisle, y in places]
    ends = [Spot("low", "A0", 0, 1_000), Spot("high", "A0", 0, DEEP_MM - 1_000)]
    crosses = [Spot(f"X{y}", "", 0, y * 2_000 + 500) for y in between]
    layout = lay_out([*ends, *spots], [(depot_mm, 0)], crosses=crosses, drops=drops)

    def shortest(order: tuple[str, ...]) -> int:
        stops, start = [layout.places[name] for name in order], layout.depots[0]
        return min(in_order(layout, stops, start, end) for end in layout.drops or (start,))

    names = [spot.id for spot in spots]
    order, walked = walk(layout, names)
    assert walked == shortest(order) == min(shortest(each) for each in permutations(names))


def test_aisles_of_unequal_length_end_at_their_last_bins_and_levels_cost_no_walking() -> None:
    racks = [
        Bin(f"S:{x}-{y}-{z}", "S", f"{x}-{y}-{z}", "", f"A{x}", x * AISLE_MM, y * 1_000, z, "11", BinKind.PICK)
        for x, deep in ((0, 9), (1, 4))
        for y in range(1, deep + 1)
        for z in range(2)
    ]
    layout = Layout.of(racks)
    assert layout.places["S:0-9-0"] == layout.places["S:0-9-1"]
    assert walk(layout, ["S:1-4-0", "S:1-4-1"]) == (("S:1-4-0", "S:1-4-1"), 2 * (AISLE_MM + 4_000))
    short = Layout.of([*racks, Bin("S:!", "S", "!", "", "", AISLE_MM, 5_000, 0, "11", BinKind.BARRIER)])
    both = ["S:0-9-0", "S:1-4-0"]
    assert walk(layout, both)[1] == 2 * AISLE_MM + 20_000, "through both aisles"
    assert walk(short, both)[1] == 2 * AISLE_MM + 2 * 9_000 + 2 * 4_000, "the short aisle is a dead end"


def as_net(layout: Layout) -> Layout:
    """The same floor of parallel aisles, told as nodes and ways."""
    columns = range(len(layout.aisles_mm))
    alongs = [
        sorted({*layout.crosses_mm, *(p.along_mm for p in layout.places.values() if p.aisle == a)}) for a in columns
    ]
    nodes = [(aisle, along) for aisle in columns for along in alongs[aisle]]
    number = {node: at for at, node in enumerate(nodes)}
    pairs = [((a, one), (a, other)) for a in columns for one, other in pairwise(alongs[a])]
    pairs += [((a, along), (b, along)) for along in layout.crosses_mm for a, b in pairwise(columns)]
    points = tuple((layout.aisles_mm[aisle], along) for aisle, along in nodes)
    ways = [(number[a], number[b], round(dist(points[number[a]], points[number[b]]))) for a, b in pairs]
    depots = tuple(points.index((depot.x_mm, layout.crosses_mm[depot.cross])) for depot in layout.depots)
    places = {name: Place(number[place.aisle, place.along_mm], 0) for name, place in layout.places.items()}
    return Layout((), (0,), (), places, net=Net(points, (*ways, *((b, a, mm) for a, b, mm in ways)), depots))


@pytest.mark.parametrize(("stops", "most"), [(10, 0.0), (20, 0.001), (40, 0.001)])
def test_parallel_aisles_told_as_ways_are_walked_about_as_short(stops: int, most: float) -> None:
    rng, gaps = random.Random(stops), []
    for _ in range(20):
        spots = [Spot(f"{x}-{y}", f"A{x}", x * AISLE_MM, y * 1_000) for x in range(10) for y in range(1, 30)]
        exact = lay_out(spots, [(0, 0)], crosses=[Spot("X", "", 0, 15_500)])
        bins, net = rng.sample(sorted(exact.places), stops), as_net(exact)
        gaps.append(walk(net, bins)[1] / walk(exact, bins)[1] - 1)
    assert min(gaps) >= 0
    assert mean(gaps) <= most


def test_many_orders_at_one_node_are_one_stop() -> None:
    """A walk by more lines than there are nodes stays within its room."""
    layout = ring([])
    lines = [PlanLine(f"{n}", f"L{n}", "S:B3", f"K{n}", 1) for n in range(200)]
    [task] = plan(lines, Trolley(200), layout, effort=Effort(moves=2_000)).tasks
    assert (task.length_mm, len(task.picks)) == (90_000, 200)


def test_no_way_is_told_as_such() -> None:
    layout = ring([])
    assert layout.net
    assert roads(layout.net).length(0, 8) == 80_000
    cut = Layout.of([place("A"), place("B"), way("A", "B", 1, one_way=True)])
    assert cut.net
    assert roads(cut.net).length(1, 0) >= NO_WAY
