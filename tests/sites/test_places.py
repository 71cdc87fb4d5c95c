"""Sites, bins, totes, stations and cartons are made and changed."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace

from server.catalog import actions as catalog
from server.catalog.model import PutProduct
from server.catalog.store import BarcodeTable, SkuTable
from server.sites import actions, reads
from server.sites.model import BinKind, Policy, PutBin, PutCarton, PutSite, PutStation, PutTote
from server.sites.store import BINS, SITES, BinTable, CartonTable, SiteTable, StationTable, ToteTable
from tests.wired import wired

pytestmark = pytest.mark.asyncio
COMMANDS: dict[type, Any] = {
    PutSite: actions.put_site,
    PutBin: actions.put_bin,
    PutTote: actions.put_tote,
    PutStation: actions.put_station,
    PutCarton: actions.put_carton,
    PutProduct: catalog.put_product,
}
TABLES = (SiteTable, BinTable, ToteTable, StationTable, CartonTable, SkuTable, BarcodeTable)
MAIN = PutSite("MAIN", "Main", country="gb", latitude=51.5, longitude=-0.1, policy=Policy(trust_tote=False))
NORTH = PutSite("NORTH", "North")


async def test_a_site_is_furnished(tmp_path: Path) -> None:
    async with wired(tmp_path, COMMANDS, TABLES) as world:
        await world.do(MAIN)
        assert await world.do(PutBin("MAIN", "A-01-1", "A", "A-01", 100, 200, 1)) == "MAIN:A-01-1"
        await world.do(PutBin("MAIN", "A-01-2", check="07", kind=BinKind.BULK))
        await world.do(PutTote("T1", "MAIN"))
        await world.do(PutStation("P1", "MAIN", "Pack 1", "serial:/dev/ttyS0", "tcp://10.0.0.9:9100"))
        await world.do(PutCarton("L", 400, 300, 200, 250, 20_000))
        await world.do(PutCarton("S", 200, 150, 100, 80, 5_000, "MAIN"))
        first, second = await reads.bins(world.database, "MAIN")
        assert (first.code, len(first.check), second.check, second.kind) == ("A-01-1", 2, "07", BinKind.BULK)
        assert [box.id for box in await reads.cartons(world.database, "MAIN")] == ["S", "L"]
        assert [box.id for box in await reads.cartons(world.database, "NORTH")] == ["L"]
        assert [tote.id for tote in await reads.totes(world.database, "MAIN")] == ["T1"]
        [station] = await reads.stations(world.database)
        assert station.printer == "tcp://10.0.0.9:9100"
        [site] = await reads.sites(world.database)
        assert (site.country, site.latitude, site.policy.trust_tote) == ("GB", 51.5, False)


async def test_a_bin_is_blocked_and_the_floor_hears_of_it_once(tmp_path: Path) -> None:
    async with wired(tmp_path, COMMANDS, TABLES) as world:
        await world.do(MAIN)
        await world.do(PutBin("MAIN", "A1"))
        for _ in range(2):
            await world.do(PutBin("MAIN", "A1", blocked=True))
        assert (await world.row(BINS, "MAIN:A1")).blocked
        assert (await world.events())[1:] == [("BinChanged", "MAIN:A1", "floor:MAIN")] * 2


@pytest.mark.parametrize(
    ("command", "field"),
    [
        (replace(MAIN, id="A:B"), "id"),
        (replace(MAIN, id=""), "id"),
        (replace(MAIN, latitude=91.0), "latitude"),
        (replace(MAIN, latitude=float("nan")), "latitude"),
        (replace(MAIN, longitude=None), "longitude"),
        (replace(MAIN, country="England"), "country"),
        (replace(MAIN, cut_off_minute=1_440), "cut_off_minute"),
        (replace(MAIN, policy=Policy(trolley_totes=0)), "trolley_totes"),
        (replace(MAIN, policy=Policy(sscc_prefix="40")), "sscc_prefix"),
        (PutBin("MAIN", "A1", check="00"), "check"),
        (PutBin("MAIN", "A1", check="1"), "check"),
        (PutBin("MAIN", "A/1"), "code"),
        (PutBin("MAIN", "A1", level=-1), "level"),
        (PutTote("T 1", "MAIN"), "id"),
        (PutCarton("S", 0, 1, 1, 1, 1), "length_mm"),
        (PutCarton("S", 1, 1, 1, 1, 0), "most_g"),
    ],
)
async def test_nonsense_is_refused(tmp_path: Path, command: Any, field: str) -> None:
    async with wired(tmp_path, COMMANDS, TABLES) as world:
        await world.do(MAIN)
        refusal = await world.refused(command)
        assert (refusal.code, refusal.facts["field"]) == ("bad_value", field)


async def test_nothing_stands_in_an_unknown_site(tmp_path: Path) -> None:
    async with wired(tmp_path, COMMANDS, TABLES) as world:
        box = PutCarton("S", 1, 1, 1, 1, 1, "X")
        for command in (PutBin("X", "A1"), PutTote("T1", "X"), PutStation("P1", "X", "Pack"), box):
            assert (await world.refused(command)).code == "not_found"


async def test_a_code_means_one_thing(tmp_path: Path) -> None:
    async with wired(tmp_path, COMMANDS, TABLES) as world:
        for command in (MAIN, NORTH, PutProduct("MUG", "Mug"), PutBin("MAIN", "A1"), PutTote("T1", "MAIN")):
            await world.do(command)
        assert (await world.refused(PutTote("A1", "MAIN"))).facts["taken_by"] == "bin"
        assert (await world.refused(PutBin("MAIN", "T1"))).facts["taken_by"] == "tote"
        assert (await world.refused(PutBin("MAIN", "MUG"))).facts["taken_by"] == "sku"
        assert (await world.refused(PutTote("T1", "NORTH"))).code == "wrong_site"
        assert await world.do(PutTote("T1", "MAIN")) == "T1"
        assert await world.row(SITES, "SOUTH") is None
