"""One run of the real server under the generator's handhelds: the floor is laid, then both are let loose."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

import msgspec

from server.app import WIRING
from server.bench.drive import drive
from server.bench.figures import Options, Run
from server.bench.floor import STEPS, lay_floor
from server.bench.goods import lay_goods, sign_in
from server.bench.importing import bring, lay_codes
from server.bench.load import Handheld, Load, Moment
from server.bench.stand import Stand, serving
from server.bench.usage import Usage, usage
from server.db import journal
from server.db.engine import open_database
from server.house import open_house
from server.kernel.clock import now
from server.settings import load as settings_of

MOST_PER_SECOND, MOST_EACH = 12_000, 1_000
"""Scans laid for each second without a rate, in total and for one handheld: more than are answered."""
LEAST = 8_000
"""Scans laid in any case, so that there are enough to record."""
LONGEST_IMPORT = 600.0
SCANS = "SELECT count(*) FROM scan"
IMPORTED = """SELECT count(*) FROM order_line l JOIN orders o ON o.id = l."order" WHERE o.channel = 'csv'"""
Tell = Callable[[str], None]


class Laid(msgspec.Struct, frozen=True):
    """Handhelds with their scans, the cookie of a supervisor, and how far the journal is."""

    handhelds: tuple[Handheld, ...]
    supervisor: str
    position: int


async def lay(on: Stand, options: Options) -> Laid:
    """Lay the warehouse and the tasks into an empty database."""
    async with open_house(settings_of(on.env()), WIRING, now, work=False) as house:
        await lay_goods(house)
        if options.importing:
            await lay_codes(house, options.importing)
        [chief] = await sign_in(house, 1, "supervisor")
        people = await sign_in(house, options.handhelds)
        handhelds = await lay_floor(house.database, people, _scans(options), now())
        return Laid(handhelds, chief.cookie, await journal.position(house.database))


def _longest(options: Options) -> float:
    """Give how long is measured at most: an import is measured to its end."""
    return LONGEST_IMPORT if options.importing else options.seconds


def _scans(options: Options) -> int:
    """Give how many scans each handheld needs at most."""
    rate = options.rate or min(MOST_PER_SECOND, MOST_EACH * options.handhelds)
    total = max(LEAST, int(rate * (_longest(options) + options.warm_up)))
    return -(-total // options.handhelds) + STEPS


async def play(on: Stand, laid: Laid, options: Options, tell: Tell, *, watch: bool = False) -> Run:
    """Run server and generator on a laid floor; with `watch` the supervisor looks on."""
    marks: dict[str, Usage] = {}
    begin, done = asyncio.Event(), asyncio.Event()
    cookie = laid.supervisor if watch else ""
    async with serving(on, options.workers) as (url, pid):
        marks["ready"] = usage(pid)

        def follow(moment: Moment) -> None:
            tell(f"{moment.phase}: {moment.done:,}")
            if moment.phase not in marks:
                marks[moment.phase] = usage(pid)
            if moment.phase == "measuring":
                begin.set()

        load = Load(url, laid.handhelds, options.rate, options.warm_up, _longest(options), laid.position, cookie)
        async with asyncio.TaskGroup() as group:
            bringing = group.create_task(bring(on, options.importing, begin, done)) if options.importing else None
            heard = await drive(load, on.folder, follow, done)
    cpu = marks["measured"].cpu_seconds - marks["measuring"].cpu_seconds
    return Run(
        heard,
        cores=round(cpu / heard.seconds, 2),
        rss_mb=marks["measured"].rss_mb,
        peak_mb=marks["measured"].peak_mb,
        idle_mb=marks["ready"].rss_mb,
        scan_rows=await count(on, SCANS),
        imported_lines=await count(on, IMPORTED) if bringing else 0,
        importing_s=bringing.result() if bringing else 0.0,
    )


async def count(on: Stand, sql: str) -> int:
    """Ask a stand's database for a number."""
    database = await open_database(on.database)
    try:
        return int((await database.rows(sql))[0][0])
    finally:
        await database.close()
