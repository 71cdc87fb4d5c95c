"""Lots, dates and serial numbers: the oldest goes first, and only what was promised is taken."""

from __future__ import annotations

from typing import Any

import pytest

from server.catalog.model import PutProduct, Tracking
from server.kernel.clock import DAY
from server.orders.model import CancelOrder
from server.picking.store import PICKS
from server.protocol import picking as pick
from server.sites.model import Policy
from server.stock.model import ReceiveStock
from tests.floor import (
    OFFICE,
    PICKER,
    a_warehouse,
    at_bin,
    carried_back,
    finish,
    into,
    on_the_floor,
    received,
    stops,
    there,
)
from tests.kit import START, World


async def milk(w: World, *lots: tuple[str, str, int], units: int = 5) -> None:
    """Milk lies in these (bin, lot, expiry)."""
    await w.do(PutProduct(sku="MILK", name="Milk", tracking=Tracking.EXPIRY, barcodes=(("4006381333931", 1),)))
    for code, lot, expiry in lots:
        await received(w, code, "MILK", units, lot=lot, expiry=expiry)


async def refused(w: World, line: Any, step: pick.Step, code: str) -> str:
    """Scan what must be refused."""
    return (await w.refused(pick.Scan(line.task, line.id, step, code), PICKER)).code


async def test_a_tracked_sku_comes_in_with_its_lot(w: World) -> None:
    await milk(w)
    assert (await w.refused(ReceiveStock("MAIN:A-01-01", "MILK", 5))).code == "scan_lot"
    assert (await w.refused(ReceiveStock("MAIN:A-01-01", "CUP", 5))).code == "unknown_sku"
    assert (await w.refused(ReceiveStock("MAIN:A-01-01", "MILK", 0, lot="L1"))).code == "zero_quantity"
    assert (await w.refused(ReceiveStock("MAIN:A-01-01", "MILK", 1, lot="L1", source="moon"))).code == "bad_value"


async def test_first_expired_first_out(w: World) -> None:
    await milk(w, ("A-01-01", "LATE", START + 9 * DAY), ("A-02-01", "SOON", START + 2 * DAY))
    task = await on_the_floor(w, "1", ("MILK", 7))
    assert {p.lot: p.quantity for p in await stops(w, task)} == {"SOON": 5, "LATE": 2}


async def test_the_lot_is_scanned_and_must_be_the_one_promised(w: World) -> None:
    await milk(w, ("A-01-01", "SOON", START + 2 * DAY), ("A-01-01", "LATE", START + 9 * DAY))
    task = await on_the_floor(w, "1", ("MILK", 2))
    [line] = await stops(w, task)
    await at_bin(w, line)
    await w.do(pick.Scan(task, line.id, "sku", "MILK"), PICKER)
    assert await refused(w, line, "tote", "T1") == "scan_lot"
    assert await refused(w, line, "lot", "LATE") == "wrong_lot"
    await w.do(pick.Scan(task, line.id, "lot", "SOON"), PICKER)
    await w.do(pick.Scan(task, line.id, "lot", "]C1010400638133393110SOON"), PICKER)
    await into(w, line)
    assert await there(w, "tote:T1", "MILK") == 2
    await w.do(pick.Undo(task, line.id), PICKER)
    assert await there(w, "bin:MAIN:A-01-01", "MILK") == 10


async def test_one_code_says_item_and_lot(w: World) -> None:
    await milk(w, ("A-01-01", "SOON", START + 2 * DAY))
    task = await on_the_floor(w, "1", ("MILK", 1))
    [line] = await stops(w, task)
    await at_bin(w, line)
    assert await refused(w, line, "sku", "]C1010400638133393110LATE") == "wrong_lot"
    await w.do(pick.Scan(task, line.id, "sku", "]C1010400638133393110SOON"), PICKER)
    await into(w, line)


async def test_an_expired_lot_is_not_sent(w: World) -> None:
    await milk(w, ("A-01-01", "OLD", START - DAY), ("A-02-01", "SOON", START + 2 * DAY))
    task = await on_the_floor(w, "1", ("MILK", 5))
    assert [p.lot for p in await stops(w, task)] == ["SOON"]


@pytest.mark.parametrize(("policy", "code"), [("force", "lot_expired"), ("warn", "lot_expired"), ("ignore", "")])
async def test_a_lot_that_expires_on_the_shelf(house: World, policy: Any, code: str) -> None:
    await a_warehouse(house, Policy(lot_policy=policy))
    await milk(house, ("A-01-01", "SOON", START + DAY))
    task = await on_the_floor(house, "1", ("MILK", 1))
    [line] = await stops(house, task)
    await at_bin(house, line)
    await house.do(pick.Scan(task, line.id, "sku", "MILK"), PICKER)
    house.now += 2 * DAY
    if code:
        assert await refused(house, line, "lot", "SOON") == code
    sure = pick.Scan(task, line.id, "lot", "SOON", sure=True)
    if policy == "force":
        assert (await house.refused(sure, PICKER)).code == "lot_expired"
    else:
        await house.do(sure, PICKER)
        await into(house, line)


async def test_by_policy_the_date_does_not_matter(house: World) -> None:
    await a_warehouse(house, Policy(lot_policy="ignore"))
    await milk(house, ("A-01-01", "OLD", START - DAY))
    task = await on_the_floor(house, "1", ("MILK", 1))
    assert [p.lot for p in await stops(house, task)] == ["OLD"]


async def test_short_of_one_lot_goes_on_with_the_next(w: World) -> None:
    await milk(w, ("A-01-01", "SOON", START + 2 * DAY), ("A-02-01", "LATE", START + 9 * DAY))
    task = await on_the_floor(w, "1", ("MILK", 3))
    [line] = await stops(w, task)
    await w.do(pick.Short(task, line.id, "damaged"), PICKER)
    [other] = await stops(w, task)
    assert (other.lot, other.bin, other.quantity) == ("LATE", "MAIN:A-02-01", 3)


async def test_a_lot_is_counted_by_its_units(w: World) -> None:
    await milk(w, ("A-01-01", "SOON", START + 2 * DAY))
    task = await on_the_floor(w, "1", ("MILK", 3))
    [line] = await stops(w, task)
    await w.do(pick.Short(task, line.id, "damaged"), PICKER)
    count = await w.one(PICKS, "kind = 'count'")
    await w.do(pick.TakeTask(count.task), PICKER)
    await at_bin(w, count)
    await w.do(pick.Scan(count.task, count.id, "sku", "MILK", quantity=4), PICKER)
    assert await there(w, "bin:MAIN:A-01-01", "MILK") == 4


async def test_each_serial_once_on_the_whole_walk(w: World) -> None:
    await w.do(PutProduct(sku="PHONE", name="Phone", tracking=Tracking.SERIAL))
    await received(w, "A-01-01", "PHONE", 2)
    await received(w, "A-02-01", "PHONE", 2)
    task = await on_the_floor(w, "1", ("PHONE", 4))
    first, second = await stops(w, task)
    await at_bin(w, first)
    await w.do(pick.Scan(task, first.id, "sku", "PHONE"), PICKER)
    await w.do(pick.Scan(task, first.id, "serial", "SN1"), PICKER)
    assert await refused(w, first, "serial", "SN1") == "serial_twice"
    await w.do(pick.Skip(task, first.id), PICKER)
    await at_bin(w, first)
    await w.do(pick.Scan(task, first.id, "sku", "PHONE"), PICKER)
    for serial in ("SN1", "SN2"):
        await w.do(pick.Scan(task, first.id, "serial", serial), PICKER)
    await into(w, first)
    await at_bin(w, second)
    await w.do(pick.Scan(task, second.id, "sku", "PHONE"), PICKER)
    assert await refused(w, second, "serial", "SN1") == "serial_twice"
    await w.do(pick.Undo(task, second.id), PICKER)
    assert (await w.one(PICKS, "id = ?", first.id)).serials == ("SN1", "SN2")


async def test_goods_of_a_lot_go_back_to_its_bin(w: World) -> None:
    await milk(w, ("A-01-01", "SOON", START + 2 * DAY))
    task = await on_the_floor(w, "1", ("MILK", 1))
    [line] = await stops(w, task)
    await at_bin(w, line)
    await w.do(pick.Scan(task, line.id, "sku", "MILK"), PICKER)
    await w.do(pick.Scan(task, line.id, "lot", "SOON"), PICKER)
    await into(w, line)
    await finish(w, task)
    await w.do(CancelOrder("csv:1"), OFFICE)
    assert await carried_back(w) == 1
    assert await there(w, "bin:MAIN:A-01-01", "MILK") == 5
