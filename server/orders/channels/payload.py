"""Fields of channels' JSON, read loosely: any may be missing, null, a number where text was, or text."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from hashlib import blake2b
from typing import Any

import msgspec

from server.kernel.cells import WHOLE
from server.kernel.clock import from_datetime
from server.kernel.money import MOST, parse_minor
from server.kernel.refusal import Refusal
from server.kernel.rows import UNSTORABLE, Rejected
from server.orders.incoming import IncomingLine

Fields = dict[str, Any]
"""A JSON object of which nothing is certain."""

NO_CURRENCY = "XXX"
"""ISO 4217 for "no currency involved": what an order has that names none."""
MOST_UNITS = 10**9
HALF_TURN = 180

_decoder: msgspec.json.Decoder[object] = msgspec.json.Decoder(float_hook=str)


def decode(payload: bytes) -> object:
    """Decode JSON, numbers with a point as text; Refusal `bad_row` says at which row and column it breaks."""
    try:
        return _decoder.decode(payload)
    except (ValueError, RecursionError) as error:  # also for numbers of thousands of digits
        row, column = _broken_at(payload, str(error))
        raise Refusal("bad_row", row=row, column=f"column {column}", value=str(error)[:200]) from None


def _broken_at(payload: bytes, message: str) -> tuple[int, int]:
    """Find the row and column, both from 1, of the byte that the decoder complains of; else of the end."""
    named = re.search(r"\(byte (\d+)\)", message)
    at = int(named[1]) if named else len(payload)
    return payload.count(b"\n", 0, at) + 1, at - payload.rfind(b"\n", 0, at)


def refused(no: Refusal, fields: object, payload: bytes | None = None) -> Rejected:
    """Make a Rejected of a Refusal, with the text of what was refused for the rejects file."""
    raw = payload if payload is not None else msgspec.json.encode(fields)
    known = text(fields, "id") if isinstance(fields, dict) else ""
    facts = no.facts
    text_of_raw = raw.decode("utf-8", errors="replace")
    row = facts.get("row", 0)
    column, value = str(facts.get("column", "")), str(facts.get("value", ""))
    return Rejected(known, row if isinstance(row, int) else 0, column, no.code, value, (text_of_raw,))


def text(fields: Fields, *names: str) -> str:
    """Give the first of the named fields that is text or a number, as text; '' where none is."""
    for name in names:
        value = fields.get(name)
        if isinstance(value, str | int) and not isinstance(value, bool) and str(value).strip():
            return UNSTORABLE.sub("", str(value)).strip()
    return ""


def external_id(fields: Fields) -> str:
    """Give the id, without the `gid://shop/Order/` before it; Refusal `bad_value` where there is none."""
    found = text(fields, "id").rpartition("/")[2]
    if not found:
        raise Refusal("bad_value", column="id", value="")
    return found


def part(fields: Fields, name: str) -> Fields:
    """Give the named object; an empty one where it is missing or no object."""
    value = fields.get(name)
    return value if isinstance(value, dict) else {}


def parts(fields: Fields, name: str) -> list[Fields]:
    """Give the objects of the named list; none where it is missing or no list."""
    value = fields.get(name)
    return [item for item in value if isinstance(item, dict)] if isinstance(value, list) else []


def amount(fields: Fields, name: str, currency: str) -> int:
    """Read money in minor units: text, number or money set; 0 where missing, Refusal `bad_value` else."""
    value = fields.get(name)
    if isinstance(value, dict):
        return amount(part(value, "shop_money") or value, "amount", currency)
    if value is None or value == "":
        return amount(fields, f"{name}_set", currency) if f"{name}_set" in fields else 0
    plain = text(fields, name)
    try:
        return parse_minor(plain, currency)
    except Refusal:
        raise Refusal("bad_value", column=name, value=plain[:200]) from None


def price(fields: Fields, name: str, currency: str, quantity: int) -> int:
    """Read the price of one; Refusal `bad_value` where it is below zero or `quantity` of it pass 64 bits."""
    one = amount(fields, name, currency)
    if not 0 <= one * quantity <= MOST:
        raise Refusal("bad_value", column=name, value=text(fields, name))
    return one


def service(external_id: str, code: str, name: str, minor: int) -> IncomingLine:
    """Make a service line of one: postage, a fee, or below zero a discount."""
    return IncomingLine(external_id, code, name or code, 1, minor, goods=False)


def units(fields: Fields, name: str, least: int = 0) -> int:
    """Read a quantity from `least` to a thousand million; Refusal `bad_value` where it is none."""
    plain = text(fields, name)
    if not WHOLE.fullmatch(plain) or not least <= int(plain.partition(".")[0]) <= MOST_UNITS:
        raise Refusal("bad_value", column=name, value=plain[:200])
    return int(plain.partition(".")[0])


def moment(fields: Fields, *names: str) -> int:
    """Give the first of the named times as ms UTC (no offset means UTC); 0 where none can be read."""
    for name in names:
        try:
            return max(from_datetime(datetime.fromisoformat(text(fields, name))), 0)
        except (ValueError, OverflowError):
            continue
    return 0


def coordinate(fields: Fields, name: str) -> float | None:
    """Give a latitude or longitude in degrees; None where it is missing or none."""
    try:
        degrees = float(text(fields, name))
    except ValueError:
        return None
    return degrees if abs(degrees) <= HALF_TURN else None


def revision(fields: Fields, changed_at: int) -> str:
    """Give what tells revisions apart: the time of change (ms, comparable as text), else a content hash."""
    if changed_at:
        return f"{changed_at:015d}"
    return blake2b(msgspec.json.encode(fields, order="deterministic"), digest_size=8).hexdigest()


@contextmanager
def within(place: str) -> Iterator[None]:
    """Name the place inside the payload in every Refusal: `quantity` becomes `line_items[2].quantity`."""
    try:
        yield
    except Refusal as no:
        facts = {**no.facts, "column": f"{place}.{no.facts.get('column', '')}"}
        raise Refusal(no.code, **facts) from None
