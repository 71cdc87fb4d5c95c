"""Whether batches are done before their goods' cut-offs: pickers take them one after another, the most urgent first."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from server.waves.compiled import compiled
from server.waves.path_kernel import NEVER

Ints = NDArray[np.int64]


class Hurry(NamedTuple):
    """When each load is due and how long it takes to pick, in ms from now; NEVER = at no time.

    `free` is when each picker is free, `pace` what one walks in a second, `start` the ms that each batch costs besides.
    Without pickers nothing is ever late.
    """

    due: Ints
    work: Ints
    free: Ints
    pace: int
    start: int


def unhurried(loads: int) -> Hurry:
    """No cut-offs: nothing can be late."""
    none = np.zeros(0, dtype=np.int64)
    return Hurry(np.full(loads, NEVER), np.zeros(loads, dtype=np.int64), none, 1, 0)


@compiled
def lateness(hurry: Hurry, members: Ints, size: Ints, length: Ints) -> int:
    """Give by how many ms all batches together are late: `members[b, :size[b]]` are the loads of batch b."""
    if not hurry.free.shape[0]:
        return 0
    batches = size.shape[0]
    due, takes = np.full(batches, NEVER), np.zeros(batches, dtype=np.int64)
    for b in range(batches):
        for at in range(size[b]):
            load = members[b, at]
            due[b] = min(due[b], hurry.due[load])
            takes[b] += hurry.work[load]
        takes[b] += hurry.start + length[b] * 1_000 // hurry.pace
    free, late = hurry.free.copy(), 0
    for b in np.argsort(due, kind="mergesort"):
        if due[b] >= NEVER:
            break
        picker = free.argmin()
        free[picker] += takes[b]
        late += max(0, free[picker] - due[b])
    return late
