"""The only wiring: which action carries out a command, what follows an event, who does a job."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from server.allocation import actions as allocation
from server.allocation.model import AllocateOrder, AllocateWaiting, Displace, ReviewPromises
from server.bus import Handler, Reaction
from server.catalog import actions as catalog
from server.catalog.model import PutProduct, SkuChanged, SkuCreated
from server.customers import actions as customers
from server.customers.model import CustomerErased, EraseCustomer
from server.db.event import Event
from server.house import House, Wiring
from server.imports import actions as imports
from server.imports.model import RecordImport
from server.jobs import actions as jobs
from server.jobs.model import FinishJobs, LeaseJobs, PruneJobs, RetryJob, Tend
from server.jobs.runner import Handler as JobHandler
from server.live import actions as live
from server.live.model import DeclareLoss, TellPresence
from server.orders import actions as orders
from server.orders import outgoing
from server.orders.model import (
    CancelOrder,
    HoldOrder,
    ImportOrder,
    ImportReturn,
    LineChanged,
    OrderAmended,
    OrderReceived,
    PutChannel,
    ResumeOrder,
    ShipmentChanged,
    StockTold,
)
from server.packing import actions as packing
from server.packing import reactions as packing_reactions
from server.packing import weighing
from server.packing.model import ParcelVoided
from server.payments import actions as payments
from server.payments.model import PayOrder, PutOnAccount, RecordPayment
from server.people import actions as people
from server.picking import actions as picking
from server.picking import confirm, counts, rerouting, split
from server.picking import reactions as picking_reactions
from server.picking.model import QueueCount, SaveWalk
from server.picking.store import warm_scans
from server.protocol import packing as pack
from server.protocol import picking as pick
from server.protocol import shipping as ship
from server.protocol import waves as wave
from server.protocol.base import Command
from server.shipping import actions as shipping
from server.shipping import printing
from server.shipping.model import ShipParcel, TellStuck
from server.sites import actions as sites
from server.sites.model import PutBin, PutCarton, PutSite, PutStation, PutTote
from server.stock import actions as stock
from server.stock.model import AdjustStock, ReceiveStock, StockArrived, StockDisplaced
from server.tasks.model import TaskChanged
from server.waves import actions as waves
from server.waves import planning
from server.waves.model import ReleaseTask, SavePlan, TaskReleased
from server.waves.release import release_task

Payload = dict[str, Any]
A = Handler
COMMANDS: Mapping[type, Handler] = {
    **people.COMMANDS,
    PutProduct: A(catalog.put_product, "stock"),
    PutSite: A(sites.put_site, "admin"),
    PutBin: A(sites.put_bin, "stock"),
    PutTote: A(sites.put_tote, "stock"),
    PutStation: A(sites.put_station, "admin"),
    PutCarton: A(sites.put_carton, "stock"),
    EraseCustomer: A(customers.erase, "admin"),
    LeaseJobs: A(jobs.lease, "system"),
    FinishJobs: A(jobs.finish, "system"),
    RetryJob: A(jobs.retry, "supervise"),
    Tend: A(jobs.tend, "system"),
    PruneJobs: A(jobs.prune, "system"),
    ReceiveStock: A(stock.receive, "receive"),
    AdjustStock: A(stock.adjust, "stock"),
    ImportOrder: A(orders.take_order, "machine"),
    ImportReturn: A(orders.take_return, "machine"),
    QueueCount: A(counts.queue_count, "stock"),
    RecordImport: A(imports.record, "system"),
    CancelOrder: A(orders.cancel, "office"),
    HoldOrder: A(orders.hold, "office"),
    ResumeOrder: A(orders.resume, "office"),
    PutChannel: A(outgoing.put_channel, "admin"),
    StockTold: A(outgoing.stock_told, "system"),
    PayOrder: A(payments.pay, "office"),
    PutOnAccount: A(payments.on_account, "office"),
    RecordPayment: A(payments.record, "system"),
    AllocateOrder: A(allocation.allocate, "system"),
    AllocateWaiting: A(allocation.allocate_waiting, "system"),
    Displace: A(allocation.displace, "system"),
    ReviewPromises: A(allocation.review_promises, "system"),
    wave.PlanWave: A(waves.plan_wave, "supervise"),
    SavePlan: A(waves.save_plan, "system"),
    SaveWalk: A(rerouting.save_walk, "system"),
    wave.ReplanWave: A(waves.replan_wave, "supervise"),
    wave.ReleaseWave: A(waves.release_wave, "supervise"),
    ReleaseTask: A(release_task, "system"),
    wave.HoldWave: A(waves.hold_wave, "supervise"),
    wave.ResumeWave: A(waves.resume_wave, "supervise"),
    wave.CancelWave: A(waves.cancel_wave, "supervise"),
    wave.AssignTask: A(waves.assign_task, "supervise"),
    wave.SplitTask: A(split.split, "supervise"),
    wave.JoinTasks: A(split.join, "supervise"),
    wave.LoseDevice: A(picking_reactions.lose_device, "supervise"),
    pick.Scan: A(confirm.scan, "pick", warm_scans),
    pick.TakeTask: A(picking.take, "pick"),
    pick.TakeOver: A(picking.take_over, "pick"),
    pick.HandBack: A(picking.hand_back, "pick"),
    pick.Short: A(picking.short, "pick"),
    pick.Skip: A(picking.skip, "pick"),
    pick.Undo: A(picking.undo, "pick"),
    pick.NewTote: A(picking.new_tote, "pick"),
    pick.ZeroCheck: A(picking.zero_check, "pick"),
    pick.AcknowledgeWithdrawal: A(picking.acknowledge, "pick"),
    pick.DropTotes: A(picking.drop_totes, "pick"),
    pack.OpenPack: A(packing.open_pack, "pack"),
    pack.PackItem: A(packing.pack_item, "pack"),
    pack.TrustTote: A(packing.trust_tote, "pack"),
    pack.ReportMissing: A(packing.report_missing, "pack"),
    pack.CloseParcel: A(packing.close_parcel, "pack"),
    pack.ReopenParcel: A(packing.reopen_parcel, "pack"),
    pack.Weigh: A(weighing.weigh, "pack"),
    pack.AcceptWeight: A(weighing.accept_weight, "weigh_accept"),
    pack.PrintLabel: A(shipping.print_label, "pack"),
    pack.VoidLabel: A(shipping.void_label, "pack"),
    ship.OpenManifest: A(shipping.open_manifest, "ship"),
    ship.LoadParcel: A(shipping.load_parcel, "ship"),
    ship.CloseManifest: A(shipping.close_manifest, "ship"),
    ship.SetTracking: A(shipping.set_tracking, "ship"),
    ship.Unship: A(shipping.unship, "ship"),
    ShipParcel: A(shipping.ship_parcel, "system"),
    TellStuck: A(shipping.tell_stuck, "system"),
    DeclareLoss: A(live.declare_loss, ""),
    TellPresence: A(live.tell_presence, "system"),
}

REACTIONS: Mapping[type[Event], Sequence[Reaction]] = {
    SkuCreated: (orders.sku_known,),
    SkuChanged: (orders.sku_known,),
    CustomerErased: (orders.customer_erased,),
    OrderReceived: (payments.received,),
    OrderAmended: (payments.received,),
    StockArrived: (allocation.arrived, outgoing.stock_changed),
    StockDisplaced: (allocation.displaced,),
    TaskReleased: (picking_reactions.lay,),
    TaskChanged: (picking_reactions.task_changed, waves.task_changed),
    LineChanged: (allocation.line_changed, picking_reactions.line_changed, packing_reactions.line_changed),
    ParcelVoided: (shipping.voided,),
    ShipmentChanged: (outgoing.shipped,),
}


async def _allocate(_: House, payload: Payload) -> Command:
    return AllocateOrder(payload["order"])


async def _allocate_waiting(_: House, payload: Payload) -> Command:
    return AllocateWaiting(payload["sku"])


async def _displace(_: House, payload: Payload) -> Command:
    return Displace(payload["pool"])


async def _release(_: House, payload: Payload) -> Command:
    return ReleaseTask(payload["planned"])


async def _ship(_: House, payload: Payload) -> Command:
    return ShipParcel(payload["parcel"])


JOBS: Mapping[str, JobHandler] = {
    "allocate": _allocate,
    "allocate_waiting": _allocate_waiting,
    "displace": _displace,
    "review_promises": lambda house, _: allocation.review(house.database, house.clock()),
    "prune_jobs": lambda house, _: jobs.old(house.database, house.clock()),
    "release_task": _release,
    "ship_parcel": _ship,
    "capture": lambda _, payload: payments.capture(payload, payload["job"]),
    "reroute_task": lambda house, payload: rerouting.plan(house.database, payload),
    "plan_wave": lambda house, payload: planning.plan(house.database, payload, house.clock()),
    "print_label": lambda house, payload: printing.print_label(house.bus, payload),
    "tell_tracking": lambda house, payload: outgoing.tell_tracking(
        house.database, payload, payload["job"], house.clock()
    ),
    "tell_stock": lambda house, payload: outgoing.tell_stock(house.database, payload, payload["job"], house.clock()),
}

WIRING = Wiring(COMMANDS, REACTIONS, JOBS)
