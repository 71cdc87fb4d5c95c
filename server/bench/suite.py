"""Every benchmark one after the other, and all that they found."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import asyncpg
import msgspec
from msgspec.structs import replace

from server.bench import growth, memory, reserve, scans, supervisor
from server.bench.figures import Figures, Options
from server.bench.growth import Growth
from server.bench.memory import Held
from server.bench.reserve import Reserved
from server.bench.run import Tell
from server.bench.supervisor import Seen

QUANTILES = 200


class Plan(msgspec.Struct, frozen=True):
    """What to run: handhelds of the closed loops (the bar's is `handhelds`), crowd and rate of the open ones, sizes.

    `importing` are the orders that are imported meanwhile; `postgres` a server's URL, '' = without.
    """

    importing: Path
    postgres: str = ""
    seconds: float = 10.0
    by_handhelds: tuple[int, ...] = (1, 10, 50, 200, 1_000)
    handhelds: int = 200
    crowd: int = 1_000
    rate: float = 300.0
    watched_rate: float = 100.0
    sizes: tuple[int, ...] = (1_000, 10_000, 100_000, 1_000_000)
    wanted: int = 1_000
    units: int = 100


class Found(msgspec.Struct):
    """What was found: scans by the name of their run, the quantiles of their times (ms), and everything else.

    `postgres` is the version of the PostgreSQL, '' = it was left out.
    """

    plan: Plan
    postgres: str = ""
    options: dict[str, Options] = {}
    scans: dict[str, Figures] = {}
    spread: dict[str, list[float]] = {}
    memory: Held | None = None
    supervisor: Seen | None = None
    growth: Growth | None = None
    reserved: dict[str, Reserved] = {}


def runs(plan: Plan) -> Mapping[str, Options]:
    """Name the runs of `bench scans`."""
    closed = Options(plan.handhelds, plan.seconds)
    opened = Options(plan.crowd, plan.seconds, rate=plan.rate)
    named = {f"{count} handhelds": replace(closed, handhelds=count) for count in plan.by_handhelds}
    named |= {"closed loop": closed, "open loop": opened, "while importing": replace(opened, importing=plan.importing)}
    return named | ({"PostgreSQL": replace(closed, database=plan.postgres)} if plan.postgres else {})


async def run_all(plan: Plan, tell: Tell) -> Found:
    """Run them; `tell` hears the name of each and how far it is."""
    found = Found(plan, await _version(plan.postgres))
    for name, options in runs(plan).items():
        figures, heard = await scans.measure(options, _naming(tell, name))
        found.options[name], found.scans[name] = options, figures
        found.spread[name] = quantiles(heard.late_ms)
    crowd, watched = Options(plan.crowd, plan.seconds, rate=plan.rate), Options(plan.handhelds, plan.seconds)
    found.memory = await memory.measure(crowd, _naming(tell, "memory"))
    found.supervisor = await supervisor.measure(replace(watched, rate=plan.watched_rate), _naming(tell, "supervisor"))
    found.growth = await growth.measure(plan.sizes, "", _naming(tell, "growth"))
    for name, database in {"sqlite": "", "postgresql": plan.postgres}.items():
        if database or name == "sqlite":
            found.reserved[name] = await reserve.measure(plan.wanted, plan.units, 4, database, _naming(tell, name))
    return found


async def _version(postgres: str) -> str:
    """Ask a PostgreSQL which one it is; '' of none."""
    if not postgres:
        return ""
    connection = await asyncpg.connect(postgres)
    try:
        return str(await connection.fetchval("SHOW server_version"))
    finally:
        await connection.close()


def _naming(tell: Tell, name: str) -> Tell:
    return lambda words: tell(f"{name}: {words}")


def quantiles(values: list[float]) -> list[float]:
    """Give evenly spaced quantiles, the least and the most among them; nothing of nothing."""
    ranked = sorted(values)
    last = len(ranked) - 1
    return [round(ranked[last * step // QUANTILES], 3) for step in range(QUANTILES + 1)] if ranked else []
