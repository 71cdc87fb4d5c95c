"""One order, from the channel to the customer, told as commands."""

from __future__ import annotations

import asyncio
from pathlib import Path

from server.orders.model import State
from server.orders.store import ORDERS
from server.packing.model import ParcelState
from server.packing.store import PARCELS, READINGS
from server.picking.store import SCANS
from server.protocol import packing as pack
from server.protocol import shipping as ship
from server.stock.store import BALANCES, POOLS
from server.waves.model import WaveState
from server.waves.store import WAVES
from tests.floor import PACKER, a_released_wave, a_warehouse, an_order, pick_task
from tests.kit import world
from tests.sound import assert_sound


def test_from_the_channel_to_the_customer(tmp_path: Path) -> None:
    async def story() -> None:
        async with world(tmp_path) as w:
            await a_warehouse(w)
            await w.do(an_order("1001", ("MUG", 2), ("LAMP", 1)))
            await w.settle()
            assert (await w.one(ORDERS)).state is State.ALLOCATED
            [task] = await a_released_wave(w)
            await pick_task(w, task)
            assert (await w.one(ORDERS)).state is State.PICKED
            assert (await w.one(WAVES)).state is WaveState.DONE
            shipment = await w.do(pack.OpenPack("S1", "T1"), PACKER)
            parcel = (await w.one(PARCELS)).id
            await w.do(pack.PackItem(shipment, parcel, "MUG", quantity=2), PACKER)
            assert (await w.refused(pack.CloseParcel(shipment, parcel), PACKER)).code == "items_left"
            await w.do(pack.PackItem(shipment, parcel, "LAMP"), PACKER)
            assert (await w.refused(pack.PackItem(shipment, parcel, "LAMP"), PACKER)).code == "more_than_ordered"
            await w.do(pack.CloseParcel(shipment, parcel, "C1"), PACKER)
            assert (await w.refused(pack.PrintLabel(parcel), PACKER)).code == "not_verified"
            heavy = await w.refused(pack.Weigh(parcel, 2000, stable=True), PACKER)
            assert heavy.code == "weight_mismatch"
            assert (heavy.facts["cause"], heavy.facts["sku"]) == ("one_more", "MUG")
            await w.do(pack.Weigh(parcel, 1702, stable=True), PACKER)
            await w.do(pack.PrintLabel(parcel), PACKER)
            load = await w.do(ship.OpenManifest("MAIN", "own_van"), PACKER)
            await w.do(ship.LoadParcel(load, (await w.one(PARCELS)).sscc), PACKER)
            await w.do(ship.CloseManifest(load, 1), PACKER)
            await w.settle()
            assert (await w.one(ORDERS)).state is State.SHIPPED
            assert (await w.one(PARCELS)).state is ParcelState.SHIPPED
            assert len(await w.all(READINGS)) == 2
            pools = {p.sku: (p.on_hand, p.reserved) for p in await w.all(POOLS)}
            assert pools == {"MUG": (18, 0), "LAMP": (4, 0)}
            assert sum(b.quantity for b in await w.all(BALANCES)) == 0
            assert all(s.refusal == "" for s in await w.all(SCANS))
            await assert_sound(w)

    asyncio.run(story())
