"""What a read means: bin, then article, then tote; what does not fit is sent as it is."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from scanner_client.decode import Read
from scanner_client.outbox import Entry
from scanner_client.told import laid, mark
from scanner_client.work import How, at_station, choose, errands, expected, next_op
from server.kernel.ids import ulid
from server.protocol.frames import LiveCommand, Op
from server.protocol.packing import OpenPack, PackItem, PackLineView, PackView
from server.protocol.picking import (
    AcknowledgeWithdrawal,
    DropTotes,
    NewTote,
    Scan,
    SlotView,
    TakeTask,
    TaskView,
)
from tests.scanner.tasks import CASE, GTIN, line, task

EACH = How()


def read(text: str, symbology: str = "Code128") -> Read:
    return Read(text, symbology, ("zxing",))


def after(tasks: tuple[TaskView, ...], *commands: LiveCommand) -> tuple[TaskView, ...]:
    for command in commands:
        tasks = laid(tasks, [Entry(Op(ulid(), 1, 0, "ann", command), mark(tasks, command))])
    return tasks


def walk(tasks: tuple[TaskView, ...], codes: Sequence[str], how: How = EACH) -> tuple[TaskView, ...]:
    for code in codes:
        found = choose(tasks, [read(code)], how)
        assert found is not None
        before, tasks = tasks, after(tasks, found.op)
        assert tasks != before, code
    return tasks


def test_a_line_is_walked_bin_article_tote() -> None:
    [done] = walk((task(),), ["A-01-02", GTIN, GTIN, "TOTE-1"])
    assert (done.lines[0].state, done.lines[0].picked, expected(done)) == ("picked", 2, None)


def test_the_label_that_comes_next_is_named() -> None:
    codes = []
    tasks: tuple[TaskView, ...] = (task(),)
    while wanted := expected(tasks[0]):
        codes.append((wanted.step, wanted.code))
        tasks = walk(tasks, [wanted.code])
    assert codes == [("bin", "A-01-02"), ("sku", GTIN), ("sku", GTIN), ("tote", "TOTE-1")]


def test_check_digits_the_gtin_in_a_gs1_code_and_a_case() -> None:
    [done] = walk((task(line(quantity=13)),), ["47", f"01{CASE}", f"0{GTIN}", "TOTE-1"])
    assert done.lines[0].picked == 13


def test_one_scan_for_the_rest_of_a_line() -> None:
    op = next_op(task(line(step="sku", quantity=40, counted=3)), read(GTIN), How("line"))
    assert op == Scan("T1", "L1", "sku", GTIN, "Code128", 37)


def test_an_unusual_quantity_is_said_twice() -> None:
    op = next_op(task(line(step="sku", quantity=900)), read(GTIN), How("line", frozenset({"L1"})))
    assert isinstance(op, Scan)
    assert op.sure


@pytest.mark.parametrize("code", ["B-07-01", GTIN, "99", "TOTE-1"])
def test_a_wrong_code_is_sent_for_the_step_and_changes_nothing(code: str) -> None:
    found = choose((task(),), [read(code)], EACH)
    assert found is not None
    assert (found.op, found.fits) == (Scan("T1", "L1", "bin", code, "Code128"), False)
    assert after((task(),), found.op) == (task(),)


def test_more_than_the_remainder_does_not_fit() -> None:
    found = choose((task(line(step="sku")),), [read(CASE)], EACH)
    assert found is not None
    assert not found.fits


def test_of_several_codes_in_view_the_expected_one_counts() -> None:
    found = choose((task(),), [read("B-07-01"), read(GTIN), read("A-01-02")], EACH)
    assert found is not None
    assert (found.read.text, found.fits) == ("A-01-02", True)


def test_lots_and_serials() -> None:
    lots = task(line(tracking="lot", lots=("7A",), quantity=2))
    assert walk((lots,), ["A-01-02", GTIN, "7A", "7A", "TOTE-1"])[0].lines[0].picked == 2
    assert walk((lots,), ["A-01-02", f"010{GTIN}107A"])[0].lines[0].step == "lot"
    serials = task(line(tracking="serial", quantity=2))
    [half] = walk((serials,), ["A-01-02", GTIN, "SN-1"])
    for no_serial in ("SN-1", GTIN, "A-01-02"):
        assert not changes(half, no_serial)
    assert walk((half,), ["SN-2", "TOTE-1"])[0].lines[0].state == "picked"


def test_a_free_tote_is_placed_by_the_first_scan_and_only_a_tote() -> None:
    bare = task(line(step="tote", counted=2), slots=(SlotView(1, "S1", "#1001", "", ""),))
    assert not changes(bare, "A-01-02")
    assert not changes(bare, GTIN)
    [done] = walk((bare,), ["TOTE-9"])
    assert done.slots[0].tote == "TOTE-9"


def test_where_totes_are_not_confirmed_they_are_placed_first() -> None:
    bare = task(confirm_tote=False, slots=(SlotView(1, "S1", "#1001", "", ""),))
    assert next_op(bare, read("A-01-02"), EACH) is None
    assert next_op(bare, read("TOTE-9"), EACH) == NewTote("T1", 1, "TOTE-9")
    [done] = walk((bare,), ["TOTE-9", "A-01-02", GTIN, GTIN])
    assert done.lines[0].state == "picked"


def changes(work: TaskView, code: str) -> bool:
    found = choose((work,), [read(code)], EACH)
    return found is not None and after((work,), found.op) != (work,)


def test_a_walked_task_wants_the_place_of_its_totes() -> None:
    walked = task(line(state="picked", step="done", counted=2, picked=2))
    assert next_op(walked, read("PACK-1"), EACH) == DropTotes("T1", "PACK-1")
    assert next_op(walked, read("TOTE-1"), EACH) is None


def test_nothing_to_do_for_tasks_of_others() -> None:
    assert choose((task(state="offered"), task(kind="count")), [read("A-01-02")], EACH) is None


def test_an_operation_is_laid_only_where_it_found_its_line() -> None:
    tasks = (task(line(step="sku")),)
    scan = Scan("T1", "L1", "sku", GTIN)
    op = Entry(Op(ulid(), 1, 0, "ann", scan), mark(tasks, scan))
    once = laid(tasks, [op])
    assert once[0].lines[0].counted == 1
    assert laid(once, [op]) == once


def test_errands_of_one_who_works_alone() -> None:
    offered = task(task_id="T2", state="offered")
    assert errands((offered,), frozenset()) == TakeTask("T2")
    assert errands((task(), offered), frozenset()) is None
    withdrawing = task(line("L1", state="withdrawing"), line("L2", 2))
    assert errands((withdrawing,), frozenset()) == AcknowledgeWithdrawal("T1", ("L1",))
    walked = task(line(state="short", step="done"))
    assert errands((walked, offered), frozenset()) == DropTotes("T1")
    assert errands((walked, offered), frozenset({"T1"})) is None


def test_at_a_pack_station() -> None:
    lines = (PackLineView("PEN", "Pen", (GTIN, "PEN-INTERNAL"), 2, 2, 0),)
    view = PackView(
        shipment="S1",
        order="#1001",
        state="packing",
        carrier="van",
        note="",
        suggested_carton="",
        trust_tote=False,
        totes_here=(),
        totes_missing=(),
        lines=lines,
        parcels=(),
        open_parcel="P1",
    )
    assert at_station("ST1", None, read(GTIN, "EAN13")) == OpenPack("ST1", GTIN)
    assert at_station("ST1", view, read("PEN-INTERNAL")) == PackItem("S1", "P1", "PEN-INTERNAL", "Code128")
    foreign = "9780201379624"
    assert at_station("ST1", view, read(foreign, "EAN13")) == PackItem("S1", "P1", foreign, "EAN13")
    assert at_station("ST1", view, read("TOTE-7")) == OpenPack("ST1", "TOTE-7")
