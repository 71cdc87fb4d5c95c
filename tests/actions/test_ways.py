"""A site laid out by nodes and ways, from its CSV file to the walks of a wave."""

from __future__ import annotations

from server.catalog.model import PutProduct
from server.imports.files import Step, steps
from server.imports.model import Kind
from server.orders.store import LINES
from server.protocol import picking as pick
from server.sites.model import BinKind, PutBin, Way
from server.waves.drawing import drawn
from server.waves.store import PLANNED
from tests.floor import PICKER, a_released_wave, a_site, ordered, planned, received, stops
from tests.kit import World

LAYOUT = b"""site,bin,kind,aisle,x_m,y_m,from,to,metres,one_way,blocked
MAIN,START,depot,,0,0,,,,,
MAIN,END,drop,,0,12,,,,,
MAIN,J1,node,,10,0,,,,,
MAIN,J2,node,,10,12,,,,,
MAIN,J3,node,,20,0,,,,,
MAIN,C-1,pick,J1,0,0,,,,,
MAIN,C-2,pick,J2,0,0,,,,,
MAIN,C-3,pick,J3,0,0,,,,,
MAIN,w1,way,,,,START,J1,10.5,,
MAIN,w2,way,,,,J1,J2,,yes,
MAIN,w3,way,,,,J2,END,,,
MAIN,w4,way,,,,END,START,,,
MAIN,w5,way,,,,J1,J3,,no,yes
"""


async def laid_out(w: World) -> None:
    """A one-way ring with pens and ink; the way to the pads is blocked."""
    await a_site(w)
    for step in steps(Kind.LAYOUT, LAYOUT.splitlines(keepends=True), "layout.csv"):
        assert isinstance(step, Step)
        await w.do(step.command)
    for code, sku in (("C-1", "PEN"), ("C-2", "INK"), ("C-3", "PAD")):
        await w.do(PutProduct(sku=sku, name=sku, weight_mg=10_000))
        await received(w, code, sku, 9)


async def test_walks_keep_to_one_way_aisles_and_end_at_the_drop_off(w: World) -> None:
    await laid_out(w)
    await ordered(w, "1", ("INK", 1), ("PEN", 1))
    wave = await planned(w)
    [task] = await w.all(PLANNED, "wave = ?", wave)
    assert [p.bin for p in task.picks] == ["MAIN:C-1", "MAIN:C-2"]
    assert task.walk_mm == 10_500 + 12_000 + 10_000
    found = await drawn(w.database, wave)
    assert found.walks[0].path == ((0, 0), (10_000, 0), (10_000, 12_000), (0, 12_000))
    assert (found.floor.aisles, found.floor.crosses, found.floor.drops) == ((), (), ((0, 12_000),))
    assert ((0, 0), (10_000, 0)) in found.floor.ways
    assert ((10_000, 0), (20_000, 0)) not in found.floor.ways, "it is blocked"


async def test_what_nobody_can_walk_to_is_held_by_name_and_the_rest_is_planned(w: World) -> None:
    await laid_out(w)
    await ordered(w, "1", ("PEN", 1))
    await ordered(w, "2", ("PAD", 1))
    wave = await planned(w)
    [task] = await w.all(PLANNED, "wave = ?", wave)
    assert [p.bin for p in task.picks] == ["MAIN:C-1"]
    assert [(line.sku, line.reason) for line in await w.all(LINES, "reason <> ''")] == [("PAD", "bin_unreachable")]


async def test_a_running_walk_goes_on_along_the_ways(w: World) -> None:
    await laid_out(w)
    await ordered(w, "1", ("INK", 1), ("PEN", 1))
    [task] = await a_released_wave(w)
    await w.do(pick.TakeTask(task), PICKER)
    await w.do(pick.Short(task, (await stops(w, task))[0].id, "none_on_shelf"), PICKER)
    await w.settle()
    assert [line.bin for line in await stops(w, task)][-1] == "MAIN:C-2"


async def test_a_way_leads_between_places_that_are_there(w: World) -> None:
    await laid_out(w)
    nowhere = PutBin("MAIN", "w9", kind=BinKind.WAY, way=Way("J1", "NOWHERE"))
    assert (await w.refused(nowhere)).code == "not_found"
    assert (await w.refused(PutBin("MAIN", "w9", kind=BinKind.WAY))).code == "bad_value"
