"""A shipment at the station, and what the station's scale shows, over HTTP."""

from __future__ import annotations

from litestar import get

from server.db.engine import Database
from server.packing import reads
from server.packing.bridged import Bridged, ScaleView
from server.packing.scales import scale_of
from server.protocol.packing import PackView


@get("/api/shipments/{shipment:str}", opt={"permission": "pack"}, tags=["packing"], summary="A shipment to pack")
async def get_shipment(database: Database, shipment: str) -> PackView:
    """Give a shipment's lines, totes and parcels."""
    return await reads.pack_view(database, shipment)


@get("/api/stations/{station:str}/weight", opt={"permission": "pack"}, tags=["packing"], summary="The scale now")
async def get_weight(database: Database, bridged: Bridged, station: str) -> ScaleView:
    """Give what the station's scale shows: grams, whether it has settled, and what it said."""
    return await scale_of(database, bridged, station)


HANDLERS = [get_shipment, get_weight]
