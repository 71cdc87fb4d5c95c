"""The weight gate: a right parcel passes, a mispacked one is caught and its likeliest cause named."""

from __future__ import annotations

import random

import pytest

from server.kernel.weight import (
    Cause,
    Content,
    Learnt,
    Package,
    Policy,
    expected,
    judge,
    learn,
    tolerance_mg,
)

MUG = Content("MUG", 6, 340_000, 4_000)
TRAY = Content("TRAY", 1, 212_000, 3_000)
BELL = Content("BELL", 1, 27_000, 500)
BOX = Package(carton_mg=180_000, carton_sd_mg=2_000, filler_mg=20_000, filler_sd_mg=3_000)
POLICY = Policy()


def test_a_right_parcel_passes() -> None:
    verdict = judge(6 * 340 + 212 + 200, [MUG, TRAY], BOX, POLICY)
    assert verdict.accepted
    assert verdict.cause is None
    assert verdict.expected_g == 2452


@pytest.mark.parametrize(
    ("off_g", "cause"),
    [
        (212, Cause("one_more", "TRAY", delta_g=212)),
        (-212, Cause("one_less", "TRAY", delta_g=-212)),
        (341, Cause("one_more", "MUG", delta_g=340)),
        (-339, Cause("one_less", "MUG", delta_g=-340)),
        (-185, Cause("swap", "BELL", "TRAY", -185)),
        (1000, Cause("unknown", delta_g=1000)),
    ],
)
def test_a_wrong_one_is_blocked_and_its_cause_named(off_g: int, cause: Cause) -> None:
    verdict = judge(2452 + off_g, [MUG, TRAY], BOX, POLICY, [BELL])
    assert not verdict.accepted
    assert verdict.difference_g == off_g
    assert verdict.cause == cause


def test_variances_add_so_large_parcels_get_the_root_of_n() -> None:
    one, hundred = (expected([Content("A", n, 50_000, 2_000)], Package(), POLICY) for n in (1, 100))
    assert one.variance == 2_000**2 + 1_000**2
    assert hundred.variance == 100 * 2_000**2 + 1_000**2
    assert tolerance_mg(hundred, POLICY) < 12 * tolerance_mg(one, POLICY)


def test_an_unsure_mean_is_wrong_in_every_unit() -> None:
    parcel = expected([Content("A", 100, 50_000, 0, mean_sd_mg=100)], Package(), Policy(scale_sd_mg=0))
    assert parcel.sd_mg == 100 * 100


def test_light_goods_narrow_the_floor_so_that_one_less_is_seen() -> None:
    stamp = Content("STAMP", 3, 6_000, 50)
    verdict = judge(12, [stamp], Package(), Policy(scale_sd_mg=300))
    assert not verdict.accepted
    assert verdict.cause == Cause("one_less", "STAMP", delta_g=-6)


def test_nothing_inside_is_judged_by_its_carton() -> None:
    assert judge(200, [], BOX, POLICY).accepted
    assert judge(900, [], BOX, POLICY).cause == Cause("unknown", delta_g=700)


def test_over_many_parcels_false_blocks_stay_below_two_in_a_hundred() -> None:
    dice = random.Random(7)
    blocked = missed = 0
    for _ in range(2_000):
        inside = [
            Content(f"S{place}", dice.choice([1, 2, 6, 24, 96]), mg, mg // 50)
            for place, mg in enumerate(dice.sample(range(20_000, 2_000_000), dice.randint(1, 12)))
        ]
        true_mg = sum(dice.gauss(c.unit_mg, c.unit_sd_mg) for c in inside for _ in range(c.quantity))
        around = dice.gauss(180_000, 2_000) + dice.gauss(20_000, 3_000)
        right = judge(round((true_mg + around) / 1_000), inside, BOX, POLICY)
        blocked += not right.accepted
        heaviest = max(inside, key=lambda content: content.unit_mg)
        more = judge(round((true_mg + around + heaviest.unit_mg) / 1_000), inside, BOX, POLICY)
        missed += more.accepted and heaviest.unit_mg > 2_000 * more.tolerance_g
    assert blocked <= 40
    assert missed == 0


def test_a_weight_is_learnt_from_parcels_of_any_size() -> None:
    dice = random.Random(3)
    known = Learnt()
    for _ in range(400):
        units = dice.randint(1, 20)
        known = learn(known, round(sum(dice.gauss(250_000, 5_000) for _ in range(units))), units)
    assert abs(known.unit_mg - 250_000) < 500
    assert 4_300 < known.unit_sd_mg < 5_700
    assert known.mean_sd_mg < 120
    assert learn(known, 5, 0) == known
    assert learn(Learnt(), 250_000, 1).unit_sd_mg == 0
