"""Tables of the imports."""

from __future__ import annotations

from piccolo.columns import BigInt, Boolean, Text
from piccolo.table import Table

from server.db.rows import Rows
from server.imports.model import Import, Reject


class ImportTable(Table, tablename="import"):
    """What came in."""

    id = Text(primary_key=True)
    kind = Text()
    source = Text()
    channel = Text()
    name = Text()
    user = Text()
    started_at = BigInt()
    told_at = BigInt()
    total = BigInt()
    accepted = BigInt()
    rejected = BigInt()
    done = Boolean()


class RejectTable(Table, tablename="import_reject"):
    """What was not taken; its key counts on within its import."""

    id = Text(primary_key=True)
    import_id = Text()
    number = BigInt()
    belongs_to = Text()
    row = BigInt()
    column = Text()
    code = Text()
    value = Text()
    text = Text()


IMPORTS = Rows(ImportTable, Import)
REJECTS = Rows(RejectTable, Reject)

INDEXES = (
    'CREATE INDEX "import_started_at_id" ON "import" ("started_at", "id")',
    'CREATE INDEX "import_reject_import_id_number" ON "import_reject" ("import_id", "number")',
)
