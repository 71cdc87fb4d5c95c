"""The weight gate: which readings count, what is let through by whom, what is learnt."""

from __future__ import annotations

from typing import Any

import pytest
from msgspec.structs import replace

from server.catalog.model import PutProduct
from server.catalog.store import SKUS
from server.packing.store import READINGS
from server.protocol import packing as pack
from tests.floor import CARTON_G, CHIEF, PACKER, packed, received, the_parcel, weigh
from tests.kit import World

ACCEPT_REASON = "counted twice"


@pytest.mark.parametrize(
    ("reading", "code"),
    [
        ({"grams": 2000, "stable": False}, "unstable"),
        ({"grams": -3}, "negative_weight"),
        ({"grams": 100, "tare_grams": 100}, "negative_weight"),
        ({"grams": 1_000_001}, "over_range"),
        ({"grams": 4, "unit": "lb"}, "wrong_unit"),
        ({"grams": 2000, "keyed": True}, "keyed_weight"),
        ({"grams": 2900}, "weight_mismatch"),
    ],
)
async def test_what_does_not_count(w: World, reading: dict[str, Any], code: str) -> None:
    parcel = await packed(w, "1", ("LAMP", 2))
    command = pack.Weigh(parcel.id, **{"stable": True, "raw": "S S  2.0 kg", **reading})
    assert (await w.refused(command, PACKER)).code == code
    assert (await w.refused(pack.PrintLabel(parcel.id), PACKER)).code == "not_verified"
    kept = await w.one(READINGS)
    assert (kept.refusal, kept.said, kept.user) == (code, "S S  2.0 kg", "bob")


async def test_a_keyed_weight_is_flagged(w: World) -> None:
    parcel = await packed(w, "1", ("LAMP", 2))
    await w.do(pack.Weigh(parcel.id, 2000, stable=True, keyed=True), CHIEF)
    assert (await w.one(READINGS)).keyed
    assert (await w.one(SKUS, "id = 'LAMP'")).weight_samples == 0


async def test_the_tare_is_taken_off(w: World) -> None:
    parcel = await packed(w, "1", ("LAMP", 2))
    await w.do(pack.Weigh(parcel.id, 2500, stable=True, tare_grams=500), PACKER)
    assert (await the_parcel(w, parcel.id)).weight_g == 2000


async def test_a_supervisor_lets_a_mismatch_pass_by_name(w: World) -> None:
    parcel = await packed(w, "1", ("LAMP", 2))
    accept = pack.AcceptWeight(parcel.id, ACCEPT_REASON)
    assert (await w.refused(accept, CHIEF)).code == "not_weighed"
    assert (await w.refused(pack.Weigh(parcel.id, 2100, stable=True), PACKER)).code == "weight_mismatch"
    assert (await w.refused(accept, PACKER)).code == "not_allowed"
    await w.do(accept, CHIEF)
    found = await the_parcel(w, parcel.id)
    assert (found.weight_g, found.accepted_by, found.accepted_reason) == (2100, "eve", ACCEPT_REASON)
    assert (await w.one(SKUS, "id = 'LAMP'")).weight_mg == 900_000
    await w.do(pack.PrintLabel(parcel.id), PACKER)
    assert (await w.refused(pack.Weigh(parcel.id, 2000, stable=True), PACKER)).code == "already_labelled"
    assert (await w.refused(accept, CHIEF)).code == "already_labelled"


async def test_a_reading_from_before_the_parcel_was_put_right_is_forgotten(w: World) -> None:
    parcel = await packed(w, "1", ("LAMP", 2))
    await w.refused(pack.Weigh(parcel.id, 2100, stable=True), PACKER)
    await w.do(pack.ReopenParcel(parcel.id), PACKER)
    await w.do(pack.TrustTote(parcel.shipment, parcel.id), PACKER)
    await w.do(pack.CloseParcel(parcel.shipment, parcel.id, "C1"), PACKER)
    assert (await w.refused(pack.AcceptWeight(parcel.id, ACCEPT_REASON), CHIEF)).code == "not_weighed"


async def test_an_unknown_weight_is_accepted_once_and_learnt(w: World) -> None:
    await w.do(PutProduct(sku="CUP", name="Cup"))
    await received(w, "A-01-01", "CUP", 10)
    parcel = await packed(w, "1", ("CUP", 4), ("LAMP", 1))
    assert parcel.expected_mg == -1
    refusal = await w.refused(pack.Weigh(parcel.id, CARTON_G + 900 + 400, stable=True), PACKER)
    assert (refusal.code, refusal.facts["sku"]) == ("weight_unknown", "CUP")
    await w.do(pack.AcceptWeight(parcel.id, ACCEPT_REASON), CHIEF)
    assert (await w.one(SKUS, "id = 'CUP'")).weight_mg == 100_000
    assert len(await w.events("WeightLearnt")) == 1


async def test_a_good_reading_teaches(w: World) -> None:
    parcel = await packed(w, "1", ("LAMP", 2))
    await weigh(w, parcel.id)
    assert (await w.one(SKUS, "id = 'LAMP'")).weight_samples > 0


async def test_nobody_weighs_without_permission(w: World) -> None:
    parcel = await packed(w, "1", ("LAMP", 2))
    nobody = replace(PACKER, permissions=frozenset())
    assert (await w.refused(pack.Weigh(parcel.id, 2000, stable=True), nobody)).code == "not_allowed"
