"""Sites and what stands in them, as screens and labels want them."""

from __future__ import annotations

from typing import Any

from server.db.engine import Database
from server.db.reads import load
from server.db.rows import Rows
from server.sites.model import Bin, Carton, Site, Station, Tote
from server.sites.store import BINS, CARTONS, SITES, STATIONS, TOTES


async def _all(database: Database, rows: Rows[Any]) -> list[Any]:
    return [rows.load(tuple(row.values())) for row in await database.read(f"{rows.select} ORDER BY id")]


async def sites(database: Database) -> list[Site]:
    """Give all sites by id."""
    return await _all(database, SITES)


async def bins(database: Database, site: str) -> list[Bin]:
    """Give a site's bins by code."""
    return sorted(await load(database, BINS, "site", [site]), key=lambda place: place.code)


async def totes(database: Database, site: str) -> list[Tote]:
    """Give a site's totes by code."""
    return sorted(await load(database, TOTES, "site", [site]), key=lambda tote: tote.id)


async def stations(database: Database, site: str = "") -> list[Station]:
    """Give a site's pack stations by id; all where `site` is ''."""
    found = await load(database, STATIONS, "site", [site]) if site else await _all(database, STATIONS)
    return sorted(found, key=lambda station: station.id)


async def cartons(database: Database, site: str = "") -> list[Carton]:
    """Give the cartons that a site may use, smallest first; all where `site` is ''."""
    found = await load(database, CARTONS, "site", [site, ""]) if site else await _all(database, CARTONS)
    return sorted(found, key=lambda box: (box.length_mm * box.width_mm * box.height_mm, box.id))
