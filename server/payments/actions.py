"""Capture, record, put on account: what lets an order's lines go on."""

from __future__ import annotations

from typing import Any

from msgspec.structs import replace

from server.db.unit import Unit
from server.jobs.actions import enqueue
from server.jobs.model import JobState
from server.jobs.store import JOBS
from server.kernel.ids import ulid
from server.kernel.refusal import Refusal
from server.orders import lines
from server.orders.model import Order, OrderAmended, OrderLine, OrderReceived, State
from server.orders.store import ORDERS
from server.payments.gateways import gateway
from server.payments.gateways.base import Charge
from server.payments.model import OrderPaid, PaymentDeclined, PaymentRow, PayOrder, PutOnAccount, RecordPayment
from server.payments.store import PAYMENTS

SETTLED = frozenset({"paid", "on_account"})


async def received(unit: Unit, event: OrderReceived | OrderAmended) -> None:
    """OrderReceived, OrderAmended: what the channel says of the payment is taken at its word.

    What an amendment adds to a settled order, and the channel has no money for yet, waits to be paid.
    """
    order = await unit.get(ORDERS, event.order)
    if event.payment == "paid":
        due = order.total if isinstance(event, OrderReceived) else await _due(unit, order)
        if due > 0:
            _record(unit, order, "channel", order.external_id, due)
        await _settle(unit, order, "paid")
    elif event.payment in SETTLED:
        await _settle(unit, order, event.payment)
    elif order.payment in SETTLED and await _waiting(unit, order):
        unit.put(ORDERS, replace(order, payment="pending"))


async def _due(unit: Unit, order: Order) -> int:
    """Give what is left to pay, in minor units."""
    return order.total - sum(payment.amount for payment in await unit.where(PAYMENTS, order=order.id))


async def pay(unit: Unit, command: PayOrder) -> None:
    """Carry out PayOrder: a job asks the gateway, one at a time; Refusal where it is settled already."""
    order = await unit.get(ORDERS, command.order)
    gateway(command.gateway)
    if order.payment in SETTLED:
        raise Refusal("not_in_state", machine="payment", state=order.payment, event="pay")
    key = f"capture:{order.id}"
    asked = await unit.find(JOBS, key)
    if asked is not None and asked.state is JobState.WAITING:
        return
    payload = {"order": order.id, "gateway": command.gateway, "token": command.token}
    await enqueue(unit, "capture", {**payload, "amount": await _due(unit, order), "currency": order.currency}, key=key)


async def capture(payload: dict[str, Any], key: str) -> RecordPayment:
    """Do the job `capture`: `key` is the job's id, so that a gateway charges once however often it is asked."""
    charge = Charge(key, payload["order"], payload["amount"], payload["currency"], payload["token"])
    answer = await gateway(payload["gateway"]).capture(charge)
    facts = (payload["order"], payload["gateway"], payload["amount"], payload["currency"])
    return RecordPayment(*facts, answer.reference, answer.declined)


async def record(unit: Unit, command: RecordPayment) -> None:
    """Carry out RecordPayment."""
    order = await unit.get(ORDERS, command.order)
    if command.declined:
        unit.emit(PaymentDeclined(order.id, command.gateway, command.declined))
        return
    _record(unit, order, command.gateway, command.reference, command.amount)
    await _settle(unit, order, "paid")


async def on_account(unit: Unit, command: PutOnAccount) -> None:
    """Carry out PutOnAccount; Refusal where it is settled already."""
    order = await unit.get(ORDERS, command.order)
    if order.payment in SETTLED:
        raise Refusal("not_in_state", machine="payment", state=order.payment, event="on_account")
    await _settle(unit, order, "on_account")


def _record(unit: Unit, order: Order, gateway_id: str, reference: str, amount: int) -> None:
    row = PaymentRow(ulid(unit.at), order.id, gateway_id, amount, order.currency, reference, "captured", unit.at)
    unit.put(PAYMENTS, row)


async def _waiting(unit: Unit, order: Order) -> list[OrderLine]:
    return [x for x in await lines.of_order(unit, order.id) if x.state is State.RECEIVED and x.goods]


async def _settle(unit: Unit, order: Order, payment: str) -> None:
    """Let the received lines of a settled order go on; it is said once."""
    unit.put(ORDERS, replace(order, payment=payment))
    waiting = await _waiting(unit, order)
    await lines.advance(unit, waiting, "pay")
    if waiting or order.payment != payment:
        unit.emit(OrderPaid(order.id, payment, order.total))
