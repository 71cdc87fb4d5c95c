"""Products are made and changed, codes are looked up, weights are learnt."""

from __future__ import annotations

from collections.abc import Iterable

from server.catalog import rules
from server.catalog.model import UNKNOWN, Barcode, PutProduct, SkuChanged, SkuCreated, WeightLearnt
from server.catalog.store import BARCODES, SKUS
from server.db.unit import Base, Unit
from server.kernel.barcode import candidates
from server.kernel.refusal import Refusal


async def put_product(unit: Unit, command: PutProduct) -> str:
    """Carry out PutProduct; gives the SKU's id. The same again changes nothing and says nothing."""
    rules.require_sound(command)
    wanted = rules.barcodes_of(command)
    others = await unit.many(BARCODES, (*wanted, command.sku))
    named = await unit.many(SKUS, (*wanted, command.sku))
    rules.require_own(command.sku, others.values(), named.values())
    known = named.get(command.sku)
    had = {code.id: code for code in await unit.where(BARCODES, sku=command.sku)} if known else {}
    sku = rules.product(command, known)
    if sku == known and wanted == had:
        return sku.id
    for gone in had.keys() - wanted.keys():
        unit.drop(BARCODES, gone)
    unit.put(SKUS, sku)
    unit.put(BARCODES, *wanted.values())
    unit.emit((SkuChanged if known else SkuCreated)(sku.id, tuple(wanted)))
    return sku.id


async def resolve(unit: Unit, code: str) -> Barcode | None:
    """Find what a code means: internal codes first, a SKU's own id is one unit, then GTINs of any length.

    None where nothing is known by it; Refusal `bad_barcode` where it is no text that a label can have.
    """
    keys = candidates(code)
    known = await unit.many(BARCODES, keys)
    if keys[0] in known:
        return known[keys[0]]
    if await unit.find(SKUS, keys[0]) is not None:
        return Barcode(keys[0], keys[0])
    return next((known[key] for key in keys if key in known), None)


async def preload(base: Base, codes: Iterable[str]) -> None:
    """Load what `resolve` will ask for, for a whole group's codes: two queries."""
    keys = [key for code in codes for key in _keys(code)]
    await base.load(BARCODES, keys)
    await base.load(SKUS, keys)


def _keys(code: str) -> tuple[str, ...]:
    try:
        return candidates(code)
    except Refusal:
        return ()


async def learn_weight(unit: Unit, sku: str, measured_mg: int, units: int) -> None:
    """Take in that `units` of a SKU weighed `measured_mg`, by a stable reading that nobody overrode."""
    known = await unit.get(SKUS, sku)
    if measured_mg < 1 or units < 1:
        return
    after = rules.weighed(known, measured_mg, units)
    unit.put(SKUS, after)
    if known.weight_mg == UNKNOWN:
        unit.emit(WeightLearnt(sku, after.weight_mg))
