"""Sites and what stands in them over HTTP."""

from __future__ import annotations

from litestar import get, post

from server.bus import Bus
from server.db.engine import Database
from server.kernel.actor import Actor
from server.sites import reads
from server.sites.model import (
    Bin,
    Carton,
    PutBin,
    PutCarton,
    PutSite,
    PutStation,
    PutTote,
    Site,
    Station,
    Tote,
)


@get("/api/sites", tags=["sites"], summary="All sites", opt={"permission": ""})
async def list_sites(database: Database) -> list[Site]:
    """Give all warehouses: address, coordinates, cut-off, policy."""
    return await reads.sites(database)


@get("/api/bins", tags=["sites"], summary="A site's bins", opt={"permission": ""})
async def list_bins(database: Database, site: str) -> list[Bin]:
    """Give the bins of a site with their coordinates and check digits."""
    return await reads.bins(database, site)


@get("/api/totes", tags=["sites"], summary="A site's totes", opt={"permission": ""})
async def list_totes(database: Database, site: str) -> list[Tote]:
    """Give the totes of a site."""
    return await reads.totes(database, site)


@get("/api/stations", tags=["sites"], summary="Pack stations", opt={"permission": ""})
async def list_stations(database: Database, site: str = "") -> list[Station]:
    """Give pack stations with the addresses of their scale and printer."""
    return await reads.stations(database, site)


@get("/api/cartons", tags=["sites"], summary="Cartons", opt={"permission": ""})
async def list_cartons(database: Database, site: str = "") -> list[Carton]:
    """Give the cartons that a site may use, smallest first."""
    return await reads.cartons(database, site)


@post("/api/sites", tags=["sites"], summary="Make or change a site", opt={"permission": "admin"})
async def put_site(bus: Bus, actor: Actor, data: PutSite, op_id: str) -> None:
    """Make a warehouse as given, new or changed."""
    await bus.do(actor, data, op_id=op_id)


@post("/api/bins", tags=["sites"], summary="Make or change a bin", opt={"permission": "stock"})
async def put_bin(bus: Bus, actor: Actor, data: PutBin, op_id: str) -> None:
    """Make a bin as given; without check digits they are derived from its code."""
    await bus.do(actor, data, op_id=op_id)


@post("/api/totes", tags=["sites"], summary="Take a tote into use", opt={"permission": "stock"})
async def put_tote(bus: Bus, actor: Actor, data: PutTote, op_id: str) -> None:
    """Take a tote into use at a site."""
    await bus.do(actor, data, op_id=op_id)


@post("/api/stations", tags=["sites"], summary="Make or change a station", opt={"permission": "admin"})
async def put_station(bus: Bus, actor: Actor, data: PutStation, op_id: str) -> None:
    """Make a pack station as given, new or changed."""
    await bus.do(actor, data, op_id=op_id)


@post("/api/cartons", tags=["sites"], summary="Make or change a carton", opt={"permission": "stock"})
async def put_carton(bus: Bus, actor: Actor, data: PutCarton, op_id: str) -> None:
    """Make a carton as given, new or changed."""
    await bus.do(actor, data, op_id=op_id)


HANDLERS = [
    *(list_sites, list_bins, list_totes, list_stations, list_cartons),
    *(put_site, put_bin, put_tote, put_station, put_carton),
]
