"""What must hold in the database once all is quiet: each check counts what is wrong, and tells of the first."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import msgspec

from server.db.audit import audit
from server.db.engine import Database
from server.db.journal import position
from server.kernel.refusal import Refusal
from server.stock.model import WORLD
from server.stock.recount import recount
from server.torture.tally import Ack, Tally

OPLOG = "SELECT op_id, device, seq, code, position, facts FROM oplog WHERE seq > 0"
SCANS = "SELECT device, device_at, count(*) AS n FROM scan GROUP BY device, device_at"
ONCE = ("LinePicked", "PickUndone", "LineShort", "TotesDropped", "WavePlanned")
"""Events that one operation makes once at most for the same thing."""
TWICE = {
    "moves": """SELECT op_id, source, target, sku, count(*) AS n FROM stock_move WHERE op_id IN
        (SELECT op_id FROM oplog WHERE seq > 0)
        GROUP BY op_id, sku, lot, source, target, quantity, reason, concerns HAVING count(*) > 1""",
    "events": f"""SELECT op_id, kind, subject, count(*) AS n FROM journal WHERE op_id IN
        (SELECT op_id FROM oplog WHERE seq > 0) AND kind IN ({", ".join(f"'{kind}'" for kind in ONCE)})
        GROUP BY op_id, kind, subject HAVING count(*) > 1""",
    "moves of refused": "SELECT m.op_id, m.sku FROM stock_move m JOIN oplog o ON o.op_id = m.op_id WHERE o.code <> ''",
}
PICKED = "SELECT subject, kind, op_id FROM journal WHERE kind IN ('LinePicked', 'PickUndone') ORDER BY position"
SEQUENCES = """
SELECT o.device, o.n, o.least, o.last, s.seq FROM
    (SELECT device, count(*) AS n, min(seq) AS least, max(seq) AS last FROM oplog WHERE seq > 0 GROUP BY device) o
    LEFT JOIN device_sequence s ON s.device = o.device
WHERE o.least <> 1 OR o.n <> o.last OR s.seq IS NULL OR s.seq <> o.last
"""
SUMS = "SELECT sku, lot, sum(quantity) AS units FROM stock_balance GROUP BY sku, lot HAVING sum(quantity) <> 0"
BELOW = f"""
SELECT id, quantity, pinned FROM stock_balance
WHERE place NOT IN ({", ".join(f"'{place}'" for place in sorted(WORLD))}) AND (quantity < 0 OR pinned < 0)
"""
POOLS = "SELECT id, on_hand, reserved FROM stock_pool WHERE on_hand < 0 OR reserved < 0"
JOURNAL = "SELECT count(*) AS n, coalesce(min(position), 1) AS first, coalesce(max(position), 0) AS last FROM journal"


async def check(database: Database, tally: Tally) -> None:
    """Make every check; what fails is blamed in the tally."""
    await _answers_are_stored(database, tally)
    await _scans_are_rows(database, tally)
    for what, sql in TWICE.items():
        _blame(tally, "applied_twice", await database.read(sql), what)
    _picked_in_turn(tally, await database.read(PICKED))
    _blame(tally, "sequence_gaps", await database.read(SEQUENCES))
    _blame(tally, "skus_not_zero", await database.read(SUMS))
    _blame(tally, "balances_differ", await recount(database))
    _blame(tally, "negative_stock", [*await database.read(BELOW), *await database.read(POOLS)])
    await _journal_is_whole(database, tally)


def _blame(tally: Tally, name: str, found: Iterable[Any], what: str = "") -> None:
    for one in found:
        tally.blame(name, f"{what} {one}".strip())


async def _answers_are_stored(database: Database, tally: Tally) -> None:
    """Every answer that a handheld heard is in the oplog, as it heard it."""
    rows = {row["op_id"]: row for row in await database.read(OPLOG)}
    for op_id, ack in tally.acked.items():
        row = rows.get(op_id)
        if row is None:
            tally.blame("acked_missing", f"{op_id}: {ack}")
        elif _stored(row, ack) != ack:
            tally.blame("replay_differs", f"{op_id} was answered {ack}, stored is {row}")
        elif ack.code == "failed":
            tally.blame("failed_ops", f"{op_id}: {ack}")


def _stored(row: dict[str, Any], ack: Ack) -> Ack:
    """Read an oplog's row as an answer; a refusal's position is not told."""
    facts = msgspec.json.encode(msgspec.json.decode(row["facts"]), order="sorted")
    place = 0 if row["code"] else row["position"]
    return Ack(row["device"], row["seq"], ack.at, ack.scan, row["code"], place, facts)


async def _scans_are_rows(database: Database, tally: Tally) -> None:
    """Every committed scan is one row, every refused one at most one."""
    rows = {(row["device"], row["device_at"]): row["n"] for row in await database.read(SCANS)}
    for op_id, ack in tally.acked.items():
        count = rows.get((ack.device, ack.at), 0)
        if ack.scan and not ack.code and count == 0:
            tally.blame("acked_missing", f"{op_id} has no scan row: {ack}")
        elif count > 1:
            tally.blame("applied_twice", f"{op_id} has {count} scan rows: {ack}")


def _picked_in_turn(tally: Tally, rows: Iterable[dict[str, Any]]) -> None:
    """A line is picked once, unless that was undone in between."""
    last: dict[str, str] = {}
    for row in rows:
        if row["kind"] == last.get(row["subject"], "PickUndone"):
            tally.blame("applied_twice", f"{row['kind']} once more: {row}")
        last[row["subject"]] = row["kind"]


async def _journal_is_whole(database: Database, tally: Tally) -> None:
    """Positions run from 1 to the counter without a gap, and every seal fits."""
    [row] = await database.read(JOURNAL)
    if (row["first"], row["n"], row["last"]) != (1, row["last"], await position(database)):
        tally.blame("journal_gaps", f"{row}, the counter says {await position(database)}")
    try:
        await audit(database)
    except Refusal as refusal:
        tally.blame("journal_gaps", f"a seal does not fit: {refusal.facts}")
