"""`pickwave bench growth`: what a scan costs after few and after very many past orders."""

from __future__ import annotations

import statistics
from collections.abc import Sequence
from time import perf_counter, process_time

import msgspec

from server.app import WIRING
from server.bench.floor import lay_floor
from server.bench.goods import lay_goods, sign_in
from server.bench.load import Handheld
from server.bench.past import fill
from server.bench.recording import GROUP, cost_of, groups_of, perform, recording
from server.bench.run import Tell
from server.bench.stand import settle, stand
from server.house import House, open_house
from server.kernel.clock import now
from server.settings import load as settings_of

GROUPS, WARM_UP = 60, 10
SCANS_EACH = 120
SIZES = (1_000, 1_000_000)


class Point(msgspec.Struct, frozen=True):
    """After so many past orders: what a scan takes of a processor and of the clock (microseconds), and statements."""

    orders: int
    cpu_us: float
    wall_us: float
    statements_per_scan: float
    rows_written_per_scan: float
    rows_read_per_scan: float


class Growth(msgspec.Struct, frozen=True):
    """The cost by size, and the last's over the first's.

    `ratio` is of processor time with SQLite, which works inside our process, and of the clock with PostgreSQL.
    """

    points: list[Point]
    ratio: float
    statements_ratio: float
    database: str


async def measure(sizes: Sequence[int], database: str, tell: Tell) -> Growth:
    """Measure in-process, groups of 128 scans each, in a fresh database of each size."""
    points = [await _point(size, database, tell) for size in sizes]
    first, last = points[0], points[-1]
    ratio = last.wall_us / first.wall_us if database else last.cpu_us / first.cpu_us
    return Growth(
        points,
        ratio=round(ratio, 3),
        statements_ratio=round(last.statements_per_scan / first.statements_per_scan, 3),
        database="postgresql" if database else "sqlite",
    )


async def _point(orders: int, database: str, tell: Tell) -> Point:
    async with stand(database) as on:
        settings = settings_of(on.env())
        async with open_house(settings, WIRING, now, work=False) as house:
            await fill(house.database, orders, now(), tell)
            await lay_goods(house)
            handhelds = await lay_floor(house.database, await sign_in(house, GROUP), SCANS_EACH, now())
        await settle(on)
        tell(f"{orders:,} past orders: scanning")
        async with open_house(settings, WIRING, now, work=False) as house:
            return await _scan(house, handhelds, orders)


async def _scan(house: House, handhelds: Sequence[Handheld], orders: int) -> Point:
    """Time each group; the median group tells, so that who else uses the machine does not."""
    cpu, wall = list[float](), list[float]()
    async with recording(house) as (bus, recorder):
        for group in groups_of(handhelds)[: GROUPS + WARM_UP]:
            used, start = process_time(), perf_counter()
            await perform(bus, group)
            cpu.append(process_time() - used)
            wall.append(perf_counter() - start)
    cost = cost_of(recorder.groups[WARM_UP:])
    return Point(
        orders,
        cpu_us=round(statistics.median(cpu[WARM_UP:]) / GROUP * 1e6, 1),
        wall_us=round(statistics.median(wall[WARM_UP:]) / GROUP * 1e6, 1),
        statements_per_scan=cost.statements_per_scan,
        rows_written_per_scan=round(sum(cost.rows_written_per_scan.values()), 2),
        rows_read_per_scan=round(sum(cost.rows_read_per_scan.values()), 2),
    )
