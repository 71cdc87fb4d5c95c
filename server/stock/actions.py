"""Moves, promises and counts. Later stations call these inside their own command."""

from __future__ import annotations

from msgspec.structs import replace

from server.catalog.store import SKUS
from server.db.unit import Unit
from server.kernel.ids import ulid
from server.kernel.refusal import Refusal
from server.sites.store import BINS
from server.stock import rules
from server.stock.model import (
    DIFFERENCE,
    WORLD,
    AdjustStock,
    Balance,
    Move,
    Pool,
    ReceiveStock,
    StockAdjusted,
    StockArrived,
    StockDisplaced,
    balance_id,
    bin_place,
    pool_of,
)
from server.stock.store import BALANCES, MOVES, POOLS


async def balance(unit: Unit, place: str, sku: str, lot: str = "") -> Balance:
    """Give what lies in a place: an empty balance where nothing does."""
    key = balance_id(place, sku, lot)
    return await unit.find(BALANCES, key) or Balance(key, place, sku, lot, pool_of(place, sku), 0, 0, 0)


async def pool(unit: Unit, pool_id: str) -> Pool:
    """Give a pool: an empty one where the site never had the SKU."""
    site, _, sku = pool_id.partition("/")
    return await unit.find(POOLS, pool_id) or Pool(pool_id, site, sku, 0, 0)


async def move(
    unit: Unit,
    sku: str,
    source: str,
    target: str,
    quantity: int,
    *,
    reason: str,
    ref: str = "",
    lot: str = "",
    pinned: int = 0,
    expiry: int = 0,
) -> None:
    """Write one line of the ledger and both balances.

    `pinned` units were promised: they leave a bin together with their reservation, and come back with it.
    Raises Refusal `not_enough_stock` where the source does not have them free.
    """
    if quantity < 1:
        raise Refusal("zero_quantity", sku=sku)
    a, b = await balance(unit, source, sku, lot), await balance(unit, target, sku, lot)
    b = replace(b, expiry=expiry or b.expiry or a.expiry)
    out_pinned, in_pinned = (pinned, 0) if a.pool else (0, pinned)
    unit.put(BALANCES, rules.taken(a, quantity, pinned=out_pinned), rules.given(b, quantity, pinned=in_pinned))
    for pool_id, sign, held in ((a.pool, -1, out_pinned), (b.pool, 1, in_pinned)):
        if pool_id:
            await _shift(unit, pool_id, sign * quantity, sign * held)
    made = Move(ulid(unit.at), unit.at, sku, lot, source, target, quantity, reason, ref, unit.actor.user, unit.op_id)
    unit.add(MOVES, made)


async def _shift(unit: Unit, pool_id: str, on_hand: int, reserved: int) -> None:
    """Change a pool by what a move did; say so where there is more to promise, or less than is promised."""
    before = await pool(unit, pool_id)
    after = replace(before, on_hand=before.on_hand + on_hand, reserved=before.reserved + reserved)
    unit.put(POOLS, after)
    if after.available > before.available:
        unit.emit(StockArrived(pool_id, after.site, after.sku, after.available - before.available))
    if rules.displaced(after):
        unit.emit(StockDisplaced(pool_id, after.site, after.sku, rules.displaced(after)))


async def reserve(unit: Unit, pool_id: str, quantity: int) -> None:
    """Promise units of a site's SKU to an order; Refusal `not_enough_stock`."""
    unit.put(POOLS, rules.reserved(await pool(unit, pool_id), quantity))


async def free(unit: Unit, pool_id: str, quantity: int) -> None:
    """Give a promise back; others may have the units."""
    after = rules.freed(await pool(unit, pool_id), quantity)
    unit.put(POOLS, after)
    unit.emit(StockArrived(pool_id, after.site, after.sku, quantity))


async def pin(unit: Unit, bin_id: str, sku: str, lot: str, quantity: int) -> None:
    """Promise units of one bin to a line on the floor (the pool's reservation stays); Refusal `not_enough_stock`."""
    here = await balance(unit, bin_place(bin_id), sku, lot)
    if here.free < quantity:
        raise Refusal("not_enough_stock", place=here.place, sku=sku, wanted=quantity, there=here.free)
    unit.put(BALANCES, replace(here, pinned=here.pinned + quantity))


async def unpin(unit: Unit, bin_id: str, sku: str, lot: str, quantity: int) -> None:
    """Take a line's promise off a bin (the pool's reservation stays)."""
    here = await balance(unit, bin_place(bin_id), sku, lot)
    unit.put(BALANCES, replace(here, pinned=max(0, here.pinned - quantity)))


async def pick(unit: Unit, bin_id: str, tote: str, sku: str, lot: str, quantity: int, *, ref: str, held: int) -> None:
    """Goods left a bin for a tote, `held` of them promised to the line that took them.

    The goods have moved: what the book denies is drawn from `difference`.
    """
    source = bin_place(bin_id)
    here = await balance(unit, source, sku, lot)
    pinned = min(quantity, held, here.pinned)
    if missing := rules.uncovered(here, quantity, pinned=pinned):
        await move(unit, sku, DIFFERENCE, source, missing, reason="denied", ref=ref, lot=lot)
    await move(unit, sku, source, f"tote:{tote}", quantity, reason="pick", ref=ref, lot=lot, pinned=pinned)
    if unpinned := min(quantity, held) - pinned:
        await free(unit, pool_of(source, sku), unpinned)


async def receive(unit: Unit, command: ReceiveStock) -> None:
    """Carry out ReceiveStock; Refusal for an unknown bin or SKU, or a tracked SKU without lot."""
    place = bin_place((await unit.get(BINS, command.bin)).id)
    sku = await unit.find(SKUS, command.sku)
    if sku is None:
        raise Refusal("unknown_sku", sku=command.sku)
    if command.source not in WORLD:
        raise Refusal("bad_value", what="source", value=command.source)
    if sku.tracking in {"lot", "expiry"} and not command.lot:
        raise Refusal("scan_lot", sku=sku.id)
    await move(
        unit,
        sku.id,
        command.source,
        place,
        command.quantity,
        reason="receive",
        ref=command.ref,
        lot=command.lot,
        expiry=command.expiry,
    )


async def adjust(unit: Unit, command: AdjustStock) -> None:
    """Carry out AdjustStock. Promised units that are not there are displaced back to allocation."""
    if command.counted < 0:
        raise Refusal("bad_value", what="counted", value=command.counted)
    place = bin_place((await unit.get(BINS, command.bin)).id)
    here = await balance(unit, place, command.sku, command.lot)
    change = command.counted - here.quantity
    if change > 0:
        await move(unit, command.sku, DIFFERENCE, place, change, reason=command.reason, lot=command.lot)
    elif change < 0:
        await remove(unit, command.bin, command.sku, command.lot, -change, DIFFERENCE, command.reason)
    if change:
        unit.emit(StockAdjusted(command.bin, command.sku, command.lot, change, command.reason))


async def remove(unit: Unit, bin_id: str, sku: str, lot: str, quantity: int, target: str, reason: str) -> None:
    """Take units out of a bin's book although some may be promised: pins are cut, reservations displaced."""
    here = await balance(unit, bin_place(bin_id), sku, lot)
    if here.free < quantity:
        unit.put(BALANCES, replace(here, pinned=max(0, here.quantity - quantity)))
    await move(unit, sku, here.place, target, quantity, reason=reason, lot=lot)
