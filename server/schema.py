"""All tables of all slices, for the migrations' test and for the first file: `python -m server.schema`."""

from __future__ import annotations

import sys

from piccolo.table import Table

from server.catalog import store as catalog
from server.customers import store as customers
from server.db import journal, oplog
from server.db.rows import all_ddl
from server.imports import store as imports
from server.jobs import store as jobs
from server.live import store as live
from server.orders import store as orders
from server.packing import store as packing
from server.payments import store as payments
from server.people import store as people
from server.picking import store as picking
from server.shipping import store as shipping
from server.sites import store as sites
from server.stock import store as stock
from server.tasks import store as tasks
from server.waves import store as waves

MODULES = (
    journal,
    oplog,
    people,
    sites,
    catalog,
    customers,
    jobs,
    tasks,
    stock,
    orders,
    payments,
    waves,
    picking,
    packing,
    shipping,
    live,
    imports,
)
TABLES: tuple[type[Table], ...] = tuple(
    value
    for module in MODULES
    for value in vars(module).values()
    if isinstance(value, type) and issubclass(value, Table) and value.__module__ == module.__name__
)

INDEXES: tuple[str, ...] = tuple(sql for module in MODULES for sql in getattr(module, "INDEXES", ()))
"""Indexes over several columns, which Piccolo cannot declare."""

if __name__ == "__main__":
    sys.stdout.write("".join(f"{statement};\n" for statement in (*all_ddl(TABLES), *INDEXES)))
