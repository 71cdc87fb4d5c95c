"""What may go into a parcel, and which readings count. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from server.catalog.model import Sku
from server.kernel import weight
from server.kernel.refusal import Refusal
from server.orders.model import OrderLine, State
from server.packing.model import Parcel, ParcelItem, ParcelState
from server.protocol.packing import Weigh
from server.sites.model import Carton, Policy

ON_THE_FLOOR = frozenset({State.RELEASED, State.PICKING, State.WITHDRAWING})
MOST_GRAMS = 1_000_000


def require_packable(order_state: State, lines: Sequence[OrderLine]) -> None:
    """Refuse an order that is held, cancelled, or still being picked."""
    if any(line.state is State.ON_HOLD for line in lines):
        raise Refusal("order_on_hold", order=lines[0].order)
    if order_state is State.CANCELLED:
        raise Refusal("order_cancelled", order=lines[0].order if lines else "")
    if left := sum(line.state in ON_THE_FLOOR for line in lines):
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
    return [weight.Content(i.sku, i.quantity, max(0, skus[i.sku].weight_mg), skus[i.sku].weight_sd_mg) for i in items]


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


def require_reading(parcel: Parcel, reading: Weigh, *, may_key: bool) -> None:
    """Refuse a reading that does not count, whatever it says."""
    if parcel.state not in {ParcelState.CLOSED, ParcelState.WEIGHED}:
        raise Refusal("not_packed", parcel=parcel.id, state=str(parcel.state))
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
