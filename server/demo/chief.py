"""The supervisor: plans a wave whenever enough is allocated or the floor runs dry, releases it, watches it."""

from __future__ import annotations

from server.demo.floor import Floor
from server.demo.link import Link
from server.demo.shelves import SITE
from server.demo.watch import Watch
from server.protocol.base import Answer
from server.protocol.frames import Rejected
from server.protocol.waves import PlanWave, ReleaseWave

WAVE = 80
"""Shipments in a wave."""
PATIENCE = 0.2
LONGEST = 600
"""Looks at the floor until a plan is given up."""


class Chief:
    """One person with a tablet."""

    def __init__(self, floor: Floor, link: Link, watch: Watch, handhelds: int) -> None:
        self.floor, self.link, self.watch, self.handhelds = floor, link, watch, handhelds

    async def work(self) -> None:
        """Keep the pickers busy until the day is over."""
        await self.link.watch(SITE)
        while not self.floor.over.is_set():
            now = self.watch.now()
            wanted = now.offered < self.handhelds
            if wanted and (now.plannable >= WAVE or (now.plannable and not now.jobs)):
                await self._wave()
            await self.floor.rest(PATIENCE)

    async def _wave(self) -> None:
        """Plan a wave, wait until its plan stands, put it on the floor."""
        answer = await self.link.do(PlanWave(SITE, most_shipments=WAVE))
        if isinstance(answer, Rejected):
            if answer.code != "nothing_to_plan":
                self.floor.surprised("plan", answer.code)
            return
        wave = str(answer.result.facts["wave"]) if isinstance(answer.result, Answer) else ""
        if await self._planned(wave) and isinstance(released := await self.link.do(ReleaseWave(wave)), Rejected):
            self.floor.surprised("release", released.code)

    async def _planned(self, wave: str) -> bool:
        """Wait until the floor shows the wave as planned."""
        for _ in range(LONGEST):
            if self.floor.over.is_set():
                return False
            seen = self.link.progress.waves if self.link.progress else ()
            if any(view.id == wave and view.state == "planned" for view in seen):
                return True
            await self.link.wait(PATIENCE)
        self.floor.surprised("plan", "never planned")
        return False
