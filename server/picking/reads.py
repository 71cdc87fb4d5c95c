"""Tasks as handhelds keep them."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence

from server.catalog.model import Sku
from server.catalog.store import BARCODES, SKUS
from server.db.engine import Database
from server.db.reads import load
from server.orders.store import ORDERS
from server.picking.model import LOOKED, PickLine, PickState, Slot
from server.picking.store import PICKS, SLOTS
from server.protocol.base import View
from server.protocol.picking import BarcodeView, LineView, SlotView, TaskView
from server.sites.model import Bin
from server.sites.store import BINS, SITES
from server.stock.model import bin_place
from server.stock.store import BALANCES
from server.tasks.model import Task
from server.tasks.store import TASKS

ASKED = frozenset({PickState.OPEN, PickState.PICKED})


async def task_views(database: Database, task_ids: Sequence[str]) -> list[TaskView]:
    """Give tasks with their lines in walking order, and all that a handheld needs offline."""
    tasks: list[Task] = await load(database, TASKS, "id", task_ids)
    picks: list[PickLine] = await load(database, PICKS, "task", [t.id for t in tasks])
    slots: list[Slot] = await load(database, SLOTS, "task", [t.id for t in tasks])
    skus = {s.id: s for s in await load(database, SKUS, "id", [p.sku for p in picks])}
    bins = {b.id: b for b in await load(database, BINS, "id", [p.bin for p in picks])}
    orders = {o.id: o for o in await load(database, ORDERS, "id", [s.order for s in slots])}
    sites = {s.id: s for s in await load(database, SITES, "id", [t.site for t in tasks])}
    codes: dict[str, list[BarcodeView]] = defaultdict(list)
    for barcode in await load(database, BARCODES, "sku", [p.sku for p in picks]):
        codes[barcode.sku].append(BarcodeView(barcode.id, barcode.units))
    emptied = await empties(database, [p for p in picks if sites[p.site].policy.zero_check])
    lines: dict[str, list[LineView]] = defaultdict(list)
    for pick in sorted(picks, key=lambda p: p.sequence):
        view = _line(pick, bins[pick.bin], skus[pick.sku], codes[pick.sku], zero_check=pick.id in emptied)
        lines[pick.task].append(view)
    places: dict[str, list[SlotView]] = defaultdict(list)
    for slot in sorted(slots, key=lambda s: s.slot):
        name = orders[slot.order].name if slot.order in orders else ""
        places[slot.task].append(SlotView(slot.slot, slot.shipment, name, slot.tote, slot.tote))
    return [_task(t, lines[t.id], places[t.id], confirm=sites[t.site].policy.confirm_tote) for t in tasks]


async def empties(database: Database, picks: Sequence[PickLine]) -> set[str]:
    """Give the lines after which the book says that their bin is empty, one a bin, unless somebody has looked."""
    wanted = [p for p in picks if p.kind == "pick" and p.state in ASKED]
    left: Counter[str] = Counter()
    for balance in await load(database, BALANCES, "place", [bin_place(p.bin) for p in wanted]):
        left[balance.place] += balance.quantity
    last: dict[tuple[str, str], PickLine] = {}
    for pick in sorted(wanted, key=lambda p: (p.state is PickState.OPEN, p.picked_at, p.sequence)):
        left[bin_place(pick.bin)] -= pick.quantity if pick.state is PickState.OPEN else 0
        last[pick.task, pick.bin] = pick
    return {p.id for p in last.values() if not left[bin_place(p.bin)] and p.reason != LOOKED}


def _task(task: Task, lines: Sequence[LineView], slots: Sequence[SlotView], *, confirm: bool) -> TaskView:
    return TaskView(
        id=task.id,
        kind=str(task.kind),
        state=str(task.state),
        version=task.version,
        steps=task.steps,
        wave=task.wave,
        site=task.site,
        assignee=task.assignee,
        device=task.device,
        priority=task.priority,
        cut_off=task.cut_off,
        walk_mm=task.walk_mm,
        confirm_tote=confirm,
        slots=tuple(slots),
        lines=tuple(lines),
    )


def _line(pick: PickLine, place: Bin, sku: Sku, codes: Sequence[BarcodeView], *, zero_check: bool) -> LineView:
    return LineView(
        id=pick.id,
        sequence=pick.sequence,
        state=str(pick.state),
        step=pick.step,
        bin=pick.bin,
        bin_code=place.code,
        check=place.check,
        aisle=place.aisle,
        level=place.level,
        sku=pick.sku,
        name=sku.name,
        barcodes=(BarcodeView(pick.sku, 1), *codes),
        tracking=pick.tracking,
        lots=(pick.lot,) if pick.lot else (),
        serials=pick.serials,
        quantity=pick.quantity,
        counted=pick.counted,
        picked=pick.picked,
        unit=sku.unit,
        slot=pick.slot,
        shipment=pick.shipment,
        zero_check=zero_check,
    )


HEADS = """
SELECT t.id, t.kind, t.state, t.wave, t.assignee, coalesce(u.name, '') AS name, count(p.id) AS lines,
       count(CASE WHEN p.state NOT IN ('open', 'withdrawing') THEN 1 END) AS lines_done
FROM task t LEFT JOIN users u ON u.id = t.assignee LEFT JOIN pick_line p ON p.task = t.id
WHERE t.site = ? AND t.state IN ('held', 'offered', 'active')
GROUP BY t.id, t.kind, t.state, t.wave, t.assignee, u.name, t.priority, t.cut_off
ORDER BY t.priority DESC, t.cut_off, t.id LIMIT 500
"""


class TaskHead(View, frozen=True):
    """A task without its lines; `name` is who has it ('' = nobody)."""

    id: str
    kind: str
    state: str
    wave: str
    assignee: str
    name: str
    lines: int
    lines_done: int


async def task_heads(database: Database, site: str) -> list[TaskHead]:
    """Give a site's open tasks, the most urgent first."""
    return [TaskHead(**row) for row in await database.read(HEADS, (site,))]
