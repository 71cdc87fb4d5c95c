"""The report's figures from the export alone, as docs/export.md says."""

from __future__ import annotations

from collections import Counter, defaultdict
from pathlib import Path
from typing import Any

import msgspec

from server.db.engine import open_database
from server.export import WHAT, export_lines

Row = dict[str, Any]
Export = dict[str, list[Row]]
WORLD = {"supplier", "customer", "scrap", "difference"}
BLOCKED = {"weight_mismatch", "weight_unknown"}
ONCE = {"LinePicked", "ParcelClosed", "ParcelWeighed", "LabelPrinted", "ParcelLoaded", "ManifestClosed"}
ENDED = {"shipped", "back_ordered", "cancelled", "on_hold"}


async def exported(folder: Path) -> Export:
    """Read everything that can be exported, and what the simulation kept beside it."""
    database = await open_database(f"sqlite:///{folder}/pickwave.db")
    try:
        found = {what: [msgspec.json.decode(line) async for line in export_lines(database, what)] for what in WHAT}
    finally:
        await database.close()
    for name in ("answered", "mispacked"):
        found[name] = [msgspec.json.decode(line) for line in (folder / f"{name}.jsonl").read_bytes().splitlines()]
    return found


def figures(x: Export) -> dict[str, Any]:
    """Recompute the figures."""
    kinds = Counter(entry["kind"] for entry in x["journal"])
    goods = {o["id"]: [line for line in o["lines"] if line["goods"]] for o in x["orders"]}
    shipped = [o for o in x["orders"] if o["state"] == "shipped"]
    return {
        "orders_imported": len(x["orders"]),
        "orders_shipped": len(shipped),
        "orders_shipped_whole": sum(all(ln["state"] == "shipped" for ln in goods[o["id"]]) for o in shipped),
        "orders_backordered": sum(any(_waits(line) for line in lines) for lines in goods.values()),
        "orders_open": sum(o["state"] not in ENDED for o in x["orders"]),
        "lines_picked": sum((p["kind"], p["state"]) == ("pick", "picked") for p in x["picks"]),
        "lines_short": kinds["LineShort"],
        "scans": len(x["scans"]),
        "scans_refused": sum(scan["refusal"] != "" for scan in x["scans"]),
        "parcels": sum(parcel["state"] == "shipped" for parcel in x["parcels"]),
        "weight_blocks": sum(reading["refusal"] in BLOCKED for reading in x["readings"]),
        "labels": kinds["LabelPrinted"],
        "manifests": sum(manifest["state"] == "closed" for manifest in x["manifests"]),
        "stock_sum_zero": stock_sum_zero(x),
        "negative_stock": sum(b["quantity"] < 0 and b["place"] not in WORLD for b in x["balances"]),
        "duplicate_ops": duplicates(x),
        "lost_ops": lost(x),
        **gate(x),
    }


def _waits(line: Row) -> bool:
    return bool(line["state"] == "back_ordered" and line["reason"])


def stock_sum_zero(x: Export) -> bool:
    """Tell whether balances sum to zero per SKU and are what the moves make."""
    sums: Counter[str] = Counter()
    places: Counter[tuple[str, str, str]] = Counter()
    for here in x["balances"]:
        sums[here["sku"]] += here["quantity"]
        places[here["place"], here["sku"], here["lot"]] -= here["quantity"]
    for move in x["ledger"]:
        places[move["target"], move["sku"], move["lot"]] += move["quantity"]
        places[move["source"], move["sku"], move["lot"]] -= move["quantity"]
    return not any(sums.values()) and not any(places.values())


def duplicates(x: Export) -> int:
    """Count effects that are recorded twice."""
    events = Counter((e["op_id"], e["kind"], e["subject"]) for e in x["journal"] if e["kind"] in ONCE)
    moved: Counter[str] = Counter()
    left: Counter[tuple[str, str, str]] = Counter()
    signs = {"pick": 1, "undo": -1, "ship": 1, "unship": -1}
    for move in x["ledger"]:
        if move["reason"] in {"pick", "undo"}:
            moved[move["concerns"]] += signs[move["reason"]] * move["quantity"]
        if move["reason"] in {"ship", "unship"}:
            left[move["concerns"], move["sku"], move["lot"]] += signs[move["reason"]]
    picked: dict[str, int] = defaultdict(int)
    for pick in x["picks"]:
        if pick["kind"] == "pick":
            picked[pick["line"]] += pick["picked"]
    unequal = sum(moved[line] != units for line, units in picked.items() if line in moved)
    return sum(events.values()) - len(events) + unequal + sum(times > 1 for times in left.values())


def lost(x: Export) -> int:
    """Count answered operations that the house does not know of."""
    known = {op["op_id"]: op["code"] for op in x["ops"]}
    return sum(known.get(op["op_id"]) != op["code"] for op in x["answered"])


def gate(x: Export) -> dict[str, int]:
    """Judge the weight gate."""
    mispacked = {one["parcel"]: one["grams"] for one in x["mispacked"]}
    blocked = {r["parcel"] for r in x["readings"] if r["refusal"] in BLOCKED}
    mismatched = {r["parcel"] for r in x["readings"] if r["refusal"] == "weight_mismatch"}
    first: dict[str, Row] = {}
    for reading in x["readings"]:
        if reading["refusal"] in {"", *BLOCKED}:
            first.setdefault(reading["parcel"], reading)
    beyond = [p for p in mispacked if first[p]["expected_g"] < 0 or _off(first[p], mispacked[p])]
    return {
        "mispacked": len(mispacked),
        "mispacked_beyond": len(beyond),
        "mispacked_blocked": len(blocked & set(mispacked)),
        "false_blocks": len(mismatched - set(mispacked)),
    }


def _off(reading: Row, grams: float) -> bool:
    return abs(grams - int(reading["expected_g"])) > int(reading["tolerance_g"]) + 2
