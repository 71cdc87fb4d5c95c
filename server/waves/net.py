"""Walks over a net of ways: shortest ways between nodes, and short walks by many of them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from server.sites.layout import Place
from server.sites.net import Net, roads
from server.waves.net_kernel import Paths, polish
from server.waves.path import Unreachable
from server.waves.path_kernel import NEVER, net_ground, shortest

Ints = NDArray[np.int64]

KICKS = 300
"""How often a walk that is to be shown is kicked."""


class NetFloor:
    """A net made ready for many walks between some of its places, from a node `start` to a node `end`.

    Only from where one can come back to the start can goods be fetched: who goes there has to go on.
    """

    def __init__(self, net: Net, places: Iterable[Place], start: int, end: int) -> None:
        """Number the places by their nodes, and find the ways between them."""
        self.points = sorted(set(places), key=lambda place: place.aisle)
        self.number = {place: number for number, place in enumerate(self.points)}
        known = roads(net)
        nodes = [*(place.aisle for place in self.points), start, end]
        between = np.array([[known.length(one, other) for other in nodes] for one in nodes], dtype=np.int64)
        astray = (between[-2] >= NEVER) | (between[:, -2] >= NEVER)
        between[astray], between[:, astray] = NEVER, NEVER
        column: dict[int, int] = {}
        before: list[int] = []
        for node in [node for node, lost in zip(nodes[:-2], astray, strict=False) if not lost]:
            for one, other in pairwise([-1, *known.path(start, node)]):
                if other not in column:
                    column[other] = len(column)
                    before.append(one)
        self.ground = net_ground(
            Paths(
                between=between,
                at=np.array([column.get(node, -1) for node in nodes[:-2]], dtype=np.int64),
                before=np.array([column.get(one, -1) for one in before], dtype=np.int64),
                leg=np.array([known.length(start, n) for n in column], dtype=np.int64)
                - np.array([known.length(start, one) if one >= 0 else 0 for one in before], dtype=np.int64),
                tour=np.zeros(len(nodes) + 1, dtype=np.int64),
            )
        )

    def stops(self, places: Iterable[Place]) -> Ints:
        """Give the sorted numbers of places; KeyError for one that is not among the points."""
        return np.array(sorted({self.number[place] for place in places}), dtype=np.int64)

    def walk(self, stops: Ints) -> tuple[list[int], int]:
        """Give the stops in the order of a short walk, and its length in mm; Unreachable if there is none."""
        length_mm = int(shortest(self.ground, stops, len(stops)))
        if length_mm >= NEVER:
            raise Unreachable([self.points[n] for n in stops if shortest(self.ground, np.array([n]), 1) >= NEVER])
        length_mm = int(polish(self.ground.paths, len(stops), length_mm, KICKS))
        return self.ground.paths.tour[1 : len(stops) + 1].tolist(), length_mm

    def in_order(self, places: Sequence[Place]) -> int:
        """Give the walk by places as they come, in mm."""
        numbers = [len(self.points), *(self.number[place] for place in places), len(self.points) + 1]
        return int(sum(self.ground.paths.between[one, other] for one, other in pairwise(numbers)))
