from __future__ import annotations

from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.allocation.choose import BinStock, Split, choose, distance_km, pick_bins
from server.sites.countries import centroid, country_code

LONDON, PARIS, SYDNEY = (51.51, -0.13), (48.86, 2.35), (-33.87, 151.21)
KM = {"NEAR": 10.0, "MIDDLE": 100.0, "FAR": 1000.0}

skus = st.sampled_from("ABC")
stock_of_sites = st.dictionaries(st.sampled_from("RSTUV"), st.dictionaries(skus, st.integers(0, 6)))


def test_the_nearest_that_has_it_all() -> None:
    stock = {site: {"A": 2, "B": 1} for site in KM}
    assert choose({"A": 2, "B": 1}, stock, KM) == Split({"NEAR": {"A": 2, "B": 1}}, {})


def test_one_far_warehouse_is_better_than_two_near_ones() -> None:
    stock = {"NEAR": {"A": 2}, "MIDDLE": {"B": 1}, "FAR": {"A": 2, "B": 1}}
    assert choose({"A": 2, "B": 1}, stock, KM) == Split({"FAR": {"A": 2, "B": 1}}, {})


def test_the_fewest_splits_and_then_the_least_distance() -> None:
    stock = {"NEAR": {"A": 2}, "MIDDLE": {"B": 1}, "FAR": {"B": 1}}
    assert choose({"A": 2, "B": 1}, stock, KM) == Split({"NEAR": {"A": 2}, "MIDDLE": {"B": 1}}, {})


def test_a_line_is_split_only_where_nobody_has_it_whole() -> None:
    stock = {"NEAR": {"A": 3, "B": 1}, "FAR": {"A": 5}}
    assert choose({"A": 5, "B": 1}, stock, KM) == Split({"NEAR": {"B": 1}, "FAR": {"A": 5}}, {})
    assert choose({"A": 7}, stock, KM) == Split({"NEAR": {"A": 3}, "FAR": {"A": 4}}, {})


def test_what_nobody_has_is_back_ordered() -> None:
    assert choose({"A": 3, "B": 1}, {"NEAR": {"A": 2}}, KM) == Split({"NEAR": {"A": 2}}, {"A": 1, "B": 1})
    assert choose({"A": 3}, {}, {}) == Split({}, {"A": 3})
    assert choose({}, {"NEAR": {"A": 2}}, KM) == Split({}, {})


def test_a_warehouse_at_an_unknown_distance_comes_last() -> None:
    stock = {"LOST": {"A": 1}, "FAR": {"A": 1}, "AWAY": {"A": 1}}
    assert list(choose({"A": 1}, stock, {**KM, "LOST": None}).shares) == ["FAR"]
    assert list(choose({"A": 1}, stock, {}).shares) == ["AWAY"]


def test_many_warehouses_are_chosen_from_quickly() -> None:
    stock = {f"S{n:03}": {f"SKU {n}": 1, "A": 1} for n in range(200)}
    split = choose({"A": 1, "SKU 3": 1, "SKU 99": 1}, stock, {})
    assert sorted(split.shares) == ["S003", "S099"]


@given(st.dictionaries(skus, st.integers(1, 9)), stock_of_sites)
def test_all_that_can_be_had_by_the_fewest_warehouses(needs: dict[str, int], stock: dict[str, dict[str, int]]) -> None:
    def covered(sites: tuple[str, ...]) -> int:
        return sum(min(n, sum(stock[site].get(sku, 0) for site in sites)) for sku, n in needs.items())

    split = choose(needs, stock, {})
    shipped = sum(units for share in split.shares.values() for units in share.values())
    assert shipped == covered(tuple(stock)) == sum(needs.values()) - sum(split.back_ordered.values())
    for site, share in split.shares.items():
        assert share
        assert all(0 < units <= stock[site][sku] for sku, units in share.items())
    fewer = combinations(stock, max(0, len(split.shares) - 1))
    assert not split.shares or all(covered(sites) < shipped for sites in fewer)


def test_first_expired_first_out() -> None:
    stock = [BinStock("B1", "NEW", 300, 9), BinStock("B2", "OLD", 100, 2), BinStock("B3", "", 0, 9)]
    assert pick_bins(stock, 4) == (("B2", "OLD", 2), ("B1", "NEW", 2))
    assert pick_bins(stock, 12) == (("B2", "OLD", 2), ("B1", "NEW", 9), ("B3", "", 1))


def test_the_fewest_bins_of_the_same_expiry() -> None:
    stock = [BinStock("B1", "", 0, 2), BinStock("B2", "", 0, 9), BinStock("B3", "", 0, 5)]
    assert pick_bins(stock, 5) == (("B3", "", 5),)
    assert pick_bins(stock, 11) == (("B2", "", 9), ("B1", "", 2))
    assert pick_bins(stock, 99) == (("B2", "", 9), ("B3", "", 5), ("B1", "", 2))
    assert pick_bins(stock, 0) == ()


@given(st.lists(st.integers(0, 9), max_size=6), st.integers(1, 40))
def test_no_fewer_bins_would_do(held: list[int], quantity: int) -> None:
    picks = pick_bins([BinStock(f"B{n}", "", 0, units) for n, units in enumerate(held)], quantity)
    assert sum(units for *_, units in picks) == min(quantity, sum(held))
    assert len({bin_id for bin_id, *_ in picks}) == len(picks)
    assert sum(sorted(held, reverse=True)[: len(picks) - 1]) < quantity or not picks


def test_distances_over_the_globe() -> None:
    assert distance_km(LONDON, LONDON) == 0
    assert distance_km(LONDON, PARIS) == pytest.approx(344, abs=2)
    assert distance_km(LONDON, SYDNEY) == pytest.approx(16_994, abs=20)
    assert distance_km((0, 0), (0, 180)) == pytest.approx(20_015, abs=1)


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("United Kingdom", "GB"),
        ("EIRE", "IE"),
        ("RSA", "ZA"),
        ("USA", "US"),
        (" channel  islands ", "JE"),
        ("de", "DE"),
        ("Türkiye", "TR"),
        ("Trinidad & Tobago", "TT"),
        ("European Community", ""),
        ("Unspecified", ""),
        ("", ""),
    ],
)
def test_countries_as_orders_write_them(name: str, code: str) -> None:
    assert country_code(name) == code
    assert (centroid(name) is None) == (code == "")


def test_a_country_is_about_where_it_is() -> None:
    for name, point in (("GB", LONDON), ("France", PARIS), ("Australia", SYDNEY)):
        found = centroid(name)
        assert found
        assert distance_km(found, point) < 5
