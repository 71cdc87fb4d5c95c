"""Table of the customers."""

from __future__ import annotations

from piccolo.columns import BigInt, Boolean, Text
from piccolo.table import Table

from server.customers.model import Customer
from server.db.rows import Rows


class CustomerTable(Table, tablename="customer"):
    """Buyers, each as one channel knows them."""

    id = Text(primary_key=True)
    channel = Text()
    external_ref = Text()
    name = Text()
    email = Text(index=True)
    phone = Text()
    created_at = BigInt()
    erased = Boolean()


CUSTOMERS = Rows(CustomerTable, Customer)
