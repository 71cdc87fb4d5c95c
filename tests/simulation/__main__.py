"""`python -m tests.simulation --seeds 0-999`: plays histories and tells of those after which the house is not sound."""

from __future__ import annotations

import logging
import sys
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from time import perf_counter

import click

from tests.simulation import rules_alone
from tests.simulation.plan import LENGTH, a_plan
from tests.simulation.play import Played, play, shortest, written

EVERY_SECONDS = 5.0


def played(seed: int, steps: int) -> tuple[int, Played]:
    """Play the history of a seed, in whichever process."""
    logging.disable(logging.CRITICAL)
    return seed, play(a_plan(seed, steps))


def all_played(seeds: range, steps: int, processes: int) -> Iterator[tuple[int, Played]]:
    """Play the histories of these seeds, side by side where there is more than one process."""
    one = partial(played, steps=steps)
    if processes == 1:
        yield from map(one, seeds)
        return
    with ProcessPoolExecutor(processes) as pool:
        yield from pool.map(one, seeds, chunksize=8)


@click.command(help=__doc__)
@click.option("--seeds", default="0-99", show_default=True, help="A-B: the histories of these seeds.")
@click.option("--steps", default=LENGTH, show_default=True, help="How long a history is.")
@click.option("--processes", default=1, show_default=True)
@click.option("--as-is", is_flag=True, help="Do not shorten what fails.")
@click.option("--rules", is_flag=True, help="Play the rules alone, without a house.")
def main(seeds: str, steps: int, processes: int, *, as_is: bool, rules: bool) -> None:
    """Run; the exit code is 1 where a history failed."""
    first, _, last = seeds.partition("-")
    chosen = range(int(first), int(last or first) + 1)
    sys.exit(_rules(chosen) if rules else _houses(chosen, steps, processes, as_is=as_is))


def _rules(chosen: range) -> int:
    """Play histories of the rules alone; gives the exit code."""
    began = perf_counter()
    failed = {seed: problem for seed in chosen if (problem := rules_alone.play(seed))}
    for seed, problem in failed.items():
        click.echo(f"seed {seed}: {problem}")
    click.echo(f"{len(chosen)} histories, {len(failed)} failed; a second {len(chosen) / (perf_counter() - began):.0f}")
    return 1 if failed else 0


def _houses(chosen: range, steps: int, processes: int, *, as_is: bool) -> int:
    """Play histories of whole houses, telling how far it is; gives the exit code."""
    answers: Counter[str] = Counter()
    failed = 0
    began = told = perf_counter()
    for done, (seed, found) in enumerate(all_played(chosen, steps, processes), 1):
        answers.update(found.answers)
        if found.problem:
            failed += 1
            _tell(seed, steps, found.problem, as_is=as_is)
        if perf_counter() - told > EVERY_SECONDS or done == len(chosen):
            told = perf_counter()
            each, ops = done / (told - began), sum(answers.values()) / (told - began)
            click.echo(f"{done} of {len(chosen)} histories, {failed} failed; a second {each:.1f}, operations {ops:.0f}")
    refused = sum(count for code, count in answers.items() if code)
    click.echo(f"{sum(answers.values())} operations, {refused} refused with {len(answers) - 1} codes")
    return 1 if failed else 0


def _tell(seed: int, steps: int, problem: str, *, as_is: bool) -> None:
    plan = a_plan(seed, steps)
    short = plan if as_is else shortest(plan, lambda p: bool(play(p).problem))
    click.echo(f"seed {seed}: {problem}\n    kept({seed}, '{written(short)}')")


if __name__ == "__main__":
    main()
