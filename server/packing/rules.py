"""What may go into a parcel, and which readings count. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

from server.catalog.model import Sku
from server.kernel import weight
from server.kernel.refusal import Refusal
from server.orders.model import Order, OrderLine, Shipment, State
from server.packing.model import Parcel, ParcelItem, ParcelState
from server.protocol.packing import Weigh
from server.sites.model import Carton, Policy

ON_THE_FLOOR = frozenset({State.RELEASED, State.PICKING, State.WITHDRAWING})
MOST_GRAMS = 1_000_000
MILLION = 1_000_000
MOST_UNSURE_PPM = 10_000
"""A reading teaches a weight that it tells to one in a hundred."""


def require_packable(order: Order, shipment: Shipment) -> None:
    """Refuse an order that is held, cancelled, gone, or still being picked; the tally knows without its lines."""
    alive = shipment.tally.keys() - {State.CANCELLED}
    if order.reason:
        raise Refusal("order_on_hold", order=order.id, reason=order.reason)
    if not alive:
        raise Refusal("order_cancelled", order=order.id)
    if alive == {State.SHIPPED}:
        raise Refusal("already_shipped", order=order.id)
    if left := sum(shipment.tally[state] for state in alive & ON_THE_FLOOR):
        raise Refusal("totes_missing", lines=left)


def to_pack(lines: Iterable[OrderLine], items: Iterable[ParcelItem]) -> dict[str, int]:
    """Give what of each picked line lies in no parcel yet: {line: units}."""
    left = {line.id: line.quantity for line in lines if line.state is State.PICKED}
    for item in items:
        if item.line in left:
            left[item.line] -= item.quantity
    return {line: units for line, units in left.items() if units > 0}


def placed(lines: Sequence[OrderLine], left: Mapping[str, int], sku: str, units: int) -> dict[str, int]:
    """Spread scanned units over the lines that still want the SKU: {line: units}; Refusal where they do not."""
    wanting = [line for line in lines if line.sku == sku]
    if not wanting:
        raise Refusal("item_not_in_order", sku=sku)
    open_units = sum(left.get(line.id, 0) for line in wanting)
    if units > open_units:
        raise Refusal("more_than_ordered", sku=sku, left=open_units, scanned=units)
    result: dict[str, int] = {}
    for line in wanting:
        part = min(units, left.get(line.id, 0))
        if part:
            result[line.id] = part
            units -= part
    return result


def contents(items: Iterable[ParcelItem], skus: Mapping[str, Sku]) -> list[weight.Content]:
    """Give a parcel's goods as the weight rules want them."""
    return [_content(skus[sku], units) for sku, units in _units(items).items()]


def _units(items: Iterable[ParcelItem]) -> Counter[str]:
    """Add up items per SKU."""
    units: Counter[str] = Counter()
    for item in items:
        units[item.sku] += item.quantity
    return units


def _content(sku: Sku, quantity: int) -> weight.Content:
    """Give units of a SKU; a mean that was learnt from few units is itself unsure."""
    unsure = round(sku.weight_sd_mg / sku.weight_units**0.5) if sku.weight_units else 0
    return weight.Content(sku.id, quantity, max(0, sku.weight_mg), sku.weight_sd_mg, unsure)


def lesson(items: Iterable[ParcelItem], skus: Mapping[str, Sku], goods_mg: int) -> tuple[str, int, int] | None:
    """Give (sku, mg, units) whose weight a reading tells: the only SKU inside, or the only one not known yet.

    None where no SKU is alone, or where the spread of the other goods and of the scale would make of one unit's
    weight a guess.
    """
    units = _units(items)
    alone = [sku for sku in units if skus[sku].weight_mg < 0] or (list(units) if len(units) == 1 else [])
    if len(alone) != 1:
        return None
    [subject] = alone
    rest = [_content(skus[sku], many) for sku, many in units.items() if sku != subject]
    others = weight.expected(rest, weight.Package(), weight.Policy())
    measured = goods_mg - others.mg
    if measured <= 0 or others.sd_mg * MILLION > measured * MOST_UNSURE_PPM:
        return None
    return subject, measured, units[subject]


def package(carton: Carton | None, policy: Policy) -> weight.Package:
    """Give the carton's and filler's weight."""
    return weight.Package(carton_mg=(carton.weight_g if carton else 0) * 1_000, filler_mg=policy.filler_g * 1_000)


def weight_policy(policy: Policy) -> weight.Policy:
    """Give a site's tolerance as the weight rules want it."""
    return weight.Policy(
        floor_g=policy.weight_floor_g,
        per_mille=policy.weight_relative_ppm // 1_000,
        sigmas=policy.weight_sigmas_milli / 1_000,
    )


def require_weighable(parcel: Parcel) -> None:
    """Refuse a parcel that is still open, or that has gone on to its label."""
    if parcel.state is ParcelState.OPEN:
        raise Refusal("not_packed", parcel=parcel.id, state=str(parcel.state))
    if parcel.state not in {ParcelState.CLOSED, ParcelState.WEIGHED}:
        raise Refusal("already_labelled", parcel=parcel.id, state=str(parcel.state))


def require_reading(parcel: Parcel, reading: Weigh, *, may_key: bool) -> None:
    """Refuse a reading that does not count, whatever it says."""
    require_weighable(parcel)
    if reading.unit != "g":
        raise Refusal("wrong_unit", unit=reading.unit)
    if reading.keyed and not may_key:
        raise Refusal("keyed_weight")
    if not reading.stable:
        raise Refusal("unstable", grams=reading.grams)
    if reading.grams - reading.tare_grams <= 0:
        raise Refusal("negative_weight", grams=reading.grams - reading.tare_grams)
    if reading.grams > MOST_GRAMS:
        raise Refusal("over_range", grams=reading.grams)


def require_verified(parcel: Parcel) -> None:
    """Refuse a label before contents and weight are settled."""
    if parcel.state not in {ParcelState.WEIGHED, ParcelState.LABELLED}:
        raise Refusal("not_verified", parcel=parcel.id, state=str(parcel.state))
