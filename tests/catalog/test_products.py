"""Products and the codes that mean them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import msgspec
import pytest

from server.catalog import actions, reads
from server.catalog.model import PutProduct, Tracking
from server.catalog.store import SKUS, BarcodeTable, SkuTable
from server.db.unit import Unit
from server.kernel.refusal import Refusal
from tests.wired import Wired, wired

pytestmark = pytest.mark.asyncio
TABLES = (SkuTable, BarcodeTable)
CODES = (("5012345678900", 1), ("box-of-mugs", 12))
MUG = PutProduct("MUG", "A mug", CODES, weight_mg=300_000, tracking=Tracking.LOT)


class Look(msgspec.Struct, frozen=True):
    code: str


class Learn(msgspec.Struct, frozen=True):
    sku: str
    measured_mg: int
    units: int


async def look(unit: Unit, command: Look) -> tuple[str, int] | None:
    found = await actions.resolve(unit, command.code)
    return (found.sku, found.units) if found else None


async def learn(unit: Unit, command: Learn) -> None:
    await actions.learn_weight(unit, command.sku, command.measured_mg, command.units)


COMMANDS: dict[type, Any] = {PutProduct: actions.put_product, Look: look, Learn: learn}


async def meaning(world: Wired, *codes: str) -> list[tuple[str, int] | None]:
    return [tuple(found) if (found := await world.do(Look(code))) else None for code in codes]


async def test_a_product_is_found_by_every_spelling_of_its_codes(tmp_path: Path) -> None:
    async with wired(tmp_path, COMMANDS, TABLES) as world:
        await world.do(MUG)
        assert await meaning(world, "5012345678900", "05012345678900", "]E05012345678900") == [("MUG", 1)] * 3
        assert await meaning(world, "0105012345678900", " 5012345678900\r") == [("MUG", 1)] * 2
        assert await meaning(world, "box-of-mugs", "MUG", "TEAPOT") == [("MUG", 12), ("MUG", 1), None]
        assert (await world.refused(Look("\x01"))).code == "bad_barcode"


async def test_an_internal_code_wins_over_what_it_looks_like(tmp_path: Path) -> None:
    async with wired(tmp_path, COMMANDS, TABLES) as world:
        await world.do(MUG)
        await world.do(PutProduct("5012345678900X", "odd", (("10D9T", 1),)))
        assert await meaning(world, "10D9T") == [("5012345678900X", 1)]


async def test_a_code_of_another_product_is_refused(tmp_path: Path) -> None:
    async with wired(tmp_path, COMMANDS, TABLES) as world:
        await world.do(MUG)
        taken = await world.refused(PutProduct("CUP", "A cup", (("05012345678900", 1),)))
        assert (taken.code, taken.facts["taken_by"]) == ("bad_value", "MUG")
        assert (await world.refused(PutProduct("CUP", "A cup", (("MUG", 1),)))).facts["taken_by"] == "MUG"
        assert (await world.refused(PutProduct("box-of-mugs", "A box"))).facts["taken_by"] == "MUG"
        assert await world.row(SKUS, "CUP") is None


@pytest.mark.parametrize(
    "command",
    [
        PutProduct(" A", "blank before"),
        PutProduct("A", "no units", (("X", 0),)),
        PutProduct("A", "two meanings", (("5012345678900", 1), ("05012345678900", 2))),
        PutProduct("A", "negative", price=-1),
    ],
)
async def test_nonsense_is_refused(tmp_path: Path, command: PutProduct) -> None:
    async with wired(tmp_path, COMMANDS, TABLES) as world:
        assert (await world.refused(command)).code == "bad_value"


async def test_a_change_replaces_codes_and_the_same_again_says_nothing(tmp_path: Path) -> None:
    async with wired(tmp_path, COMMANDS, TABLES) as world:
        await world.do(MUG)
        await world.do(MUG)
        await world.do(msgspec.structs.replace(MUG, barcodes=(("4006381333931", 1),)))
        assert await meaning(world, "5012345678900", "4006381333931") == [None, ("MUG", 1)]
        assert [kind for kind, _, _ in await world.events()] == ["SkuCreated", "SkuChanged"]


async def test_an_unknown_weight_is_learnt_and_a_told_one_yields(tmp_path: Path) -> None:
    async with wired(tmp_path, COMMANDS, TABLES) as world:
        await world.do(PutProduct("PEN", "A pen"))
        for grams in (102, 98, 101, 99):
            await world.do(Learn("PEN", grams * 1_000, 10))
        pen = await world.row(SKUS, "PEN")
        assert (pen.weight_mg, pen.weight_samples, pen.weight_units) == (10_000, 4, 40)
        assert 0 < pen.weight_sd_mg < 1_000
        await world.do(PutProduct("PEN", "A better pen"))
        assert (await world.row(SKUS, "PEN")).weight_mg == 10_000
        await world.do(MUG)
        for _ in range(20):
            await world.do(Learn("MUG", 320_000, 1))
        assert 315_000 < (await world.row(SKUS, "MUG")).weight_mg < 320_000
        assert ("WeightLearnt", "PEN", "") in await world.events()


async def test_the_office_searches_by_id_name_and_code(tmp_path: Path) -> None:
    async with wired(tmp_path, COMMANDS, TABLES) as world:
        await world.do(MUG)
        await world.do(PutProduct("100%", "Percent"))
        assert [v.sku.id for v in await reads.search(world.database, "mug")] == ["MUG"]
        assert [v.sku.id for v in await reads.search(world.database, "5012345678900")] == ["MUG"]
        assert [v.sku.id for v in await reads.search(world.database, "100%")] == ["100%"]
        assert len(await reads.search(world.database)) == 2
        view = await reads.product(world.database, "MUG")
        assert [code.units for code in view.barcodes] == [1, 12]
        with pytest.raises(Refusal, match="not_found"):
            await reads.product(world.database, "CUP")
