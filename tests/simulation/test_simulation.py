"""Histories of any people on any day: the house is sound after each, and the same seed is the same history."""

from __future__ import annotations

import pytest

from tests.simulation import rules_alone
from tests.simulation.plan import Plan, Step, a_plan
from tests.simulation.play import play, shortest

SEEDS = range(12)
SOAK = 600


@pytest.mark.parametrize("seed", SEEDS)
def test_any_history(seed: int) -> None:
    assert not play(a_plan(seed)).problem


def test_the_same_seed_plays_the_same_history() -> None:
    once, again = play(a_plan(3)), play(a_plan(3))
    assert once == again
    assert once != play(a_plan(4))


def test_a_history_is_rich() -> None:
    """Otherwise nothing is proven: most things are done, some are refused."""
    answers = play(a_plan(1)).answers
    assert answers[""] > 100
    assert len(answers) > 3


def test_what_fails_is_made_short() -> None:
    plan = a_plan(5)
    needed = (plan.steps[20], plan.steps[60])
    short = shortest(plan, lambda p: set(needed) <= set(p.steps))
    assert short == Plan(5, needed)
    assert all(isinstance(step, Step) for step in short.steps)


def test_histories_of_the_rules_alone() -> None:
    assert [problem for seed in range(5_000) if (problem := rules_alone.play(seed))] == []


@pytest.mark.soak
def test_many_histories(soak: float) -> None:
    failed = {seed: problem for seed in range(100, 100 + round(SOAK * soak)) if (problem := play(a_plan(seed)).problem)}
    assert not failed
