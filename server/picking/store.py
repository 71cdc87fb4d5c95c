"""Tables of picking, and the loading of a whole group of scans at once."""

from __future__ import annotations

from collections.abc import Sequence

from piccolo.columns import BigInt, Text
from piccolo.table import Table

from server.catalog.actions import preload
from server.catalog.store import SKUS
from server.db.rows import Rows
from server.db.unit import Base
from server.orders.store import LINES, ORDERS, SHIPMENTS
from server.picking.model import PickLine, ScanRow, Slot, ToteUse, slot_id
from server.protocol.picking import Scan
from server.sites.store import BINS, SITES
from server.stock.model import balance_id, bin_place, pool_id
from server.stock.store import BALANCES, POOLS
from server.tasks.store import TASKS


class PickLineTable(Table, tablename="pick_line"):
    """Lines of tasks."""

    id = Text(primary_key=True)
    task = Text(index=True)
    kind = Text()
    sequence = BigInt()
    site = Text()
    order = Text(index=True)
    shipment = Text(index=True)
    line = Text(index=True)
    bin = Text()
    sku = Text()
    tracking = Text()
    lot = Text()
    quantity = BigInt()
    counted = BigInt()
    picked = BigInt()
    state = Text()
    step = Text()
    slot = BigInt()
    tote = Text()
    serials = Text()
    reason = Text()
    picked_at = BigInt()


class SlotTable(Table, tablename="pick_slot"):
    """Slots of trolleys."""

    id = Text(primary_key=True)
    task = Text(index=True)
    slot = BigInt()
    order = Text()
    shipment = Text()
    tote = Text()


class ToteUseTable(Table, tablename="tote_use"):
    """Totes in use; a free tote has no row."""

    tote = Text(primary_key=True)
    site = Text()
    order = Text()
    shipment = Text(index=True)
    task = Text(index=True)
    place = Text()
    since = BigInt()


class ScanTable(Table, tablename="scan"):
    """Every scan: append-only."""

    id = Text(primary_key=True)
    at = BigInt(index=True)
    device_at = BigInt()
    site = Text()
    user = Text()
    device = Text()
    task = Text()
    line = Text()
    step = Text()
    barcode = Text()
    symbology = Text()
    expected = Text()
    quantity = BigInt()
    refusal = Text()


INDEXES = ('CREATE INDEX "pick_line_bin_state" ON "pick_line" ("bin", "state")',)
"""What is still to be done at a bin is asked without reading what was ever done there."""

PICKS = Rows(PickLineTable, PickLine)
SLOTS = Rows(SlotTable, Slot)
TOTES_IN_USE = Rows(ToteUseTable, ToteUse)
SCANS = Rows(ScanTable, ScanRow)


async def warm_scans(base: Base, scans: Sequence[Scan]) -> None:
    """Load all that a group of scans will look at by key: one query a table."""
    await base.load(TASKS, [scan.task for scan in scans])
    await base.load(PICKS, [scan.line for scan in scans])
    known = base.cache[PICKS.name]
    picks = [pick for scan in scans if (pick := known.get(scan.line)) is not None]
    await base.load(SITES, [pick.site for pick in picks])
    await base.load(BINS, [pick.bin for pick in picks])
    await base.load(SKUS, [pick.sku for pick in picks])
    await base.load(SLOTS, [slot_id(pick.task, pick.slot) for pick in picks])
    await base.load(LINES, [pick.line for pick in picks if pick.line])
    await base.load(ORDERS, [pick.order for pick in picks if pick.order])
    await base.load(SHIPMENTS, [pick.shipment for pick in picks if pick.shipment])
    await base.load(POOLS, [pool_id(pick.site, pick.sku) for pick in picks])
    await preload(base, [scan.code for scan in scans if scan.step == "sku"])
    totes = [scan.code for scan in scans if scan.step == "tote"]
    await base.load(TOTES_IN_USE, totes)
    places = [(bin_place(p.bin), p) for p in picks] + [
        (f"tote:{scan.code}", p) for scan in scans if scan.step == "tote" and (p := known.get(scan.line))
    ]
    await base.load(BALANCES, [balance_id(place, p.sku, p.lot) for place, p in places])
