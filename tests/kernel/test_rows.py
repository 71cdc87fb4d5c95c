"""CSV files as people send them."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from server.kernel.rows import Columns, Rejected, Row, table

COLUMNS = Columns(("sku",), ("name",), {"name": ("Product Title",)})


def read(*lines: str | bytes) -> list[Row | Rejected]:
    return list(table(lines, COLUMNS))


def cells(*lines: str | bytes) -> list[dict[str, str]]:
    return [row.cells for row in read(*lines) if isinstance(row, Row)]


def test_delimiters_encodings_and_line_ends() -> None:
    wanted = [{"sku": "A", "name": "Caf\xe9"}]
    assert cells("sku,name\n", "A,Caf\xe9\n") == wanted
    assert cells(b"\xef\xbb\xbfSKU;Product Title\r\n", b"A;Caf\xe9\r\n") == wanted
    assert cells("name\tother\tS K U", "Caf\xe9\t1\tA") == wanted
    assert cells("sku|name", "", "   ", 'A|"Caf\xe9"', "") == wanted


def test_a_quoted_cell_may_run_over_lines_and_later_rows_keep_their_numbers() -> None:
    first, second = read("sku,name", 'A,"two', 'lines"', "B,x")
    assert isinstance(first, Row)
    assert isinstance(second, Row)
    assert (first.number, first.cells["name"]) == (2, "two\nlines")
    assert (second.number, second.cells["sku"]) == (4, "B")


def test_an_open_quote_spoils_its_own_row_only() -> None:
    first, second, third = read("sku,name", 'A,"open', 'B,5" NAIL', 'C,"a, b"')
    assert isinstance(first, Rejected)
    assert (first.external_id, first.row, first.code) == ("A", 2, "bad_row")
    assert isinstance(second, Row)
    assert second.cells == {"sku": "B", "name": '5" NAIL'}
    assert isinstance(third, Row)
    assert third.cells == {"sku": "C", "name": "a, b"}


def test_too_few_and_too_many_cells() -> None:
    few, many, padded = read("sku,name", "A", "B,x,y", "C,x,,")
    assert few == Rejected("A", 2, "name", "bad_row", "A", ("A",))
    assert isinstance(many, Rejected)
    assert (many.external_id, many.row) == ("B", 3)
    assert isinstance(padded, Row)


def test_what_no_database_keeps_is_rejected() -> None:
    (row,) = read("sku,name", "A,x\x00y")
    assert row == Rejected("A", 2, "name", "bad_row", "x\\x00y", ("A,x\x00y",))


def test_a_missing_column_is_named_once() -> None:
    assert read("name", "x") == [Rejected("", 1, "sku", "bad_row", "name", ("name",))]
    assert read() == [Rejected("", 1, "sku", "bad_row", "", ("",))]


@given(lines=st.lists(st.binary(max_size=60), max_size=12), headed=st.booleans())
def test_any_bytes_are_rows_or_rejected(lines: list[bytes], *, headed: bool) -> None:
    for row in read(*([b"sku,name"] if headed else []), *lines):
        assert isinstance(row, Row | Rejected)


@given(st.text(alphabet='sku,;"\n\rABab1', max_size=200))
def test_quotes_anywhere_never_break_it(text: str) -> None:
    for row in read("sku,name", *text.split("\n")):
        assert row.raw
