"""A scan means the same on the server and on the handheld: pwa/test/advance.test.ts reads the same vectors."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import msgspec
import pytest

from server.catalog.model import Barcode
from server.kernel.barcode import candidates, parse_gs1
from server.kernel.refusal import Refusal
from server.picking.model import PickLine, PickState, Slot
from server.picking.rules import Seen, scanned
from server.protocol.picking import Scan
from server.sites.model import Bin, BinKind, Policy

VECTORS = json.loads((Path(__file__).parent / "vectors" / "lines.json").read_text())
CODES = {
    "PEN": Barcode("PEN", "PEN", 1),
    "04006381333931": Barcode("04006381333931", "PEN", 1),
    "PEN-CASE": Barcode("PEN-CASE", "PEN", 2),
    "CUP": Barcode("CUP", "CUP", 1),
}
PLACE = Bin("MAIN:A-01-1", "MAIN", "A-01-1", "", "A", 0, 0, 0, "47", BinKind.PICK)


LINE = PickLine(
    id="L",
    task="T",
    kind="pick",
    sequence=1,
    site="MAIN",
    order="O",
    shipment="S",
    line="X",
    bin=PLACE.id,
    sku="PEN",
    tracking="none",
    lot="",
    quantity=3,
    counted=0,
    picked=0,
    state=PickState.OPEN,
    step="bin",
    slot=1,
    tote="",
    serials=(),
    reason="",
    picked_at=0,
)


def line(facts: dict[str, Any]) -> PickLine:
    return msgspec.convert({**msgspec.to_builtins(LINE), **facts}, PickLine)


def seen(vector: dict[str, Any]) -> Seen:
    scan = msgspec.convert({"do": "scan", "task": "T", "line": "L", **vector["scan"]}, Scan)
    barcode = next((CODES[key] for key in candidates(scan.code) if key in CODES), None)
    gs1 = parse_gs1(scan.code)
    return Seen(
        scan=scan,
        pick=line({"kind": vector.get("kind", "pick"), **vector["line"]}),
        bin=PLACE,
        slot=Slot("T/1", "T", 1, "", "", vector.get("tote", "")),
        policy=Policy(),
        barcode=barcode,
        lot=gs1.lot if gs1 else "",
        elsewhere=barcode is not None and barcode.sku == "CUP",
        tote_known=True,
    )


@pytest.mark.parametrize("vector", VECTORS, ids=[vector["story"] for vector in VECTORS])
def test_a_scan_means_what_the_vector_says(vector: dict[str, Any]) -> None:
    assert outcome(vector) == {
        "refusal": vector.get("refusal", ""),
        "step": vector["line"]["step"],
        "counted": vector["line"].get("counted", 0),
        **vector.get("after", {}),
    }


def outcome(vector: dict[str, Any]) -> dict[str, Any]:
    before, refusal = seen(vector), ""
    after = before.pick
    try:
        after = scanned(before, 0)
    except Refusal as refused:
        refusal = refused.code
    return {"refusal": refusal, "step": after.step, "counted": after.counted}
