"""Table of the manifests."""

from __future__ import annotations

from piccolo.columns import BigInt, Text
from piccolo.table import Table

from server.db.rows import Rows
from server.shipping.model import Manifest


class ManifestTable(Table, tablename="manifest"):
    """Loads."""

    id = Text(primary_key=True)
    site = Text(index=True)
    carrier = Text()
    state = Text(index=True)
    opened_at = BigInt()
    closed_at = BigInt()
    user = Text()
    parcels = BigInt()
    grams = BigInt()


MANIFESTS = Rows(ManifestTable, Manifest)
