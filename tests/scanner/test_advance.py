"""A scan means the same to a camera scanner as to the server and the handheld: the same vectors."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import msgspec
import pytest

from scanner_client.advance import scanned
from server.protocol.picking import BarcodeView, Scan, SlotView
from tests.scanner.tasks import line, task

VECTORS = json.loads((Path(__file__).parents[1] / "protocol" / "vectors" / "lines.json").read_text())
PEN = (BarcodeView("PEN", 1), BarcodeView("04006381333931", 1), BarcodeView("PEN-CASE", 2))
CUP = line("CUP", 2, sku="CUP", barcodes=(BarcodeView("CUP", 1),))


@pytest.mark.parametrize("vector", VECTORS, ids=[vector["story"] for vector in VECTORS])
def test_a_scan_means_what_the_vector_says(vector: dict[str, Any]) -> None:
    facts = {name: tuple(v) if isinstance(v, list) else v for name, v in vector["line"].items()}
    lot = facts.pop("lot", "")
    plain: dict[str, Any] = {"bin": "MAIN:A-01-1", "bin_code": "A-01-1", "barcodes": PEN, "quantity": 3}
    plain["lots"] = (lot,) if lot else ()
    tote = vector.get("tote", "")
    slots, kind = (SlotView(1, "S", "#1", tote, tote),), vector.get("kind", "pick")
    before = task(line("L", **{**plain, **facts}), CUP, slots=slots, kind=kind)
    after = scanned(before, msgspec.convert({"do": "scan", "task": "T1", "line": "L", **vector["scan"]}, Scan))
    if "refusal" in vector:
        assert after is None
    else:
        assert after is not None
        wanted = {"counted": facts.get("counted", 0), **vector["after"]}
        assert {"step": after.lines[0].step, "counted": after.lines[0].counted} == wanted
