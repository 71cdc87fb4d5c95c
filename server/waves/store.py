"""Tables of the waves."""

from __future__ import annotations

from piccolo.columns import BigInt, Text
from piccolo.table import Table

from server.db.rows import Rows
from server.waves.model import PlannedTask, Wave


class WaveTable(Table, tablename="wave"):
    """Waves."""

    id = Text(primary_key=True)
    name = Text()
    site = Text(index=True)
    state = Text(index=True)
    carrier = Text()
    cut_off = BigInt()
    shipments = BigInt()
    tasks = BigInt()
    lines = BigInt()
    units = BigInt()
    walk_mm = BigInt()
    note = Text()
    created_at = BigInt()
    released_at = BigInt()
    done_at = BigInt()
    first_come_mm = BigInt()
    work_ms = BigInt()
    late_ms = BigInt()
    zone = Text()


class PlannedTaskTable(Table, tablename="planned_task"):
    """Batches of planned waves."""

    id = Text(primary_key=True)
    wave = Text(index=True)
    site = Text()
    number = BigInt()
    state = Text()
    cut_off = BigInt()
    priority = BigInt()
    walk_mm = BigInt()
    totes = BigInt()
    picks = Text()


WAVES = Rows(WaveTable, Wave)
PLANNED = Rows(PlannedTaskTable, PlannedTask)

CHOOSE = """
SELECT id FROM shipment
WHERE site = ? AND wave = '' AND state = 'allocated' AND priority >= ?
  AND (? = '' OR carrier = ?) AND (? = 0 OR cut_off < ?)
ORDER BY cut_off, priority DESC, id LIMIT ?
"""
"""Shipments that fit a plan's filters, the most urgent first."""
