"""The rest of a walk: from where the picker stands, by what is left, to the depot."""

from __future__ import annotations

from itertools import pairwise, permutations

from hypothesis import given, settings
from hypothesis import strategies as st

from server.sites.layout import Layout, Spot, distance, from_depot, lay_out
from server.waves.onward import onward

SPOTS = [Spot(f"{x}-{y}", f"A{x}", x * 3_000, y * 1_000) for x in range(6) for y in range(1, 12)]
LAYOUT = lay_out(SPOTS, crosses=[Spot("X", "", 0, 6_500)])
names = st.sampled_from([spot.id for spot in SPOTS])


def length(layout: Layout, order: list[str]) -> int:
    return sum(distance(layout, one, other) for one, other in pairwise(order)) + from_depot(layout, order[-1])


def test_nothing_left_and_one_left() -> None:
    assert onward(LAYOUT, "1-1", []) == []
    assert onward(LAYOUT, "1-1", ["3-3"]) == ["3-3"]
    assert onward(LAYOUT, "", ["3-3"]) == ["3-3"]


@settings(max_examples=60, deadline=None)
@given(names, st.lists(names, min_size=2, max_size=6, unique=True))
def test_no_order_is_shorter(here: str, bins: list[str]) -> None:
    found = onward(LAYOUT, here, bins)
    assert sorted(found) == sorted(bins)
    best = min(length(LAYOUT, [here, *order]) for order in permutations(bins))
    assert length(LAYOUT, [here, *found]) <= best + 100, "to a decimetre"


def test_where_one_stands_comes_first() -> None:
    assert onward(LAYOUT, "4-4", ["1-1", "4-4", "4-6"])[0] == "4-4"


def test_a_barrier_is_walked_round() -> None:
    shut = lay_out(SPOTS, barriers=[Spot("!", "A0", 0, 5_500)])
    assert onward(LAYOUT, "0-5", ["0-6", "0-4"]) == ["0-6", "0-4"]
    assert onward(shut, "0-5", ["0-6", "0-4"]) == ["0-4", "0-6"]
