"""The last shift: everybody does what is asked, until nothing more is. What is still open then was forgotten."""

from __future__ import annotations

from server.db.journal import position
from server.jobs.model import CHORES, Tend
from server.kernel.actor import SYSTEM
from server.orders.model import ResumeOrder
from server.orders.store import ORDERS
from server.packing.store import PARCELS
from server.payments.model import PutOnAccount
from server.picking.model import PickLine
from server.picking.store import PICKS, SLOTS, TOTES_IN_USE
from server.protocol import packing as pack
from server.protocol import picking as pick
from server.protocol import shipping as ship
from server.protocol import waves as wave
from server.shipping.store import MANIFESTS
from server.sites.store import TOTES
from server.tasks.store import TASKS
from server.waves.store import WAVES
from tests.floor import CHIEF, OFFICE
from tests.simulation.hands.picker import TODO, scan_of
from tests.simulation.house import Floor
from tests.simulation.site import DROP, PACKERS, PICKERS, SITES, STATIONS

ROUNDS = 12
WHO = PICKERS[0]
FORGOTTEN = {
    "line": """SELECT id, sku, quantity, state, reason, shipment FROM order_line
        WHERE goods AND state NOT IN ('shipped', 'cancelled', 'back_ordered')""",
    "task": "SELECT id, kind, state, wave, assignee FROM task WHERE state IN ('held', 'offered', 'active')",
    "wave": "SELECT id, state FROM wave WHERE state NOT IN ('done', 'cancelled')",
    "parcel": "SELECT id, state, shipment FROM parcel WHERE state NOT IN ('shipped', 'void')",
    "goods": "SELECT id, quantity FROM stock_balance WHERE quantity <> 0 AND pool = '' AND place LIKE '%:%'",
    "pin": "SELECT id, quantity, pinned FROM stock_balance WHERE pinned <> 0",
    "promise": "SELECT id, on_hand, reserved FROM stock_pool WHERE reserved <> 0",
    "buyer": """SELECT l.id, l.sku, l.quantity, b.id AS there, b.quantity AS units, b.expiry FROM order_line l
        JOIN stock_balance b ON b.sku = l.sku AND b.pool <> '' JOIN bin ON bin.id = substr(b.place, 5)
        WHERE l.state = 'back_ordered' AND NOT bin.blocked
        AND b.quantity > b.pinned AND (b.expiry = 0 OR b.expiry > {now})""",
    "tote": "SELECT * FROM tote_use",
}
"""What nobody should have left behind: open work, and a buyer who waits for goods that are there."""


async def close(w: Floor) -> None:
    """Work until all is done, and check that it is."""
    for _ in range(ROUNDS):
        before = await position(w.database)
        await _plan(w)
        await _pick(w)
        await _pack(w)
        await _ship(w)
        if await position(w.database) == before:
            break
    await _nothing_is_forgotten(w)


async def _plan(w: Floor) -> None:
    for order in await w.all(ORDERS, "reason <> '' OR state = 'on_hold'"):
        await w.say(OFFICE, ResumeOrder(order.id))
    for order in await w.all(ORDERS, "payment = 'pending' AND state <> 'cancelled'"):
        await w.say(OFFICE, PutOnAccount(order.id))
    await w.say(SYSTEM, Tend(CHORES))
    for held in await w.all(WAVES, "state = 'held'"):
        await w.say(CHIEF, wave.ResumeWave(held.id))
    await w.settle()
    for site in SITES:
        await w.say(CHIEF, wave.PlanWave(site))
    await w.settle()
    for planned in await w.all(WAVES, "state = 'planned'"):
        await w.say(CHIEF, wave.ReleaseWave(planned.id))
    await w.settle()


async def _pick(w: Floor) -> None:
    for task in await w.all(TASKS, "state IN ('offered', 'active')"):
        await w.say(WHO, pick.TakeOver(task.id))
        while lines := await w.all(PICKS, TODO, task.id):
            await _line(w, lines[0])
        await w.say(WHO, pick.DropTotes(task.id, DROP[task.site]))
    await w.settle()


async def _line(w: Floor, line: PickLine) -> None:
    """Do the next thing that a line asks for; what cannot be scanned is short."""
    if line.state == "withdrawing":
        await w.say(WHO, pick.AcknowledgeWithdrawal(line.task, (line.id,)))
        return
    [slot] = await w.all(SLOTS, "task = ? AND slot = ?", line.task, line.slot) or [None]
    free = await w.any(TOTES, w.chance, "site = ? AND id NOT IN (SELECT tote FROM tote_use)", line.site)
    if slot and not slot.tote:
        await w.say(WHO, pick.NewTote(line.task, line.slot, free.id))
    before = w.answers[""]
    await w.say(WHO, scan_of(line, slot.tote if slot and slot.tote else free.id))
    if w.answers[""] == before:
        done = await w.say(WHO, pick.Short(line.task, line.id, "wrong_item"))
        assert w.answers[""] > before, (line, done)


async def _pack(w: Floor) -> None:
    for tote in await w.all(TOTES_IN_USE):
        await w.say(PACKERS[0], pack.OpenPack(STATIONS[tote.site], tote.tote))
    for parcel in await w.all(PARCELS, "state = 'open'"):
        await w.say(PACKERS[0], pack.TrustTote(parcel.shipment, parcel.id))
        await w.say(PACKERS[0], pack.CloseParcel(parcel.shipment, parcel.id, "C1"))


async def _ship(w: Floor) -> None:
    for parcel in await w.all(PARCELS, "state = 'closed'"):
        await w.say(PACKERS[0], pack.Weigh(parcel.id, max(1, round(parcel.expected_mg / 1000)), stable=True))
        await w.say(CHIEF, pack.AcceptWeight(parcel.id, "the last shift"))
    for parcel in await w.all(PARCELS, "state = 'weighed'"):
        await w.say(PACKERS[0], pack.PrintLabel(parcel.id))
    for parcel in await w.all(PARCELS, "state = 'labelled'"):
        load = await w.say(PACKERS[0], ship.OpenManifest(parcel.site, parcel.carrier))
        await w.say(PACKERS[0], ship.LoadParcel(load, parcel.sscc))
    for load in await w.all(MANIFESTS, "state = 'open' AND parcels > 0"):
        await w.say(PACKERS[0], ship.CloseManifest(load.id))
    await w.settle()


async def _nothing_is_forgotten(w: Floor) -> None:
    for what, sql in FORGOTTEN.items():
        found = await w.database.read(sql.format(now=w.now))
        assert not found, f"{what}: {found[:3]}"
