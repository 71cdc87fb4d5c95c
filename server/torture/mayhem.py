"""What befalls the server, at instants that the seed chooses: kill -9, a full disk, a database that restarts."""

from __future__ import annotations

import asyncio
import random
from time import perf_counter

from server.torture.database import Place
from server.torture.options import Options
from server.torture.proxy import Proxy
from server.torture.tally import Tally
from server.torture.victim import CAN_FILL, Victim

UP_SECONDS = (0.05, 1.2)
"""How long a server may live."""
YOUNG, YOUNG_SECONDS = 0.08, (0.0, 0.9)
"""How often one is killed while it starts, and after how long."""
EVERY = 8
"""Each so manyth life has one more fault: a full disk, or a database that restarts."""
FULL_SECONDS = (0.1, 0.8)
MOST_FILE = 2_000_000
"""A full disk stops files at a random size up to this: in the middle of the log, or at its very beginning."""


class Mayhem:
    """The faults of one run."""

    def __init__(self, victim: Victim, place: Place, proxy: Proxy, options: Options, tally: Tally) -> None:
        self.victim, self.place, self.proxy, self.options, self.tally = victim, place, proxy, options, tally
        self.dice = random.Random(f"{options.seed} mayhem")

    async def rage(self) -> None:
        """Kill the server until it was killed often enough, or the time is over; it is up at the end."""
        end = perf_counter() + (self.options.minutes or float("inf")) * 60
        most = self.options.kills or float("inf")
        life = 0
        while self.tally.counts["kills"] < most and perf_counter() < end:
            life += 1
            if life % EVERY == 2:  # noqa: PLR2004 - the second life, and every eighth after it
                await self._break_storage()
            await asyncio.sleep(self.dice.uniform(*UP_SECONDS))
            await self._kill()
            await self.victim.start()
            if self.dice.random() < YOUNG and self.tally.counts["kills"] < most:
                await asyncio.sleep(self.dice.uniform(*YOUNG_SECONDS))
                await self._kill()
                await self.victim.start()
            await self.victim.ready()
            self.tally.up()

    async def _kill(self) -> None:
        await self.victim.kill()
        self.tally.killed()

    async def _break_storage(self) -> None:
        if self.place.can_restart:
            self.tally.counts["database_restarts"] += 1
            await self.place.restart()
        elif self.place.file and CAN_FILL:
            self.tally.counts["disk_fills"] += 1
            self.victim.fill_disk(self.dice.randrange(MOST_FILE))
            await asyncio.sleep(self.dice.uniform(*FULL_SECONDS))
            self.victim.free_disk()
