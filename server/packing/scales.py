"""The scale of a pack station, read by the server: `serial:///dev/ttyUSB0` or `tcp://host:port`, MT-SICS.

One reader a scale: several screens may ask at once, the scale is asked once at a time.
"""

from __future__ import annotations

import asyncio
from collections import defaultdict

from scanner_client.scale.mtsics import Reading, ScaleError
from scanner_client.scale.port import Scale
from server.db.engine import Database
from server.db.reads import one
from server.kernel.refusal import Refusal
from server.protocol.base import View
from server.sites.store import STATIONS

_locks: defaultdict[str, asyncio.Lock] = defaultdict(asyncio.Lock)


class ScaleView(View, frozen=True):
    """A reading. `status` is ok, busy, overload, underload, wrong_unit or offline; `raw` what the scale said."""

    grams: int
    stable: bool
    status: str
    raw: str
    scale: str


async def scale_of(database: Database, station_id: str) -> ScaleView:
    """Read a station's scale; Refusal `not_found` where it has none."""
    station = await one(database, STATIONS, station_id)
    if not station.scale:
        raise Refusal("not_found", kind="scale", id=station_id)
    async with _locks[station.scale]:
        try:
            reading = await asyncio.to_thread(_read, station.scale)
        except ScaleError as error:
            return ScaleView(0, stable=False, status="offline", raw=str(error), scale=station.scale)
    return ScaleView(reading.grams, reading.stable, reading.status, reading.raw, station.scale)


def _read(address: str) -> Reading:
    with Scale(address.removeprefix("serial://")) as scale:
        return scale.weigh_now()
