"""Orders come in, change, are held, and are cancelled."""

from __future__ import annotations

from collections.abc import Iterable

from msgspec.structs import replace

from server.catalog.actions import preload, resolve
from server.catalog.model import Barcode, SkuChanged, SkuCreated
from server.customers.actions import upsert
from server.customers.model import CustomerErased
from server.db.unit import Unit
from server.kernel.refusal import Refusal
from server.orders import lines, rules
from server.orders.incoming import IncomingLine, IncomingOrder, Returned
from server.orders.model import (
    CancelOrder,
    HoldChanged,
    HoldOrder,
    ImportOrder,
    ImportReturn,
    Order,
    OrderAmended,
    OrderLine,
    OrderReceived,
    ResumeOrder,
    Return,
    ReturnReceived,
    State,
)
from server.orders.store import LINES, ORDERS, RETURNS

UNKNOWN = "unknown_sku"


def order_key(channel: str, external_id: str) -> str:
    """Give the id of a channel's order: the same order always has the same id, whoever brings it."""
    return f"{channel}:{external_id}"


async def take_order(unit: Unit, command: ImportOrder) -> str:
    """Carry out ImportOrder; gives the order's id. The same revision again changes nothing."""
    incoming = command.order
    key = order_key(incoming.channel, incoming.external_id)
    known = await unit.find(ORDERS, key)
    if known is None:
        await _receive(unit, key, incoming)
    elif rules.is_later(incoming.revision, known.revision):
        await _amend(unit, known, incoming)
    return key


async def _receive(unit: Unit, key: str, incoming: IncomingOrder) -> None:
    order = Order(
        id=key,
        channel=incoming.channel,
        external_id=incoming.external_id,
        revision=incoming.revision,
        name=incoming.name,
        placed_at=incoming.placed_at,
        currency=incoming.currency,
        customer=await upsert(unit, incoming),
        address=incoming.address,
        payment="pending",
        total=incoming.total,
        note=incoming.note,
        priority=incoming.priority,
        shipping_method=incoming.shipping_method,
        state=State.CANCELLED,
        tally={},
        reason="",
        version=0,
        created_at=unit.at,
    )
    unit.put(ORDERS, order)
    await preload(unit.base, [code for line in incoming.lines for code in (line.code, line.barcode) if code])
    fresh = [await _line(unit, key, number, line) for number, line in enumerate(incoming.lines, 1)]
    await lines.enter(unit, fresh)
    unit.emit(OrderReceived(key, order.channel, order.external_id, len(fresh), incoming.payment))
    if incoming.cancelled:
        await cancel(unit, CancelOrder(key, "cancelled_at_channel"))
    else:
        await lines.advance(unit, [x for x in fresh if x.goods and not x.sku], "hold", UNKNOWN)


async def _line(unit: Unit, key: str, number: int, incoming: IncomingLine) -> OrderLine:
    sku = await _sku(unit, incoming) if incoming.goods else ""
    return OrderLine(
        id=f"{key}/{number}",
        order=key,
        number=number,
        external_id=incoming.external_id,
        code=incoming.code,
        sku=sku,
        description=incoming.description,
        quantity=incoming.quantity,
        unit_price=incoming.unit_price,
        goods=incoming.goods,
        state=State.RECEIVED,
        shipment="",
        reason="",
    )


async def _sku(unit: Unit, incoming: IncomingLine) -> str:
    """Find the SKU that a channel's line means, by its code, then its barcode; '' where neither is known."""
    for code in (incoming.code, incoming.barcode):
        barcode = await _resolved(unit, code) if code else None
        if barcode is not None and barcode.units == 1:
            return barcode.sku
    return ""


async def _resolved(unit: Unit, code: str) -> Barcode | None:
    """Resolve a channel's code; one that is malformed means nothing, it does not refuse the order."""
    try:
        return await resolve(unit, code)
    except Refusal:
        return None


async def _amend(unit: Unit, known: Order, incoming: IncomingOrder) -> None:
    """Carry out a later revision: lines that shrank are cancelled in part, new ones received; Refusal once shipped."""
    if incoming.cancelled:
        await cancel(unit, CancelOrder(known.id, "cancelled_at_channel"))
    else:
        have = await lines.of_order(unit, known.id)
        for line in incoming.lines:
            await _amend_line(unit, known, line, [x for x in have if x.external_id == line.external_id])
        named = {line.external_id for line in incoming.lines}
        await _cancel_lines(
            unit, [x for x in have if x.external_id not in named and x.state is not State.SHIPPED], "removed_at_channel"
        )
    order = await unit.get(ORDERS, known.id)
    head = {"address": incoming.address, "note": incoming.note, "total": incoming.total, "name": incoming.name}
    unit.put(ORDERS, replace(order, revision=incoming.revision, priority=incoming.priority, **head))
    unit.emit(OrderAmended(known.id, incoming.revision, incoming.payment))


async def _amend_line(unit: Unit, order: Order, incoming: IncomingLine, have: list[OrderLine]) -> None:
    """Bring the rows of one line to the item and quantity that the channel now says; Refusal where the other left."""
    alive = [line for line in have if line.state not in {State.CANCELLED, State.WITHDRAWING}]
    other = [line for line in alive if line.code != incoming.code]
    await _cancel_lines(unit, other, "changed_at_channel")
    alive = [line for line in alive if line not in other]
    change = incoming.quantity - sum(line.quantity for line in alive)
    if change > 0:
        await _add_units(unit, order, incoming, change)
    for line in sorted(alive, key=lambda x: rules.RANK[x.state]):
        cut = min(-change, line.quantity)
        if cut > 0:
            _, part = await lines.cut(unit, line, cut)
            await _cancel_lines(unit, [part], "reduced_at_channel")
            change += cut


async def _add_units(unit: Unit, order: Order, incoming: IncomingLine, units: int) -> None:
    """Enter units that an amendment adds, as a line of their own; they wait with an order that is held."""
    number = max((x.number for x in await lines.of_order(unit, order.id)), default=0) + 1
    extra = replace(await _line(unit, order.id, number, incoming), quantity=units)
    await lines.enter(unit, [extra])
    reason = order.reason if extra.sku else UNKNOWN
    if extra.goods and reason:
        await lines.advance(unit, [extra], "hold", reason)


async def _cancel_lines(unit: Unit, found: Iterable[OrderLine], reason: str) -> None:
    for line in found:
        if line.state not in {State.CANCELLED, State.WITHDRAWING}:
            await lines.advance(unit, [line], rules.cancel_event(line), reason)


async def cancel(unit: Unit, command: CancelOrder) -> None:
    """Carry out CancelOrder: what is on the floor is withdrawn. Refusal `order_shipped` if all has left."""
    await unit.get(ORDERS, command.order)
    found = await lines.of_order(unit, command.order)
    alive = rules.goods(x for x in found if x.state is not State.CANCELLED)
    wanted = [x for x in alive if x.state is not State.SHIPPED]
    await _cancel_lines(unit, wanted or alive, command.reason or "cancelled")


async def hold(unit: Unit, command: HoldOrder) -> None:
    """Carry out HoldOrder: lines that nobody has in hand wait, and nothing of it is packed or loaded any more.

    Refusal `not_in_state` where nothing of it is open.
    """
    order = await unit.get(ORDERS, command.order)
    found = [x for x in await lines.of_order(unit, command.order) if lines.is_open(x)]
    if not found:
        raise Refusal("not_in_state", machine="order", state=str(order.state), event="hold")
    recalled = await lines.advance(unit, [x for x in found if x.state is State.RELEASED], "recall")
    waiting = [x for x in found if x.state in rules.BEFORE_RELEASE]
    await lines.advance(unit, [*waiting, *recalled], "hold", command.reason, shipment="")
    unit.put(ORDERS, replace(await unit.get(ORDERS, order.id), reason=command.reason or "held"))
    unit.emit(HoldChanged(order.id, command.reason or "held"))


async def resume(unit: Unit, command: ResumeOrder) -> None:
    """Carry out ResumeOrder: held lines go on where payment and catalogue let them; Refusal for an unknown SKU."""
    order = await unit.get(ORDERS, command.order)
    held = [x for x in await lines.of_order(unit, command.order) if x.state is State.ON_HOLD]
    if not held and not order.reason:
        raise Refusal("not_in_state", machine="order", state=str(order.state), event="resume")
    named = [x for x in held if x.sku]
    if not named and not order.reason:
        raise Refusal(UNKNOWN, sku=held[0].code, order=order.id)
    unit.put(ORDERS, replace(order, reason=""))
    await go_on(unit, order, named)
    unit.emit(HoldChanged(order.id, ""))


async def go_on(unit: Unit, order: Order, held: Iterable[OrderLine]) -> None:
    """Let held lines wait for payment, or pass at once where it is settled."""
    received = await lines.advance(unit, held, "resume")
    if order.payment in {"paid", "on_account"}:
        await lines.advance(unit, received, "pay")


async def sku_known(unit: Unit, event: SkuCreated | SkuChanged) -> None:
    """SkuCreated, SkuChanged: lines that waited for a SKU to be known go on, unless their order is held."""
    for code in dict.fromkeys(spelling for key in (event.sku, *event.codes) for spelling in rules.spellings(key)):
        for line in await unit.where(LINES, code=code, state=str(State.ON_HOLD), sku=""):
            barcode = await _resolved(unit, code)
            if barcode is None or barcode.units != 1:
                continue
            named = replace(line, sku=barcode.sku)
            unit.put(LINES, named)
            order = await unit.get(ORDERS, line.order)
            if not order.reason:
                await go_on(unit, order, [named])


async def customer_erased(unit: Unit, event: CustomerErased) -> None:
    """CustomerErased: their orders forget where they went; history keeps its ids."""
    for order in await unit.where(ORDERS, customer=event.customer):
        unit.put(ORDERS, replace(order, address=None, note=""))


async def take_return(unit: Unit, command: ImportReturn) -> None:
    """Carry out ImportReturn: what a channel took back is counted and kept for the returns station."""
    incoming: Returned = command.returned
    rows = []
    for number, line in enumerate(incoming.lines, 1):
        key = f"{incoming.channel}:{incoming.external_id}/{number}"
        if await unit.find(RETURNS, key) is None:
            rows.append(_return(key, incoming, line.code, line.description, line.quantity, line.unit_price))
    unit.put(RETURNS, *rows)
    if rows:
        unit.emit(ReturnReceived(incoming.external_id, incoming.channel, str(incoming.kind), len(rows)))


def _return(key: str, incoming: Returned, code: str, description: str, quantity: int, price: int) -> Return:
    head = (key, incoming.channel, incoming.external_id, incoming.name, incoming.at, str(incoming.kind))
    return Return(*head, code, description, quantity, price)
