"""The oplog: what was answered to each operation, and how far each device is. A replay gets the first answer."""

from __future__ import annotations

import msgspec
from piccolo.columns import BigInt, Text
from piccolo.table import Table

from server.db.engine import Database
from server.db.reads import load
from server.db.rows import Rows


class Outcome(msgspec.Struct, frozen=True):
    """The stored answer. `code` is '' for a committed operation; `result` and `facts` are JSON text."""

    op_id: str
    device: str
    seq: int
    command: str
    at: int
    position: int
    code: str
    facts: str
    result: str


class OplogTable(Table, tablename="oplog"):
    """One row an operation."""

    op_id = Text(primary_key=True)
    device = Text()
    seq = BigInt()
    command = Text()
    at = BigInt()
    position = BigInt()
    code = Text()
    facts = Text()
    result = Text()


class Sequence(msgspec.Struct, frozen=True):
    """How many operations of a device are done."""

    device: str
    seq: int


class SequenceTable(Table, tablename="device_sequence"):
    """One row a device."""

    device = Text(primary_key=True)
    seq = BigInt()


OPLOG = Rows(OplogTable, Outcome)
SEQUENCES = Rows(SequenceTable, Sequence)


async def last_seq(database: Database, device: str) -> int:
    """Read how many operations of a device are committed."""
    found = await load(database, SEQUENCES, "device", [device])
    return found[0].seq if found else 0
