"""Records of delimited text as people send it: a wrong quote spoils its own record and no other."""

from __future__ import annotations

import csv
from collections import deque
from collections.abc import Iterable, Iterator
from itertools import islice

import msgspec

DELIMITERS = ",;\t|"
SPANNED = 20
"""How many further lines a quoted cell may run over; a quote still open then was a mistake."""


class Record(msgspec.Struct, frozen=True):
    """One record: number of its first line in the file, text, and cells (None = quotes do not close)."""

    number: int
    raw: str
    cells: list[str] | None


def text_lines(lines: Iterable[str | bytes]) -> Iterator[str]:
    """Give lines without their ends: UTF-8 with or without a byte order mark, else Windows' Latin-1."""
    for line in lines:
        yield (line if isinstance(line, str) else _decoded(line)).removeprefix("\ufeff").rstrip("\r\n")


def _decoded(line: bytes) -> str:
    try:
        return line.decode("utf-8")
    except UnicodeDecodeError:
        return line.decode("cp1252", errors="replace")


def delimiter_of(header: str) -> str:
    """Tell which of comma, semicolon, tab and bar a header has most of."""
    return max(DELIMITERS, key=header.count)


def split(raw: str, delimiter: str) -> list[str] | None:
    """Split one record into cells; None where its quotes do not close."""
    try:
        return next(csv.reader([raw], delimiter=delimiter, strict=True), [])
    except csv.Error:
        return None


def _joined(record: Record, lines: Iterator[str], waiting: deque[str], form: tuple[str, int]) -> Record:
    """Add the lines that a quoted cell runs over; the record as it was where that makes no whole one."""
    delimiter, width = form
    whole = record.raw
    for more in range(1, SPANNED + 1):
        if len(waiting) < more:
            waiting.extend(islice(lines, 1))
        if len(waiting) < more:
            break
        whole += "\n" + waiting[more - 1]
        cells = split(whole, delimiter)
        if cells is not None and len(cells) == width:
            for _ in range(more):
                waiting.popleft()
            return Record(record.number, whole, cells)
    return record


def records(lines: Iterator[str], delimiter: str, width: int) -> Iterator[Record]:
    """Read the records after a header of `width` cells; blank lines are passed over but counted."""
    waiting: deque[str] = deque()
    number = 2
    while (raw := waiting.popleft() if waiting else next(lines, None)) is not None:
        record = Record(number, raw, split(raw, delimiter))
        if record.cells is None:
            record = _joined(record, lines, waiting, (delimiter, width))
        if raw.strip():
            yield record
        number += record.raw.count("\n") + 1
