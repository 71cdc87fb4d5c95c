"""The scale of a pack station: read by the server (docs/scales.md has the addresses), or told by a bridge beside it.

One reader a scale: several screens may ask at once, the scale is asked once at a time.
"""

from __future__ import annotations

import asyncio
from collections import defaultdict

from scanner_client.scale.address import open_scale
from scanner_client.scale.reading import Reading, ScaleError
from server.db.engine import Database
from server.db.reads import one
from server.kernel.refusal import Refusal
from server.packing.bridged import Bridged, ScaleView
from server.sites.store import STATIONS

PATIENCE_S = 8.0
_locks: defaultdict[str, asyncio.Lock] = defaultdict(asyncio.Lock)


async def scale_of(database: Database, bridged: Bridged, station_id: str) -> ScaleView:
    """Read a station's scale, the one at its bridge first; Refusal `not_found` where it has none."""
    station = await one(database, STATIONS, station_id)
    if shown := bridged.of(station.id):
        return shown
    if not station.scale:
        raise Refusal("not_found", kind="scale", id=station_id)
    async with _locks[station.scale]:
        try:
            reading = await asyncio.to_thread(_read, station.scale)
        except ScaleError as error:
            return ScaleView(0, stable=False, status="offline", raw=str(error), scale=station.scale)
    return ScaleView(reading.grams, reading.stable, reading.status, reading.raw, station.scale)


def _read(address: str) -> Reading:
    with open_scale(address, PATIENCE_S) as scale:
        return scale.weigh_now()
