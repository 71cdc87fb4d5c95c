"""Everything a picker is refused, each with its own code, and nothing changed by it."""

from __future__ import annotations

import pytest

from server.catalog.model import PutProduct
from server.kernel.actor import Actor
from server.orders.model import CancelOrder, HoldOrder
from server.picking.model import PickLine
from server.picking.store import PICKS, SCANS
from server.protocol import picking as pick
from server.sites.store import BINS
from server.tasks.store import TASKS
from tests.floor import (
    COLLEAGUE,
    OFFICE,
    PICKER,
    a_site,
    at_bin,
    confirm,
    counted,
    finish,
    into,
    on_the_floor,
    ordered,
    received,
    stops,
)
from tests.kit import World


async def refused(w: World, line: PickLine, step: pick.Step, code: str, quantity: int = 0, who: Actor = PICKER) -> str:
    """Scan what must be refused; the line stays as it was and the scan is kept as a row."""
    before = await w.one(PICKS, "id = ?", line.id)
    refusal = await w.refused(pick.Scan(line.task, line.id, step, code, quantity=quantity), who)
    assert await w.one(PICKS, "id = ?", line.id) == before
    last = (await w.all(SCANS))[-1]
    assert (last.barcode, last.refusal) == (code, refusal.code)
    return refusal.code


async def test_at_the_bin(w: World) -> None:
    task = await on_the_floor(w, "1", ("LAMP", 2))
    [line] = await stops(w, task)
    neighbour = await w.one(BINS, "id = 'MAIN:A-02-01'")
    assert await refused(w, line, "bin", "A-01-01") == "wrong_bin"
    assert await refused(w, line, "bin", neighbour.check) == "wrong_check_digits"
    assert await refused(w, line, "bin", "LAMP") == "bin_first"
    assert await refused(w, line, "sku", "LAMP") == "bin_first"
    assert await refused(w, line, "bin", "\x07") == "bad_barcode"
    mine = await w.one(BINS, "id = ?", line.bin)
    await w.do(pick.Scan(task, line.id, "bin", mine.check), PICKER)
    await finish_line(w, line)


async def finish_line(w: World, line: PickLine) -> None:
    """Pick what is left of a line whose bin is scanned."""
    await w.do(pick.Scan(line.task, line.id, "sku", line.sku, quantity=line.quantity), PICKER)
    await into(w, line)


async def test_at_the_shelf(w: World) -> None:
    task = await on_the_floor(w, "1", ("LAMP", 2), ("MUG", 1))
    line, other = sorted(await stops(w, task), key=lambda p: p.sku)
    await w.do(PutProduct(sku="CUP", name="Cup"))
    await at_bin(w, line)
    assert await refused(w, line, "sku", "CUP") == "wrong_sku"
    assert await refused(w, line, "sku", other.sku) == "sku_not_in_bin"
    assert await refused(w, line, "sku", "nothing we know") == "unknown_barcode"
    assert await refused(w, line, "sku", "LAMP", 3) == "too_many"
    assert await refused(w, line, "tote", "T1") == "not_in_state"
    await finish_line(w, line)
    assert await refused(w, line, "sku", "LAMP") == "line_done"


async def test_an_item_may_be_called_like_its_bins_check_digits(w: World) -> None:
    check = (await w.one(BINS, "id = 'MAIN:B-01-01'")).check
    await w.do(PutProduct(sku=check, name="A number for a name", weight_mg=1_000))
    await received(w, "B-01-01", check, 5)
    task = await on_the_floor(w, "1", (check, 2))
    [line] = await stops(w, task)
    await at_bin(w, line)
    await finish_line(w, line)
    assert (await w.one(PICKS, "id = ?", line.id)).picked == 2


async def test_an_unusual_quantity_is_asked_once_more(w: World) -> None:
    await w.do(PutProduct(sku="NAIL", name="Nail"))
    await received(w, "A-01-01", "NAIL", 600)
    task = await on_the_floor(w, "1", ("NAIL", 600))
    [line] = await stops(w, task)
    await at_bin(w, line)
    assert await refused(w, line, "sku", "NAIL", 600) == "unusual_quantity"
    await w.do(pick.Scan(task, line.id, "sku", "NAIL", quantity=600, sure=True), PICKER)
    await into(w, line)


async def test_at_the_tote(w: World) -> None:
    await ordered(w, "1", ("MUG", 2))
    task = await on_the_floor(w, "2", ("LAMP", 2))
    await a_site(w, "EAST")
    first, second = await stops(w, task)
    await counted(w, first, 2)
    assert await refused(w, first, "tote", "no tote") == "wrong_tote"
    assert await refused(w, first, "tote", "EAST-T1") == "wrong_tote"
    await into(w, first, "T1")
    await counted(w, second, 2)
    assert await refused(w, second, "tote", "T1") == "tote_of_other_order"
    assert (await w.refused(pick.NewTote(task, second.slot, "T1"), PICKER)).code == "tote_of_other_order"
    assert (await w.refused(pick.NewTote(task, second.slot, "EAST-T1"), PICKER)).code == "wrong_tote"
    await into(w, second, "T2")


async def test_a_slot_keeps_its_tote_until_a_new_one_is_placed(w: World) -> None:
    task = await on_the_floor(w, "1", ("LAMP", 2), ("MUG", 1))
    first, second = await stops(w, task)
    await confirm(w, first, "T1")
    await counted(w, second, second.quantity)
    assert await refused(w, second, "tote", "T2") == "wrong_tote"
    await w.do(pick.NewTote(task, second.slot, "T2"), PICKER)
    await into(w, second, "T2")
    await w.do(pick.DropTotes(task, "CONS-1"), PICKER)


async def test_a_colleague_has_the_task(w: World) -> None:
    task = await on_the_floor(w, "1", ("LAMP", 2))
    [line] = await stops(w, task)
    assert (await w.refused(pick.TakeTask(task), COLLEAGUE)).facts["by"] == "ann"
    assert await refused(w, line, "bin", "B-01-01", who=COLLEAGUE) == "task_taken"
    for command in (
        pick.Short(task, line.id, "damaged"),
        pick.Skip(task, line.id),
        pick.Undo(task, line.id),
        pick.NewTote(task, 1, "T1"),
        pick.HandBack(task),
        pick.DropTotes(task, "CONS-1"),
        pick.AcknowledgeWithdrawal(task, (line.id,)),
    ):
        assert (await w.refused(command, COLLEAGUE)).code == "task_taken"


async def test_an_item_scanned_for_a_colleagues_line_is_refused_and_kept(w: World) -> None:
    task = await on_the_floor(w, "1", ("LAMP", 2))
    [line] = await stops(w, task)
    assert await refused(w, line, "sku", "LAMP", who=COLLEAGUE) == "task_taken"
    scan = await w.one(SCANS, "step = 'sku'")
    assert (scan.user, scan.barcode, scan.refusal) == ("cid", "LAMP", "task_taken")
    assert await w.all(TASKS, "kind = 'count'") == []


@pytest.mark.parametrize(
    ("command", "code"),
    [(CancelOrder("csv:1"), "order_cancelled"), (HoldOrder("csv:1", "address"), "order_on_hold")],
)
async def test_the_order_is_not_wanted_any_more(w: World, command: object, code: str) -> None:
    await ordered(w, "2", ("MUG", 1))
    task = await on_the_floor(w, "1", ("LAMP", 2), take=False)
    [line] = [p for p in await stops(w, task) if p.sku == "LAMP"]
    await w.do(command, OFFICE)
    await w.do(pick.TakeTask(task), PICKER)
    assert await refused(w, line, "bin", "B-01-01") == code
    await finish(w, task)


async def test_a_task_of_another_warehouse(w: World) -> None:
    task = await on_the_floor(w, "1", ("LAMP", 2), take=False)
    stranger = Actor("dan", "phone-9", frozenset({"pick"}), "EAST")
    assert (await w.refused(pick.TakeTask(task), stranger)).code == "wrong_site"
    assert (await w.refused(pick.TakeTask(task), Actor("dan", "", frozenset(), "MAIN"))).code == "not_allowed"


async def test_a_task_is_not_left_with_open_lines(w: World) -> None:
    task = await on_the_floor(w, "1", ("LAMP", 2))
    assert (await w.refused(pick.DropTotes(task, "CONS-1"), PICKER)).code == "lines_open"
    [line] = await stops(w, task)
    await confirm(w, line)
    assert (await w.refused(pick.DropTotes(task, "A-01-01"), PICKER)).code == "wrong_bin"
    await w.do(pick.DropTotes(task, "CONS-1"), PICKER)
