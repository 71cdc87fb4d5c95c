"""Orders as CSV order lines, one row each: the format of the UCI Online Retail data set.

InvoiceNo groups rows into an order. What is made of one invoice:
- `C...` is a cancellation: all of it is Returned.
- Rows above zero are the order. Service codes (postage, discounts, fees) make service lines.
- Negative goods rows are Returned beside it: `negative` where the invoice also orders something,
  `write_off` where it does not. A negative service row of an order is a discount on it.
- An invoice that orders services only has nothing to ship: Rejected with `no_goods`.
- A bad row rejects its whole order.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from hashlib import blake2b

import msgspec

from server.kernel.cells import moment, some, whole, wrong
from server.kernel.money import MOST, parse_minor
from server.kernel.refusal import Refusal
from server.kernel.rows import Columns, Rejected, Row, rejected, table
from server.orders.incoming import (
    IncomingAddress,
    IncomingLine,
    IncomingOrder,
    Parsed,
    Returned,
    ReturnedLine,
)
from server.sites.countries import code_or_name

COLUMNS = Columns(
    required=("InvoiceNo", "StockCode", "Description", "Quantity", "InvoiceDate", "UnitPrice"),
    optional=("CustomerID", "Country"),
    spellings={"InvoiceNo": ("Invoice",), "UnitPrice": ("Price",)},
)
SERVICES = re.compile(
    r"POST|DOT|M|D|S|B|C2|C3|CRUK|PADS|AMAZONFEE|BANK CHARGES|ADJUST\d?|SP\d{4}|GIFT_\w+|TEST\w+",
    re.IGNORECASE,
)
MOST_UNITS = 10**9
WINDOW = 100_000
"""Rows after which an order that had no further one is taken to be whole; it bounds the memory."""


class Terms(msgspec.Struct, frozen=True):
    """What the file does not say: currency, how its orders are paid, and which codes are not goods."""

    currency: str = "GBP"
    payment: str = "paid"
    services: re.Pattern[str] = SERVICES


class Entry(msgspec.Struct, frozen=True):
    """One good row: a quantity below zero came back; the unit price is in minor units."""

    row: Row
    code: str
    quantity: int
    unit_price: int
    goods: bool


Group = list[Row | Rejected]


def read(lines: Iterable[str | bytes], channel: str, terms: Terms | None = None) -> Parsed:
    """Read order lines; orders come in the order of their first rows, also where their rows lie apart.

    Rows are held until the file ends or `WINDOW` rows went by; a row of an order that was given out by
    then is Rejected with `late_row`.
    """
    for invoice, rows in _grouped(table(lines, COLUMNS)):
        yield from _invoice(invoice, rows, channel, terms or Terms())


def _grouped(rows: Iterable[Row | Rejected]) -> Iterator[tuple[str, Group]]:
    """Gather the rows of each invoice; those that name none come alone."""
    held: dict[str, Group] = {}
    gone: set[str] = set()
    for count, row in enumerate(rows, 1):
        invoice = row.external_id if isinstance(row, Rejected) else row.cells["InvoiceNo"]
        if not invoice:
            yield "", [row]
        elif invoice in gone:
            yield invoice, [_late(invoice, row)]
        else:
            held.setdefault(invoice, []).append(row)
        if count % WINDOW == 0:
            quiet = [key for key, group in held.items() if _number(group[-1]) < _number(row) - WINDOW]
            gone.update(quiet)
            yield from [(key, held.pop(key)) for key in quiet]
    for invoice in list(held):
        yield invoice, held.pop(invoice)


def _number(row: Row | Rejected) -> int:
    return row.row if isinstance(row, Rejected) else row.number


def _late(invoice: str, row: Row | Rejected) -> Rejected:
    raw = row.raw if isinstance(row, Rejected) else (row.raw,)
    return Rejected(invoice, _number(row), "InvoiceNo", "late_row", invoice, raw)


def _invoice(invoice: str, rows: Group, channel: str, terms: Terms) -> Parsed:
    """Make of one invoice what the module says; its first bad row rejects all of it."""
    raw = tuple(text for row in rows for text in (row.raw if isinstance(row, Rejected) else (row.raw,)))
    entries = []
    for row in rows:
        if isinstance(row, Rejected):
            yield msgspec.structs.replace(row, raw=raw)
            return
        try:
            entries.append(_entry(row, terms))
        except Refusal as no:
            yield rejected(invoice, row, no, raw)
            return
    yield from _sorted_out(invoice, entries, channel, terms)


def _entry(row: Row, terms: Terms) -> Entry:
    """Read one row; Refusal names the first column that is wrong."""
    cells = row.cells
    some(cells, "InvoiceNo")
    code = some(cells, "StockCode")
    quantity = whole(cells, "Quantity", -MOST_UNITS, MOST_UNITS)
    moment(cells, "InvoiceDate")
    if quantity == 0:
        raise wrong(cells, "Quantity", "zero_quantity")
    if quantity > 0 and _is_cancellation(cells["InvoiceNo"]):
        raise wrong(cells, "Quantity")
    return Entry(row, code, quantity, _price(row, quantity, terms), not terms.services.fullmatch(code))


def _price(row: Row, quantity: int, terms: Terms) -> int:
    try:
        price = parse_minor(row.cells["UnitPrice"], terms.currency)
    except Refusal:
        price = -1
    if not 0 <= price * abs(quantity) <= MOST:
        raise wrong(row.cells, "UnitPrice")
    return price


def _is_cancellation(invoice: str) -> bool:
    return invoice[:1] in "Cc"


def _sorted_out(invoice: str, entries: list[Entry], channel: str, terms: Terms) -> Parsed:
    """Tell order, returns and services apart."""
    back = [entry for entry in entries if entry.quantity < 0]
    if len(back) == len(entries):
        kind = "cancellation" if _is_cancellation(invoice) else "write_off"
        yield _returned(invoice, back, channel, kind)
        return
    ordered = any(entry.goods and entry.quantity > 0 for entry in entries)
    wanted = [entry for entry in entries if entry.quantity > 0 or not entry.goods]
    yield _order(invoice, wanted, channel, terms) if ordered else _no_goods(invoice, wanted)
    returned = [entry for entry in back if entry.goods]
    if returned:
        yield _returned(invoice, returned, channel, "negative" if ordered else "write_off")


def _no_goods(invoice: str, entries: list[Entry]) -> Rejected:
    row = entries[0].row
    raw = tuple(entry.row.raw for entry in entries)
    return Rejected(invoice, row.number, "StockCode", "no_goods", entries[0].code, raw)


def _returned(invoice: str, entries: list[Entry], channel: str, kind: str) -> Returned:
    lines = tuple(
        ReturnedLine(entry.code, entry.row.cells["Description"], -entry.quantity, entry.unit_price) for entry in entries
    )
    return Returned(channel, invoice, invoice, moment(entries[0].row.cells, "InvoiceDate"), lines, kind)


def _line(place: int, entry: Entry) -> IncomingLine:
    """Make an order line; what a service row takes off becomes a price below zero."""
    quantity = abs(entry.quantity)
    price = entry.unit_price if entry.quantity > 0 else -entry.unit_price
    text = entry.row.cells["Description"]
    return IncomingLine(str(place), entry.code, text, quantity, price, entry.goods)


def _order(invoice: str, entries: list[Entry], channel: str, terms: Terms) -> IncomingOrder | Rejected:
    lines = tuple(_line(place, entry) for place, entry in enumerate(entries, 1))
    total = sum(line.quantity * line.unit_price for line in lines)
    first = entries[0].row
    if abs(total) > MOST:
        return rejected(invoice, first, wrong(first.cells, "UnitPrice"), tuple(e.row.raw for e in entries))
    buyer = first.cells.get("CustomerID", "").removesuffix(".0")
    return IncomingOrder(
        channel=channel,
        external_id=invoice,
        revision=_revision(entries),
        name=invoice,
        placed_at=moment(first.cells, "InvoiceDate"),
        currency=terms.currency,
        lines=lines,
        total=total,
        payment=terms.payment,
        customer_ref=buyer,
        customer_name=f"Customer {buyer}" if buyer else "",
        address=IncomingAddress(country=code_or_name(first.cells.get("Country", ""))),
    )


def _revision(entries: list[Entry]) -> str:
    """Give a content hash: the file has no time of change, so the same rows are the same revision."""
    content = "\x1e".join("\x1f".join(entry.row.cells.values()) for entry in entries)
    return blake2b(content.encode(), digest_size=8).hexdigest()
