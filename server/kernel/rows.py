"""Rows of CSV files with named columns: a row that cannot be read is a value too, and ends no import."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import TypeVar

import msgspec

from server.kernel.records import Record, delimiter_of, records, split, text_lines
from server.kernel.refusal import Refusal

UNSTORABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff]")

T = TypeVar("T")


class Rejected(msgspec.Struct, frozen=True):
    """Something of a file that was not taken, and why.

    `external_id` is the order, SKU or bin it belongs to ('' where unreadable), `row` the line of the
    file (1 = the first, 0 = the payload has no rows), `column` the name of the column or field, `code`
    the refusal code, `value` what stood there, and `raw` the text of everything that was refused with
    it, ready for the rejects file.
    """

    external_id: str
    row: int
    column: str
    code: str
    value: str
    raw: tuple[str, ...] = ()


class Row(msgspec.Struct, frozen=True):
    """One row: its first line's number in the file, its cells by column name, and its text as it stood."""

    number: int
    cells: dict[str, str]
    raw: str


class Columns(msgspec.Struct, frozen=True):
    """What a file must have and may have; the first required column says what a row belongs to.

    `spellings` are other names per column. Names are compared without case, blanks and punctuation;
    columns of other names are passed over.
    """

    required: tuple[str, ...]
    optional: tuple[str, ...] = ()
    spellings: Mapping[str, tuple[str, ...]] = {}


def _fold(name: str) -> str:
    return re.sub(r"[\W_]", "", name).casefold()


def _places(header: list[str], columns: Columns) -> dict[str, int]:
    """Find at which place each known column stands; of two of one name, the first."""
    standing = {_fold(name): place for place, name in reversed(list(enumerate(header)))}
    found = {}
    for name in (*columns.required, *columns.optional):
        spellings = (_fold(spelling) for spelling in (name, *columns.spellings.get(name, ())))
        place = next((standing[spelling] for spelling in spellings if spelling in standing), None)
        if place is not None:
            found[name] = place
    return found


def table(lines: Iterable[str | bytes], columns: Columns) -> Iterator[Row | Rejected]:
    """Read a CSV file with a header; its delimiter is the one of comma, semicolon, tab and bar used most.

    A record that cannot be split, has another number of cells than the header, or holds what no
    database stores is Rejected. A file without a required column is one Rejected and nothing else.
    """
    source = text_lines(lines)
    first = next(source, "")
    delimiter = delimiter_of(first)
    header = split(first, delimiter) or []
    places = _places(header, columns)
    missing = [name for name in columns.required if name not in places]
    if missing:
        yield Rejected("", 1, missing[0], "bad_row", first[:200], (first,))
        return
    for record in records(source, delimiter, len(header)):
        yield _row(record, header, places) or _misfit(record, header, places, delimiter)


def _row(record: Record, header: list[str], places: Mapping[str, int]) -> Row | None:
    """Name the cells; None where they are fewer than the header's, or more and not blank."""
    cells = record.cells
    if cells is None or len(cells) < len(header) or any(cells[len(header) :]):
        return None
    if not record.raw.isprintable() and any(UNSTORABLE.search(cell) for cell in cells):
        return None
    return Row(record.number, {name: cells[place].strip() for name, place in places.items()}, record.raw)


def _misfit(record: Record, header: list[str], places: Mapping[str, int], delimiter: str) -> Rejected:
    """Say what is wrong with a record that is no row, and what it belongs to as far as can be seen."""
    cells = record.cells or record.raw.split(delimiter)
    place = next(iter(places.values()))
    belongs = cells[place].strip(' "\t') if place < len(cells) else ""
    dirty = next((at for at, cell in enumerate(cells) if UNSTORABLE.search(cell)), None)
    at = dirty if dirty is not None else min(len(cells), len(header) - 1)
    column = header[at] if record.cells is not None and at < len(header) else ""
    value = cells[dirty] if dirty is not None else record.raw
    return Rejected(storable(belongs), record.number, column, "bad_row", storable(value[:200]), (record.raw,))


def storable(text: str) -> str:
    """Give `text` with what no database stores written as escapes."""
    return UNSTORABLE.sub(lambda found: ascii(found[0])[1:-1], text)


def typed(
    lines: Iterable[str | bytes], columns: Columns, build: Callable[[dict[str, str]], T]
) -> Iterator[T | Rejected]:
    """Make a value of every row; where `build` refuses (facts `column` and `value`), a Rejected."""
    for row in table(lines, columns):
        if isinstance(row, Rejected):
            yield row
            continue
        try:
            yield build(row.cells)
        except Refusal as no:
            yield rejected(row.cells[columns.required[0]], row, no)


def rejected(external_id: str, row: Row, no: Refusal, raw: tuple[str, ...] = ()) -> Rejected:
    """Make a Rejected of a Refusal that names `column` and `value`."""
    column, value = str(no.facts.get("column", "")), str(no.facts.get("value", ""))
    return Rejected(external_id, row.number, column, no.code, value[:200], raw or (row.raw,))
