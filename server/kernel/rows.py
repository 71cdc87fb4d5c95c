"""What came out of a file's row: a row that cannot be read is a value too, so that one bad row never ends an import."""

from __future__ import annotations

import msgspec


class Rejected(msgspec.Struct, frozen=True):
    """Something of a file that was not taken, and why.

    `external_id` is the order, SKU or bin it belongs to ('' where unreadable), `row` the line of the file (1 = first
    line, 0 = no rows, as in JSON), `column` the name of the column or field, `code` the refusal code, `value` what
    stood there, and `raw` the text of everything that was refused with it, ready for the rejects file.
    """

    external_id: str
    row: int
    column: str
    code: str
    value: str
    raw: tuple[str, ...] = ()
