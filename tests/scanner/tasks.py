"""Tasks as the server pushes them."""

from __future__ import annotations

from msgspec.structs import replace

from server.protocol.picking import BarcodeView, LineView, SlotView, TaskView

GTIN, CASE = "4006381333931", "14006381333938"


def line(line_id: str = "L1", sequence: int = 1, **changes: object) -> LineView:
    plain = LineView(
        id=line_id,
        sequence=sequence,
        state="open",
        step="bin",
        bin="MAIN:A-01-02",
        bin_code="A-01-02",
        check="47",
        aisle="A",
        level=0,
        sku="PEN",
        name="Pen",
        barcodes=(BarcodeView("PEN", 1), BarcodeView(GTIN, 1), BarcodeView(CASE, 12)),
        tracking="none",
        lots=(),
        serials=(),
        quantity=2,
        counted=0,
        picked=0,
        unit="each",
        slot=1,
        shipment="S1",
        zero_check=False,
    )
    return replace(plain, **changes)


def task(*lines: LineView, task_id: str = "T1", **changes: object) -> TaskView:
    plain = TaskView(
        id=task_id,
        kind="pick",
        state="active",
        version=1,
        steps=1,
        wave="W1",
        site="MAIN",
        assignee="ann",
        device="",
        priority=0,
        cut_off=0,
        walk_mm=0,
        confirm_tote=True,
        slots=(SlotView(1, "S1", "#1001", "TOTE-1", "TOTE-1"),),
        lines=lines or (line(),),
    )
    return replace(plain, **changes)
