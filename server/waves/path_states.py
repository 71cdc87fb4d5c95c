"""What a walk may look like when it is cut between two aisles, and what may become of it: tables for `path`.

Ratliff & Rosenthal, Operations Research 31 (1983), for any number of cross-aisles as in Pansart, Catusse &
Cambazard, European Journal of Operational Research 265 (2018): of all that lies left of the cut it matters only how
often each cross-aisle's end was passed (not, oddly, evenly) and which of those ends hang together.
"""

from __future__ import annotations

from functools import cache
from itertools import product
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

State = tuple[tuple[int, int], ...]
"""Of each cross-aisle, front to back: passes (0 none, 1 odd, 2 even) and the number of the part it belongs to."""

Ints = NDArray[np.int64]

NONE, ONCE, TWICE, FROM_FRONT, FROM_BACK, BOTH_ENDS = range(6)
"""How a stretch of aisle between two cross-aisles is walked."""

PASSES = {NONE: (0, 0), ONCE: (1, 1), TWICE: (2, 2), FROM_FRONT: (2, 0), FROM_BACK: (0, 2), BOTH_ENDS: (2, 2)}
"""Passes that each way of walking adds at the front and at the back end of the stretch."""

JOINING = frozenset({ONCE, TWICE})
ODD, EVEN = 1, 2


class States(NamedTuple):
    """All states for so many cross-aisles, by number; -1 = no walk.

    `inside[stretch, state, way]` is the state after a stretch of aisle was walked, `onward[first[s]:first[s + 1]]` are
    the states in the next aisle and `passes` how often each cross-aisle is walked to get there, `at[state, cross]` is
    the state once a walk begins and ends, or does one of both, at its cross-aisle; `closed` are finished walks.
    """

    inside: Ints
    first: Ints
    onward: Ints
    passes: Ints
    at: Ints
    closed: Ints


@cache
def states(cross_aisles: int, *, one_way: bool = False) -> States:
    """Find all states that walks with so many cross-aisles can come to; `one_way` ends elsewhere than it began."""
    number: dict[State, int] = {((0, 0),) * cross_aisles: 0}
    inside, across, visited = [], [], []
    known = list(number)

    def numbered(state: State | None) -> int:
        if state is None:
            return -1
        if state not in number:
            number[state] = len(number)
            known.append(state)
        return number[state]

    for state in known:
        stretches = range(cross_aisles - 1)
        inside.append([[numbered(_inside(state, here, way)) for way in PASSES] for here in stretches])
        across.append([(numbered(after), passes) for passes, after in _onward(state)])
        visited.append([numbered(_visited(state, cross, one_way=one_way)) for cross in range(cross_aisles)])
    return States(
        inside=np.array(inside, dtype=np.int64).transpose(1, 0, 2).copy(),
        first=np.cumsum([0, *map(len, across)], dtype=np.int64),
        onward=np.array([after for ways in across for after, _ in ways], dtype=np.int64),
        passes=np.array([passes for ways in across for _, passes in ways], dtype=np.int64),
        at=np.array(visited, dtype=np.int64),
        closed=np.array([_closed(state) for state in known], dtype=np.int64),
    )


def _inside(state: State, stretch: int, way: int) -> State:
    """Walk the stretch between the ends `stretch` and `stretch + 1`."""
    ends = list(state)
    for end, passes in zip((stretch, stretch + 1), PASSES[way], strict=True):
        ends[end] = _passed(ends, end, passes)
    if way in JOINING:
        one, other = ends[stretch][1], ends[stretch + 1][1]
        ends = [(passes, one if part == other else part) for passes, part in ends]
    return _renumbered(ends)


def _visited(state: State, cross: int, *, one_way: bool) -> State:
    """Count an end as visited, as the place where a walk begins is; who does not come back there passes it oddly."""
    ends = list(state)
    if one_way:
        ends[cross] = _passed(ends, cross, ODD)
    elif not ends[cross][0]:
        ends[cross] = _passed(ends, cross, EVEN)
    return _renumbered(ends)


def _passed(ends: list[tuple[int, int]], end: int, more: int) -> tuple[int, int]:
    passes, part = ends[end]
    if not passes + more:
        return 0, 0
    return 2 - (passes + more) % 2, part or max(number for _, number in ends) + 1


def _onward(state: State) -> list[tuple[tuple[int, ...], State]]:
    """Give every way to the next aisle; a part of the walk that is left behind could never be joined again."""
    choices = [{0: (0,), ODD: (1,), EVEN: (0, 2)}[passes] for passes, _ in state]
    parts = {part for _, part in state if part}
    found = []
    for passes in product(*choices):
        after = [(2 - on % 2, part) if on else (0, 0) for on, (_, part) in zip(passes, state, strict=True)]
        if {part for _, part in after if part} == parts:
            found.append((passes, _renumbered(after)))
    return found


def _renumbered(ends: list[tuple[int, int]]) -> State:
    names: dict[int, int] = {0: 0}
    return tuple((passes, names.setdefault(part, len(names))) for passes, part in ends)


def _closed(state: State) -> bool:
    return all(passes != ODD for passes, _ in state) and len({part for _, part in state if part}) == 1
