"""What a parcel's reading teaches of the weight of what is inside."""

from __future__ import annotations

from server.catalog.model import Sku
from server.packing.model import ParcelItem
from server.packing.rules import contents, lesson

SKUS = {
    "MUG": Sku("MUG", "Mug", weight_mg=300_000, weight_sd_mg=3_000),
    "PIN": Sku("PIN", "Pin", weight_mg=8_000, weight_sd_mg=50),
    "NEW": Sku("NEW", "New"),
    "LEARNT": Sku("LEARNT", "Learnt", weight_mg=100_000, weight_sd_mg=2_000, weight_samples=1, weight_units=4),
}


def inside(**units: int) -> list[ParcelItem]:
    return [ParcelItem(f"p/{sku}", "p", "s", sku, sku, many) for sku, many in units.items()]


def test_one_unknown_sku_is_told_by_the_rest() -> None:
    assert lesson(inside(MUG=1, NEW=10), SKUS, 1_300_000) == ("NEW", 1_000_000, 10)


def test_beside_many_others_an_unknown_weight_would_be_a_guess() -> None:
    assert lesson(inside(MUG=80, NEW=1), SKUS, 24_140_000) is None


def test_two_unknown_skus_tell_nothing() -> None:
    skus = SKUS | {"ALSO": Sku("ALSO", "Also")}
    assert lesson(inside(NEW=1, ALSO=1), skus, 500_000) is None


def test_one_light_unit_is_lost_in_the_scales_own_steps() -> None:
    assert lesson(inside(PIN=1), SKUS, 9_000) is None
    assert lesson(inside(PIN=100), SKUS, 801_000) == ("PIN", 801_000, 100)


def test_a_mean_learnt_from_few_units_widens_what_is_expected() -> None:
    [told] = contents(inside(MUG=5), SKUS)
    [learnt] = contents(inside(LEARNT=5), SKUS)
    assert (told.mean_sd_mg, learnt.mean_sd_mg) == (0, 1_000)


def test_lines_of_one_sku_are_one_content() -> None:
    [content] = contents([*inside(MUG=2), *inside(MUG=3)], SKUS)
    assert content.quantity == 5
