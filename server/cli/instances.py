"""Planning problems from files, for `pickwave plan --instance` and `pickwave bench waves`."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from server.waves.plan import Effort
from server.waves.solved import Solved

ROUTE_SECONDS = 0.05


def solved(
    file: Path, seconds: float | None, seed: int, *, two_block: bool, tick: Callable[[float, int], None] | None = None
) -> Solved:
    """Solve a file: `.json` are orders to batch (10 s unless told), all others one walk.

    `tick` is told the share of the time spent and the best length so far, in thousandths of the file's unit.
    """
    from server.waves.instances import read_orders, solve  # noqa: PLC0415 - loads what compiles
    from server.waves.walks import read_walk, solve_walk  # noqa: PLC0415
    from server.waves.warm import warm  # noqa: PLC0415

    warm()
    if file.suffix == ".json":
        return solve(read_orders(file), Effort(10.0 if seconds is None else seconds, seed=seed), tick)
    walk = read_walk(file, two_block=two_block)
    return solve_walk(walk, Effort(ROUTE_SECONDS if seconds is None else seconds, seed=seed))
