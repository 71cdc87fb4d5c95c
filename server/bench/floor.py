"""A floor full of tasks in their pickers' hands: written set-based, as release and take leave them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

import msgspec

from server.bench.goods import KINDS, STOCK, Signed, bin_of, code_of, sku_of
from server.bench.load import SITE, Handheld
from server.db.engine import Database
from server.db.rows import Rows
from server.kernel.ids import ulid
from server.orders.model import Order, OrderLine, Shipment, State
from server.orders.store import LINES, ORDERS, SHIPMENTS
from server.picking.model import PickLine, PickState, Slot, slot_id
from server.picking.store import PICKS, SLOTS
from server.protocol import steps
from server.protocol.picking import Scan
from server.sites.model import Tote
from server.sites.store import TOTES
from server.stock.model import Balance, Pool, balance_id, bin_place, pool_id
from server.stock.store import BALANCES, POOLS
from server.tasks.model import TaskKind, TaskState, new_task
from server.tasks.store import TASKS

ORDER_LINES, TASK_LINES = 5, 60
UNITS = 3
"""Units a line: their number is typed, so that a line is three scans: bin, SKU, tote."""
STEPS = 3
SPREAD = 7_919
"""A prime: neighbours in a task lie in bins far apart."""
Written = dict[str, tuple[Rows[Any], list[Any]]]


class Sheet:
    """The rows of one floor, by table, and how much of each SKU it promises."""

    def __init__(self, at: int) -> None:
        """Start empty, at this time (ms UTC)."""
        self.at, self.number = at, 0
        self.rows: Written = {}
        self.promised: Counter[int] = Counter()

    def put(self, rows: Rows[Any], *values: msgspec.Struct) -> None:
        """Add rows to a table."""
        self.rows.setdefault(rows.name, (rows, []))[1].extend(values)

    async def write(self, database: Database) -> None:
        """Write all in one transaction."""
        self.put(BALANCES, *(_balance(n, units) for n, units in self.promised.items()))
        self.put(POOLS, *(_pool(n, units) for n, units in self.promised.items()))
        await database.begin()
        for rows, values in self.rows.values():
            await database.many(rows.upsert, [rows.dump(value) for value in values])
        await database.commit()


def _balance(number: int, promised: int) -> Balance:
    place, sku = bin_place(f"{SITE}:{bin_of(number)}"), sku_of(number)
    return Balance(balance_id(place, sku), place, sku, "", pool_id(SITE, sku), 0, STOCK, promised)


def _pool(number: int, promised: int) -> Pool:
    return Pool(pool_id(SITE, sku_of(number)), SITE, sku_of(number), STOCK, promised)


async def lay_floor(database: Database, people: Sequence[Signed], scans: int, at: int) -> tuple[Handheld, ...]:
    """Give each of these people active tasks for at least so many scans; what they will scan is in the answer."""
    sheet = Sheet(at)
    lines = -(-scans // STEPS)
    handhelds = tuple(_handheld(sheet, person, lines) for person in people)
    await sheet.write(database)
    return handhelds


def _handheld(sheet: Sheet, person: Signed, lines: int) -> Handheld:
    sizes = (min(TASK_LINES, lines - done) for done in range(0, lines, TASK_LINES))
    scans = tuple(scan for size in sizes for scan in _task(sheet, person, size))
    return Handheld(person.user, person.device, person.cookie, scans)


def _task(sheet: Sheet, person: Signed, lines: int) -> Iterator[Scan]:
    """Lay a task of so many lines and give its scans in walking order."""
    task = new_task(TaskKind.PICK, SITE, sheet.at, lines=lines, steps=steps.VERSION)
    mine = {"state": TaskState.ACTIVE, "assignee": person.user, "device": person.device, "taken_at": sheet.at}
    sheet.put(TASKS, msgspec.structs.replace(task, **mine))
    for slot, first in enumerate(range(0, lines, ORDER_LINES), 1):
        yield from _order(sheet, task.id, slot, first, min(ORDER_LINES, lines - first))


def _order(sheet: Sheet, task: str, slot: int, first: int, count: int) -> Iterator[Scan]:
    """Lay an order with its shipment, and its slot and lines on a task."""
    order, shipment, tote = ulid(sheet.at), ulid(sheet.at), f"T{len(sheet.rows.get(TOTES.name, ((), ()))[1]):06}"
    tally = {State.PICKING: count}
    sheet.put(TOTES, Tote(tote, SITE))
    sheet.put(ORDERS, order_of(order, sheet.at, State.PICKING, tally))
    sheet.put(SHIPMENTS, Shipment(shipment, order, SITE, "own_van", sheet.at, 0, State.PICKING, tally, "", "", 1))
    sheet.put(SLOTS, Slot(slot_id(task, slot), task, slot, order, shipment, ""))
    for number in range(1, count + 1):
        yield from _line(sheet, PickPlace(task, order, shipment, tote, slot, first + number), number)


class PickPlace(msgspec.Struct, frozen=True):
    """Where a line stands: its task, order, shipment and tote, its slot and its turn in the walk."""

    task: str
    order: str
    shipment: str
    tote: str
    slot: int
    sequence: int


def _line(sheet: Sheet, at: PickPlace, number: int) -> Iterable[Scan]:
    kind = sheet.number = (sheet.number + SPREAD) % KINDS
    sheet.promised[kind] += UNITS
    line = line_of(ulid(sheet.at), at.order, number, sku_of(kind), State.PICKING, at.shipment)
    sheet.put(LINES, line)
    sheet.put(PICKS, pick_of(line, at, kind))
    return (
        Scan(at.task, line.id, "bin", bin_of(kind), "code128"),
        Scan(at.task, line.id, "sku", code_of(kind), "ean13", UNITS),
        Scan(at.task, line.id, "tote", at.tote, "code128"),
    )


def order_of(key: str, at: int, state: State, tally: dict[State, int]) -> Order:
    """Make an order of the benchmark's channel."""
    return Order(
        id=key,
        channel="bench",
        external_id=key,
        revision="1",
        name=key,
        placed_at=at,
        currency="GBP",
        customer="",
        address=None,
        payment="paid",
        total=1_000,
        note="",
        priority=0,
        shipping_method="",
        state=state,
        tally=tally,
        reason="",
        version=1,
        created_at=at,
    )


def line_of(key: str, order: str, number: int, sku: str, state: State, shipment: str) -> OrderLine:
    """Make a line of an order."""
    return OrderLine(key, order, number, str(number), sku, sku, sku, UNITS, 500, True, state, shipment, "")  # noqa: FBT003


def pick_of(line: OrderLine, at: PickPlace, kind: int) -> PickLine:
    """Make the stop of a line that is still to be picked."""
    return PickLine(
        id=line.id,
        task=at.task,
        kind="pick",
        sequence=at.sequence,
        site=SITE,
        order=at.order,
        shipment=at.shipment,
        line=line.id,
        bin=f"{SITE}:{bin_of(kind)}",
        sku=line.sku,
        tracking="none",
        lot="",
        quantity=UNITS,
        counted=0,
        picked=0,
        state=PickState.OPEN,
        step=steps.first("pick"),
        slot=at.slot,
        tote="",
        serials=(),
        reason="",
        picked_at=0,
    )
