"""Table of who is connected where: one row a server process, for the supervisor's floor."""

from __future__ import annotations

from piccolo.columns import BigInt, Text
from piccolo.table import Table

from server.db.rows import Rows
from server.live.model import Presence


class PresenceTable(Table, tablename="presence"):
    """Who is connected to each process."""

    process = Text(primary_key=True)
    at = BigInt()
    waiting = Text()


PRESENCE = Rows(PresenceTable, Presence)
OF_OTHERS = f"{PRESENCE.select} WHERE process <> ? AND at > ?"
