"""Orders to batch as a file: JSON with a layout, what a trolley takes, and the lines of each order."""

from __future__ import annotations

import time
from pathlib import Path

import msgspec

from server.kernel.refusal import Refusal
from server.sites.layout import Depot, Layout, Place
from server.waves.path import Floor
from server.waves.plan import Effort
from server.waves.search import Tick, search
from server.waves.search import problem as batching
from server.waves.solved import UNITS, Solved


class _Depot(msgspec.Struct):
    aisle: int
    y: float


class _Layout(msgspec.Struct):
    aisles: int
    aisle_dx: float
    cross_aisles_y: list[float]
    depot: _Depot


class _Order(msgspec.Struct):
    id: int | str
    lines: list[tuple[int, float]]


class Orders(msgspec.Struct):
    """Orders to batch; each goes whole into one batch. `capacity` is in lines, or in orders of one tote each."""

    layout: _Layout
    capacity: int
    capacity_unit: str
    orders: list[_Order]


class Article(msgspec.Struct):
    """So many units of an article, and the bins where it lies: aisle, y and units."""

    units: int
    bins: list[tuple[int, float, int]]


def read_orders(path: Path) -> Orders:
    """Read a file of orders; Refusal `bad_file` with the reason."""
    try:
        return msgspec.json.decode(path.read_bytes(), type=Orders)
    except msgspec.MsgspecError as error:
        raise Refusal("bad_file", file=path.name, reason=str(error)) from None


def solve(problem: Orders, effort: Effort, tick: Tick | None = None) -> Solved:
    """Batch the orders and plan each walk."""
    began = time.perf_counter()
    layout = _layout(problem.layout)
    places = [[Place(aisle, round(y * UNITS)) for aisle, y in order.lines] for order in problem.orders]
    floor = Floor(layout, (place for lines in places for place in lines))
    by_order = problem.capacity_unit.startswith("orders")
    need = [1 if by_order else len(order.lines) for order in problem.orders]
    too_large = [order.id for order, takes in zip(problem.orders, need, strict=True) if takes > problem.capacity]
    if too_large:
        raise Refusal("too_large", order=str(too_large[0]), most=problem.capacity)
    stops = [floor.stops(lines) for lines in places]
    spent = time.perf_counter() - began
    left = Effort(max(0.0, effort.seconds - spent), effort.moves, effort.seed)
    batches, total = [], 0
    asked = batching(floor.ground, stops, [[takes] for takes in need], [problem.capacity])
    for batch in search(asked, left, tick):
        order, length = floor.walk(floor.stops(place for n in batch for place in places[n]))
        total += length
        sequence = [[floor.points[n].aisle, floor.points[n].along_mm / UNITS] for n in order]
        batches.append({"orders": [problem.orders[n].id for n in batch], "sequence": sequence})
    return Solved(batches, total / UNITS, time.perf_counter() - began)


def _layout(told: _Layout) -> Layout:
    crosses = tuple(round(y * UNITS) for y in told.cross_aisles_y)
    xs = tuple(round(told.aisle_dx * UNITS) * aisle for aisle in range(told.aisles))
    depot_y = round(told.depot.y * UNITS)
    if depot_y not in crosses:
        raise Refusal("bad_file", reason="the depot is at no cross-aisle")
    return Layout(xs, crosses, (Depot(xs[told.depot.aisle], crosses.index(depot_y)),), {})
