"""Tables of the sites."""

from __future__ import annotations

from piccolo.columns import BigInt, Boolean, DoublePrecision, Text
from piccolo.table import Table

from server.db.rows import Rows
from server.sites.model import Bin, Carton, Site, Station, Tote


class SiteTable(Table, tablename="site"):
    """Warehouses; the policy is JSON."""

    id = Text(primary_key=True)
    name = Text()
    street = Text()
    city = Text()
    region = Text()
    postcode = Text()
    country = Text()
    latitude = DoublePrecision(null=True)
    longitude = DoublePrecision(null=True)
    cut_off_minute = BigInt()
    policy = Text()


class BinTable(Table, tablename="bin"):
    """Places with an address."""

    id = Text(primary_key=True)
    site = Text()
    code = Text(index=True)
    zone = Text()
    aisle = Text()
    x_mm = BigInt()
    y_mm = BigInt()
    level = BigInt()
    check = Text()
    kind = Text()
    blocked = Boolean()
    way = Text(null=True)


class ToteTable(Table, tablename="tote"):
    """Boxes that goods travel in."""

    id = Text(primary_key=True)
    site = Text(index=True)


class StationTable(Table, tablename="station"):
    """Pack stations."""

    id = Text(primary_key=True)
    site = Text(index=True)
    name = Text()
    scale = Text()
    printer = Text()


class CartonTable(Table, tablename="carton"):
    """Cartons to pack in."""

    id = Text(primary_key=True)
    site = Text(index=True)
    length_mm = BigInt()
    width_mm = BigInt()
    height_mm = BigInt()
    weight_g = BigInt()
    most_g = BigInt()


SITES = Rows(SiteTable, Site)
BINS = Rows(BinTable, Bin)
TOTES = Rows(ToteTable, Tote)
STATIONS = Rows(StationTable, Station)
CARTONS = Rows(CartonTable, Carton)

INDEXES = ('CREATE INDEX "bin_site_code" ON "bin" ("site", "code")',)
"""A site's bins are listed by their codes."""
