"""An order waits until it is paid, or put on account."""

from __future__ import annotations

from msgspec.structs import replace

from server.orders.model import ImportOrder
from server.payments.model import PayOrder, PutOnAccount
from server.payments.store import PAYMENTS
from tests.floor import OFFICE, an_order, order_state, ordered
from tests.kit import World


async def test_paid_by_a_gateway(w: World) -> None:
    key = await ordered(w, "1", ("LAMP", 2), payment="pending")
    assert await order_state(w, key) == "received"
    await w.do(PayOrder(key, "test", "visa"), OFFICE)
    await w.do(PayOrder(key, "test", "visa"), OFFICE)
    await w.settle()
    assert await order_state(w, key) == "allocated"
    paid = await w.one(PAYMENTS)
    assert (paid.gateway, paid.amount, paid.state) == ("test", 1000, "captured")
    assert (await w.refused(PayOrder(key, "test"), OFFICE)).code == "not_in_state"


async def test_declined_and_then_paid(w: World) -> None:
    key = await ordered(w, "1", ("LAMP", 2), payment="pending")
    await w.do(PayOrder(key, "test", "decline"), OFFICE)
    await w.settle()
    assert await order_state(w, key) == "received"
    assert len(await w.events("PaymentDeclined")) == 1
    await w.do(PayOrder(key, "test", "visa"), OFFICE)
    await w.settle()
    assert await order_state(w, key) == "allocated"


async def test_on_account(w: World) -> None:
    key = await ordered(w, "1", ("LAMP", 2), payment="pending")
    await w.do(PutOnAccount(key), OFFICE)
    await w.settle()
    assert await order_state(w, key) == "allocated"
    assert await w.all(PAYMENTS) == []
    assert (await w.refused(PutOnAccount(key), OFFICE)).code == "not_in_state"


async def test_an_unknown_gateway(w: World) -> None:
    key = await ordered(w, "1", ("LAMP", 2), payment="pending")
    assert (await w.refused(PayOrder(key, "bank of nowhere"), OFFICE)).code == "not_found"


async def test_the_channel_is_paid_later(w: World) -> None:
    key = await ordered(w, "1", ("LAMP", 2), payment="pending")
    await w.do(an_order("1", ("LAMP", 2), revision="2"))
    await w.settle()
    assert await order_state(w, key) == "allocated"
    assert (await w.one(PAYMENTS)).gateway == "channel"


async def test_what_is_added_is_paid_by_itself(w: World) -> None:
    key = await ordered(w, "1", ("LAMP", 2))
    more = an_order("1", ("LAMP", 3), revision="2", payment="pending").order
    await w.do(ImportOrder(replace(more, total=1500)))
    await w.settle()
    assert await order_state(w, key) == "received"
    await w.do(PayOrder(key, "test", "visa"), OFFICE)
    await w.settle()
    assert await order_state(w, key) == "allocated"
    assert sorted(p.amount for p in await w.all(PAYMENTS)) == [500, 1000]
