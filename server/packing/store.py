"""Tables of packing."""

from __future__ import annotations

from piccolo.columns import BigInt, Boolean, Text
from piccolo.table import Table

from server.db.rows import Rows
from server.packing.model import Parcel, ParcelItem, Reading


class ParcelTable(Table, tablename="parcel"):
    """Parcels."""

    id = Text(primary_key=True)
    sscc = Text(unique=True)
    order = Text(index=True)
    shipment = Text(index=True)
    site = Text()
    station = Text()
    state = Text(index=True)
    carton = Text()
    expected_mg = BigInt()
    tolerance_mg = BigInt()
    weight_g = BigInt()
    accepted_by = Text()
    accepted_reason = Text()
    carrier = Text()
    tracking = Text()
    manifest = Text(index=True)
    prints = BigInt()
    packer = Text()
    opened_at = BigInt()
    closed_at = BigInt()


class ParcelItemTable(Table, tablename="parcel_item"):
    """Contents."""

    id = Text(primary_key=True)
    parcel = Text(index=True)
    shipment = Text(index=True)
    line = Text(index=True)
    sku = Text()
    quantity = BigInt()


class ReadingTable(Table, tablename="weight_reading"):
    """Readings: append-only."""

    id = Text(primary_key=True)
    at = BigInt(index=True)
    parcel = Text(index=True)
    station = Text()
    scale = Text()
    said = Text()
    grams = BigInt()
    tare_g = BigInt()
    keyed = Boolean()
    user = Text()
    expected_g = BigInt()
    tolerance_g = BigInt()
    refusal = Text()
    cause = Text()


PARCELS = Rows(ParcelTable, Parcel)
ITEMS = Rows(ParcelItemTable, ParcelItem)
READINGS = Rows(ReadingTable, Reading)
