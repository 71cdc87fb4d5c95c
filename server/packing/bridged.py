"""What scales show that a bridge at the station reads (`pickwave-scan --scale`): only now counts, nothing is kept."""

from __future__ import annotations

from collections.abc import Callable
from time import monotonic

from server.db.engine import Database
from server.db.reads import one
from server.kernel.actor import Actor
from server.kernel.refusal import Refusal
from server.protocol.base import View
from server.protocol.frames import Weight
from server.sites.store import STATIONS

FRESH_SECONDS = 5.0
"""A bridge says what its scale shows every other second: one that is silent for longer does not know it any more."""


class ScaleView(View, frozen=True):
    """A reading. `status` is ok, busy, overload, underload, wrong_unit or offline; `raw` what the scale said."""

    grams: int
    stable: bool
    status: str
    raw: str
    scale: str


class Bridged:
    """The newest reading of each station, and which connection told it."""

    def __init__(self, clock: Callable[[], float] = monotonic) -> None:
        """Begin with no bridge; `clock` counts seconds."""
        self.clock = clock
        self._shown: dict[str, tuple[object, float, ScaleView]] = {}

    async def take(self, database: Database, actor: Actor, teller: object, told: Weight) -> None:
        """Take a reading; Refusal where its teller does not pack, or there is no such station at their site."""
        if not actor.may("pack"):
            raise Refusal("not_allowed", permission="pack")
        station = await one(database, STATIONS, told.station)
        if actor.site not in {"", station.site}:
            raise Refusal("wrong_site", station=station.id, site=station.site)
        view = ScaleView(told.grams, told.stable, told.status, told.raw, told.scale)
        self._shown[station.id] = (teller, self.clock(), view)

    def gone(self, teller: object) -> None:
        """Forget what a connection told that has ended: its scale is not seen any more."""
        self._shown = {station: shown for station, shown in self._shown.items() if shown[0] is not teller}

    def of(self, station: str) -> ScaleView | None:
        """Give what the station's scale shows; None where no bridge tells."""
        _, at, view = self._shown.get(station, (None, 0.0, None))
        return view if view and self.clock() - at < FRESH_SECONDS else None
