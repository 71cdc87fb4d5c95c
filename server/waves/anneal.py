"""Simulated annealing over batches: loads move and change places, each time with the shortest walk of either batch.

The method of the literature (Henn & Waescher, European Journal of Operational Research 222 (2012); Zulj, Kramer &
Schneider, same journal 264 (2018)), with exact walks from `path_kernel` kept in a table by what is in a batch.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from server.waves.compiled import compiled
from server.waves.dice import BIG_PRIME, roll
from server.waves.hurry import Hurry, lateness
from server.waves.path_kernel import NEVER, Ground, shortest

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]

NEAR = 24
"""How many alike loads are remembered of each load."""
KNOWN = 1 << 20
"""How many walks are remembered."""
FAR_CHANCE = 8
"""One in so many moves goes anywhere."""


class Loads(NamedTuple):
    """What is to be batched.

    The stops of load j are `stops[first[j]:first[j + 1]]`, sorted; `need[j]` is what it takes of each of the
    trolley's limits `most`; `near[j]` are loads alike, the most alike first; `key` is a random number of each.
    """

    first: Ints
    stops: Ints
    need: Ints
    most: Ints
    near: Ints
    key: Ints


class Batches(NamedTuple):
    """A solution in the making, and what was learnt on the way.

    `of[j]` is the batch of load j and `seat[j]` its place there; `members[b, :size[b]]` the loads of batch b, `used[b]`
    what they need, `length[b]` their walk, `name[b]` their keys together. `keys` and `lengths` are the table of walks,
    `dice` the state of the random numbers.
    """

    of: Ints
    seat: Ints
    members: Ints
    size: Ints
    used: Ints
    length: Ints
    name: Ints
    keys: Ints
    lengths: Ints
    dice: Ints
    merged: Ints


@compiled
def _merge(loads: Loads, batches: Batches, b: int, out: int, into: int) -> int:
    """Gather the sorted stops of batch b without load `out` and with load `into` (-1 = none)."""
    merged, count = batches.merged, 0
    for at in range(batches.size[b] + 1):
        load = into if at == batches.size[b] else batches.members[b, at]
        if load < 0 or (load == out and at < batches.size[b]):
            continue
        start, end = loads.first[load], loads.first[load + 1]
        write = count + end - start - 1
        read, new = count - 1, end - 1
        count += end - start
        while new >= start:
            if read >= 0 and merged[read] > loads.stops[new]:
                merged[write] = merged[read]
                read -= 1
            else:
                merged[write] = loads.stops[new]
                new -= 1
            write -= 1
    return count


@compiled
def walk_with(ground: Ground, loads: Loads, batches: Batches, b: int, out: int, into: int) -> int:
    """Give the walk of batch b without load `out` and with load `into` (-1 = none), from the table if it is known."""
    name = batches.name[b]
    size = batches.size[b]
    if out >= 0:
        name ^= loads.key[out]
        size -= 1
    if into >= 0:
        name ^= loads.key[into]
        size += 1
    if size == 0:
        return 0
    place = name & (KNOWN - 1)
    if batches.keys[place] != name:
        batches.lengths[place] = shortest(ground, batches.merged, _merge(loads, batches, b, out, into))
        batches.keys[place] = name
    return int(batches.lengths[place])


@compiled
def _fits(loads: Loads, batches: Batches, b: int, out: int, into: int) -> bool:
    for limit in range(loads.most.shape[0]):
        need = batches.used[b, limit] + loads.need[into, limit]
        if out >= 0:
            need -= loads.need[out, limit]
        if need > loads.most[limit]:
            return False
    return True


@compiled
def leave(loads: Loads, batches: Batches, load: int) -> None:
    """Take a load out of its batch; the batch's walk is not told anew."""
    b, seat = batches.of[load], batches.seat[load]
    batches.size[b] -= 1
    last = batches.members[b, batches.size[b]]
    batches.members[b, seat] = last
    batches.seat[last] = seat
    batches.used[b] -= loads.need[load]
    batches.name[b] ^= loads.key[load]
    batches.of[load] = -1


@compiled
def enter(loads: Loads, batches: Batches, load: int, b: int) -> None:
    """Put a load into a batch; the batch's walk is not told anew."""
    batches.members[b, batches.size[b]] = load
    batches.seat[load] = batches.size[b]
    batches.size[b] += 1
    batches.used[b] += loads.need[load]
    batches.name[b] ^= loads.key[load]
    batches.of[load] = b


@compiled
def _accepts(batches: Batches, delta: float, heat: float) -> bool:
    if delta <= 0:
        return True
    return heat > 0 and (roll(batches.dice, BIG_PRIME) + 1) / BIG_PRIME < np.exp(-delta / heat)


@compiled
def _target(loads: Loads, batches: Batches, load: int) -> int:
    """Choose another batch for a load: mostly one with a load that is alike."""
    if roll(batches.dice, FAR_CHANCE) == 0:
        return roll(batches.dice, batches.size.shape[0])
    mate = loads.near[load, roll(batches.dice, loads.near.shape[1])]
    return int(batches.of[mate])


@compiled
def _exchange(loads: Loads, batches: Batches, load: int, to: int, mate: int) -> None:
    """Move a load to another batch, and `mate` (-1 = none) from there into its place."""
    home = batches.of[load]
    leave(loads, batches, load)
    if mate >= 0:
        leave(loads, batches, mate)
        enter(loads, batches, mate, home)
    enter(loads, batches, load, to)


@compiled
def anneal(ground: Ground, loads: Loads, batches: Batches, hurry: Hurry, fixed: int, heat: float, moves: int) -> int:
    """Try so many moves at a heat (in the layout's unit), none that makes more goods late.

    Gives by how much length and fixed costs changed.
    """
    changed = 0
    late = lateness(hurry, batches.members, batches.size, batches.length)
    for _ in range(moves):
        load = roll(batches.dice, batches.of.shape[0])
        home, to = batches.of[load], _target(loads, batches, load)
        if to == home:
            continue
        mate = -1
        if batches.size[to] and (roll(batches.dice, 2) or not _fits(loads, batches, to, -1, load)):
            mate = batches.members[to, roll(batches.dice, batches.size[to])]
            if not _fits(loads, batches, home, load, mate):
                continue
        if not _fits(loads, batches, to, mate, load):
            continue
        here = walk_with(ground, loads, batches, home, load, mate)
        there = walk_with(ground, loads, batches, to, mate, load)
        delta = here + there - batches.length[home] - batches.length[to]
        if mate < 0:
            delta += fixed * (int(batches.size[to] == 0) - int(batches.size[home] == 1))
        if here >= NEVER or there >= NEVER or not _accepts(batches, delta, heat):
            continue
        before = batches.length[home], batches.length[to]
        _exchange(loads, batches, load, to, mate)
        batches.length[home], batches.length[to] = here, there
        if hurry.free.shape[0]:
            then = lateness(hurry, batches.members, batches.size, batches.length)
            if then > late:
                _exchange(loads, batches, load, home, mate)
                batches.length[home], batches.length[to] = before
                continue
            late = then
        changed += delta
    return changed
