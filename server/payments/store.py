"""Table of the payments."""

from __future__ import annotations

from piccolo.columns import BigInt, Text
from piccolo.table import Table

from server.db.rows import Rows
from server.payments.model import PaymentRow


class PaymentTable(Table, tablename="payment"):
    """What was paid."""

    id = Text(primary_key=True)
    order = Text(index=True)
    gateway = Text()
    amount = BigInt()
    currency = Text()
    reference = Text()
    state = Text()
    at = BigInt()


PAYMENTS = Rows(PaymentTable, PaymentRow)
