"""What channels are told: tracking numbers as they ship, and what is available, so that they do not oversell."""

from __future__ import annotations

from typing import Any

from msgspec.structs import replace

from server.db.engine import Database
from server.db.reads import load
from server.db.unit import Unit
from server.jobs.actions import enqueue
from server.jobs.senders import webhook
from server.kernel.refusal import Refusal
from server.orders.channels import CHANNELS
from server.orders.channels.address import require_elsewhere
from server.orders.model import ChannelSettings, PutChannel, ShipmentChanged, State, StockTold
from server.orders.store import LINES, ORDERS, SETTINGS, SHIPMENTS
from server.stock.model import StockArrived
from server.stock.reads import available

EVERY_MS = 5_000
"""Changes of stock within this time are told together."""


async def put_channel(unit: Unit, command: PutChannel) -> None:
    """Carry out PutChannel; Refusal `bad_value` for a kind we do not know."""
    if command.kind not in CHANNELS:
        raise Refusal("bad_value", what="kind", value=command.kind, known=", ".join(sorted(CHANNELS)))
    known = await unit.find(SETTINGS, command.id)
    secret = command.secret or (known.secret if known else "")
    pushed = known.pushed if known else 0
    unit.put(SETTINGS, ChannelSettings(command.id, command.kind, secret, command.url, command.active, pushed))


async def _told(unit: Unit) -> list[ChannelSettings]:
    return [channel for channel in await unit.where(SETTINGS) if channel.url and channel.active]


async def shipped(unit: Unit, event: ShipmentChanged) -> None:
    """ShipmentChanged: its channel is told the tracking number, once it has left."""
    if event.state != State.SHIPPED:
        return
    order = await unit.get(ORDERS, event.order)
    if any(channel.id == order.channel for channel in await _told(unit)):
        await enqueue(unit, "tell_tracking", {"shipment": event.shipment}, key=f"tracking:{event.shipment}")


async def stock_changed(unit: Unit, event: StockArrived) -> None:
    """StockArrived: channels are told what is available, many changes at once."""
    del event
    for channel in await _told(unit):
        await enqueue(unit, "tell_stock", {"channel": channel.id}, due=unit.at + EVERY_MS, key=f"stock:{channel.id}")


async def tell_tracking(database: Database, payload: dict[str, Any], key: str, at: int) -> None:
    """Do the job `tell_tracking`; raises Undelivered until the channel accepts it."""
    [shipment] = await load(database, SHIPMENTS, "id", [payload["shipment"]])
    [order] = await load(database, ORDERS, "id", [shipment.order])
    lines = await load(database, LINES, "shipment", [shipment.id])
    [channel] = await load(database, SETTINGS, "id", [order.channel])
    sent = [{"line": x.external_id, "code": x.code, "quantity": x.quantity} for x in lines if x.state is State.SHIPPED]
    body = {
        "type": "shipment.shipped",
        "order": order.external_id,
        "carrier": shipment.carrier,
        "tracking": shipment.tracking,
        "lines": sent,
    }
    await require_elsewhere(channel.url)
    await webhook.send(channel.url, channel.secret, key, at, body)


async def tell_stock(database: Database, payload: dict[str, Any], key: str, at: int) -> StockTold:
    """Do the job `tell_stock`: all that can be promised, per SKU over all sites, and never less than nothing."""
    [channel] = await load(database, SETTINGS, "id", [payload["channel"]])
    await require_elsewhere(channel.url)
    rows = [{"sku": sku, "available": max(0, units)} for sku, units in (await available(database, at)).items()]
    await webhook.send(channel.url, channel.secret, key, at, {"type": "stock.available", "available": rows})
    return StockTold(channel.id, at)


async def stock_told(unit: Unit, command: StockTold) -> None:
    """Carry out StockTold."""
    channel = await unit.get(SETTINGS, command.channel)
    unit.put(SETTINGS, replace(channel, pushed=command.at))
