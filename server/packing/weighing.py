"""The weight gate: only a stable reading counts, and no label before it is within tolerance or let through by name."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec
from msgspec.structs import replace

from server.catalog.actions import learn_weight
from server.catalog.model import Sku
from server.catalog.store import SKUS
from server.db.unit import Unit
from server.kernel import weight
from server.kernel.ids import ulid
from server.kernel.refusal import Refusal
from server.packing import rules
from server.packing.model import PARCEL, Parcel, ParcelItem, ParcelWeighed, Reading
from server.packing.store import ITEMS, PARCELS, READINGS
from server.protocol.packing import AcceptWeight, Weigh
from server.sites.store import CARTONS, SITES

ACCEPTABLE = frozenset({"weight_mismatch", "weight_unknown"})
"""Refusals of a reading that a supervisor may let pass."""


async def weigh(unit: Unit, command: Weigh) -> str:
    """Carry out Weigh; gives the shipment's id. Every reading is kept, with what it was refused with."""
    parcel = await unit.get(PARCELS, command.parcel)
    try:
        await _judge(unit, parcel, command)
    except Refusal as refusal:
        unit.record(READINGS, _row(unit, parcel, command, refusal))
        raise
    unit.record(READINGS, _row(unit, parcel, command, None))
    return parcel.shipment


async def _judge(unit: Unit, parcel: Parcel, command: Weigh) -> None:
    rules.require_reading(parcel, command, may_key=unit.actor.may("weigh_keyed"))
    items = await unit.where(ITEMS, parcel=parcel.id)
    skus = await unit.many(SKUS, [item.sku for item in items])
    grams = command.grams - command.tare_grams
    unknown = [sku.id for sku in skus.values() if sku.weight_mg < 0]
    if unknown:
        raise Refusal("weight_unknown", parcel=parcel.id, sku=unknown[0], grams=grams)
    site = await unit.get(SITES, parcel.site)
    carton = await unit.find(CARTONS, parcel.carton)
    goods, package = rules.contents(items, skus), rules.package(carton, site.policy)
    verdict = weight.judge(grams, goods, package, rules.weight_policy(site.policy))
    if not verdict.accepted:
        raise Refusal("weight_mismatch", **_facts(parcel, verdict))
    await accept(unit, parcel, grams, "")
    if not command.keyed:
        await _learn(unit, items, skus, grams * weight.MG - package.carton_mg - package.filler_mg)


def _facts(parcel: Parcel, verdict: weight.Verdict) -> dict[str, str | int | bool | None]:
    """Name expected, got and the likeliest cause, for the screen."""
    cause = verdict.cause or weight.Cause("unknown")
    return {
        "parcel": parcel.id,
        "expected": verdict.expected_g,
        "grams": verdict.reading_g,
        "tolerance": verdict.tolerance_g,
        "difference": verdict.difference_g,
        "cause": cause.kind,
        "sku": cause.sku,
        "instead_of": cause.instead_of,
    }


def _row(unit: Unit, parcel: Parcel, command: Weigh, refusal: Refusal | None) -> Reading:
    return Reading(
        id=ulid(unit.at),
        at=unit.at,
        parcel=parcel.id,
        station=parcel.station,
        scale=command.scale,
        said=command.raw,
        grams=command.grams,
        tare_g=command.tare_grams,
        keyed=command.keyed,
        user=unit.actor.user,
        expected_g=round(parcel.expected_mg / weight.MG) if parcel.expected_mg >= 0 else -1,
        tolerance_g=round(parcel.tolerance_mg / weight.MG) if parcel.tolerance_mg >= 0 else -1,
        refusal=refusal.code if refusal else "",
        cause=msgspec.json.encode(refusal.facts).decode() if refusal else "",
    )


async def accept(unit: Unit, parcel: Parcel, grams: int, reason: str) -> None:
    """Let a parcel through the gate with this weight."""
    by = unit.actor.user if reason else ""
    done = replace(parcel, weight_g=grams, accepted_by=by, accepted_reason=reason)
    unit.put(PARCELS, replace(done, state=PARCEL.next(parcel.state, "weigh")))
    expected = round(parcel.expected_mg / weight.MG) if parcel.expected_mg >= 0 else -1
    fact = ParcelWeighed(parcel.id, parcel.order, parcel.site, grams, expected, reason)
    unit.emit(fact, f"floor:{parcel.site}", f"station:{parcel.station}")


async def accept_weight(unit: Unit, command: AcceptWeight) -> str:
    """Carry out AcceptWeight: the last stable reading passes in a supervisor's name; unknown weights are learnt."""
    parcel = await unit.get(PARCELS, command.parcel)
    rules.require_weighable(parcel)
    readings = await unit.where(READINGS, parcel=parcel.id)
    since = [r for r in readings if r.at >= parcel.closed_at and r.refusal in ACCEPTABLE]
    last = max(since, key=lambda r: r.at, default=None)
    if last is None:
        raise Refusal("not_weighed", parcel=parcel.id)
    grams = last.grams - last.tare_g
    await accept(unit, parcel, grams, command.reason)
    if last.refusal == "weight_unknown" and not last.keyed:
        items = await unit.where(ITEMS, parcel=parcel.id)
        site, carton = await unit.get(SITES, parcel.site), await unit.find(CARTONS, parcel.carton)
        package = rules.package(carton, site.policy)
        skus = await unit.many(SKUS, [item.sku for item in items])
        await _learn(unit, items, skus, grams * weight.MG - package.carton_mg - package.filler_mg)
    return parcel.shipment


async def _learn(unit: Unit, items: Sequence[ParcelItem], skus: dict[str, Sku], goods_mg: int) -> None:
    """Learn a unit weight where the reading tells it."""
    lesson = rules.lesson(items, skus, goods_mg)
    if lesson:
        await learn_weight(unit, *lesson)
