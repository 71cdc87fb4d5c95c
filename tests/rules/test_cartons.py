from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from server.packing.cartons import Carton, Item, fits, suggest, volume

SMALL = Carton("S", 200, 150, 100, most_weight_g=2_000)
MEDIUM = Carton("M", 300, 200, 150, most_weight_g=10_000)
LARGE = Carton("L", 600, 400, 400)
ALL = (LARGE, SMALL, MEDIUM)

edges = st.integers(1, 120)
items = st.builds(Item, edges, edges, edges, st.integers(1, 40))


def test_the_smallest_that_takes_all() -> None:
    assert suggest([Item(100, 75, 50, 8)], ALL) == SMALL
    assert suggest([Item(100, 75, 50, 9)], ALL) == MEDIUM
    assert suggest([], ALL) == SMALL


def test_a_long_thing_needs_a_long_carton() -> None:
    assert suggest([Item(10, 10, 550, 1)], ALL) == LARGE
    assert suggest([Item(10, 10, 900, 1)], ALL) is None


def test_things_are_turned_to_fit() -> None:
    assert suggest([Item(100, 200, 150, 1)], [SMALL]) == SMALL


def test_mixed_goods_share_a_carton() -> None:
    assert suggest([Item(200, 150, 60, 1), Item(100, 150, 40, 2)], ALL) == SMALL
    assert suggest([Item(200, 150, 60, 1), Item(100, 150, 41, 2)], ALL) == MEDIUM


def test_weight_counts_too() -> None:
    assert suggest([Item(10, 10, 10, 2, weight_mg=1_000_000)], ALL) == SMALL
    assert suggest([Item(10, 10, 10, 2, weight_mg=1_000_001)], ALL) == MEDIUM


def test_what_is_not_known_takes_no_room() -> None:
    assert suggest([Item(0, 0, 0, 500, weight_mg=-1)], ALL) == SMALL


def test_thousands_of_units_are_quick() -> None:
    assert suggest([Item(20, 20, 10, 20_000), Item(7, 9, 11, 10_000)], ALL) == LARGE
    assert suggest([Item(20, 20, 10, 24_001)], ALL) is None


@settings(max_examples=60, deadline=None)
@given(st.lists(items, max_size=6))
def test_a_suggestion_has_the_room(goods: list[Item]) -> None:
    carton = suggest(goods, ALL)
    if carton:
        assert sum(volume(item.size) * item.quantity for item in goods) <= volume(carton.size)
        assert all(max(item.size) <= max(carton.size) for item in goods)


@settings(max_examples=60, deadline=None)
@given(edges, edges, edges, st.tuples(*[st.integers(1, 5)] * 3))
def test_a_carton_cut_for_its_goods_takes_them(a: int, b: int, c: int, times: tuple[int, int, int]) -> None:
    x, y, z = times
    assert fits([Item(a, b, c, x * y * z)], Carton("CUT", a * x, b * y, c * z))
