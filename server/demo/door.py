"""The door: parcels are scanned onto the van, and a full van leaves with its manifest."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable

from server.demo.floor import Floor, Load
from server.demo.link import Link
from server.demo.shelves import SITE
from server.protocol.frames import Committed, Rejected
from server.protocol.shipping import CloseManifest, LoadParcel, ManifestView, OpenManifest, SetTracking

VAN = 150
"""Parcels that fill a van."""


class Door:
    """One person at the door; `emptied` says that nothing more is on its way through the house."""

    def __init__(self, floor: Floor, link: Link, emptied: Callable[[], bool]) -> None:
        self.floor, self.link, self.emptied = floor, link, emptied
        self.loads: dict[str, str] = {}
        self.loaded: Counter[str] = Counter()

    async def work(self) -> None:
        """Load what comes, and let vans go when they are full or nothing more comes."""
        while not self.floor.over.is_set():
            if self.floor.to_load:
                await self._load(self.floor.to_load.popleft())
                continue
            await self.floor.rest()
            if self.emptied() and not self.floor.to_load:
                for carrier in list(self.loads):
                    await self._leave(carrier)

    async def _manifest(self, carrier: str) -> str:
        if carrier not in self.loads:
            answer = await self.link.do(OpenManifest(SITE, carrier))
            if isinstance(answer, Committed) and isinstance(answer.result, ManifestView):
                self.loads[carrier] = answer.result.id
        return self.loads.get(carrier, "")

    async def _load(self, load: Load) -> None:
        """Scan a parcel's SSCC; a carrier that gives its number on paper gets it entered first."""
        manifest = await self._manifest(load.carrier)
        scan = LoadParcel(manifest, f"00{load.sscc}")
        answer = await self.link.do(scan)
        if isinstance(answer, Rejected) and answer.code == "tracking_needed":
            await self.link.do(SetTracking(load.parcel, f"PAPER-{load.sscc[-8:]}"))
            answer = await self.link.do(scan)
        if isinstance(answer, Rejected):
            self.floor.surprised("load", answer.code)
            return
        self.loaded[load.carrier] += 1
        if self.loaded[load.carrier] >= VAN:
            await self._leave(load.carrier)

    async def _leave(self, carrier: str) -> None:
        manifest, count = self.loads.pop(carrier), self.loaded.pop(carrier, 0)
        answer = await self.link.do(CloseManifest(manifest, count))
        if isinstance(answer, Rejected):
            self.floor.surprised("manifest", answer.code)
