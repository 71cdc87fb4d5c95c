"""Sites and what stands in them are made and changed. The same again changes nothing and says nothing."""

from __future__ import annotations

from server.catalog.actions import resolve
from server.db.unit import Unit
from server.kernel.refusal import Refusal
from server.sites import rules
from server.sites.model import (
    BinChanged,
    PutBin,
    PutCarton,
    PutSite,
    PutStation,
    PutTote,
    SiteChanged,
    StationChanged,
    bin_id,
)
from server.sites.store import BINS, CARTONS, SITES, STATIONS, TOTES


async def put_site(unit: Unit, command: PutSite) -> str:
    """Carry out PutSite; gives the site's id."""
    site = rules.site(command)
    if site != await unit.find(SITES, site.id):
        unit.put(SITES, site)
        unit.emit(SiteChanged(site.id), f"floor:{site.id}")
    return site.id


async def put_bin(unit: Unit, command: PutBin) -> str:
    """Carry out PutBin; gives the bin's id. Refusal `bad_value` where the code means a tote or a SKU.

    A way may only lead between places that are there: Refusal `not_found`.
    """
    await unit.get(SITES, command.site)
    place = rules.place(command)
    for end in (place.way.start, place.way.end) if place.way else ():
        await unit.get(BINS, bin_id(place.site, end))
    if place != await unit.find(BINS, place.id):
        await _require_free(unit, place.code, tote=await unit.find(TOTES, place.code) is not None)
        unit.put(BINS, place)
        unit.emit(BinChanged(place.id, place.site, place.blocked), f"floor:{place.site}")
    return place.id


async def put_tote(unit: Unit, command: PutTote) -> str:
    """Carry out PutTote; gives the tote's id.

    Refusal `wrong_site` where another site has it, `bad_value` where the code means a bin or a SKU.
    """
    await unit.get(SITES, command.site)
    tote = rules.tote(command)
    known = await unit.find(TOTES, tote.id)
    if known is not None and known.site != tote.site:
        raise Refusal("wrong_site", tote=tote.id, site=known.site)
    if known is None:
        await _require_free(unit, tote.id, bin=await unit.find(BINS, bin_id(tote.site, tote.id)) is not None)
        unit.put(TOTES, tote)
    return tote.id


async def _require_free(unit: Unit, code: str, **taken: bool) -> None:
    """Refuse a code that a scan could take for something else."""
    by = next((kind for kind, is_so in taken.items() if is_so), "")
    if not by and await resolve(unit, code) is not None:
        by = "sku"
    if by:
        raise Refusal("bad_value", field="code", value=code, taken_by=by)


async def put_station(unit: Unit, command: PutStation) -> str:
    """Carry out PutStation; gives the station's id."""
    await unit.get(SITES, command.site)
    station = rules.station(command)
    if station != await unit.find(STATIONS, station.id):
        unit.put(STATIONS, station)
        unit.emit(StationChanged(station.id, station.site), f"station:{station.id}", f"floor:{station.site}")
    return station.id


async def put_carton(unit: Unit, command: PutCarton) -> str:
    """Carry out PutCarton; gives the carton's id."""
    if command.site:
        await unit.get(SITES, command.site)
    carton = rules.carton(command)
    unit.put(CARTONS, carton)
    return carton.id
