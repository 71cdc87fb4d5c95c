"""What happens at the pack stations, at the door and on the load."""

from __future__ import annotations

from random import Random

from server.packing.model import Parcel
from server.packing.store import PARCELS
from server.picking.store import TOTES_IN_USE
from server.protocol import packing as pack
from server.protocol import shipping as ship
from server.protocol.base import Command
from server.shipping.store import MANIFESTS
from tests.floor import CHIEF
from tests.simulation.house import Floor
from tests.simulation.site import BINS, PACKERS, STATIONS


async def open_pack(w: Floor, dice: Random) -> None:
    if tote := await w.any(TOTES_IN_USE, dice):
        await w.say(dice.choice(PACKERS), pack.OpenPack(STATIONS[tote.site], tote.tote))


async def put_in(w: Floor, dice: Random) -> None:
    """Pack what is there, or some of it, and close the parcel; now and then something is missing."""
    if parcel := await w.any(PARCELS, dice, "state = 'open'"):
        sku, who = dice.choice(list(BINS)), dice.choice(PACKERS)
        fill = (
            pack.PackItem(parcel.shipment, parcel.id, sku, quantity=dice.randint(1, 3)),
            pack.TrustTote(parcel.shipment, parcel.id),
            pack.TrustTote(parcel.shipment, parcel.id),
            pack.ReportMissing(parcel.shipment, sku, 1, dice.choice(("missing", "damaged"))),
        )
        await w.say(who, dice.choice(fill))
        if dice.random() < 0.7:
            await w.say(who, pack.CloseParcel(parcel.shipment, parcel.id, "C1", dice.choice(("", "full"))))


async def send(w: Floor, dice: Random) -> None:
    """Bring a parcel some steps further."""
    if parcel := await w.any(PARCELS, dice, "state IN ('closed', 'weighed', 'labelled')"):
        for _ in range(dice.randint(1, 3)):
            if command := await forward(w, await w.one(PARCELS, "id = ?", parcel.id)):
                await w.say(dice.choice(PACKERS), command)


async def put_right(w: Floor, dice: Random) -> None:
    """Bring a parcel a step back, or weigh it wrong."""
    if parcel := await w.any(PARCELS, dice, dice.choice(("state IN ('loaded', 'shipped')", "state <> 'void'"))):
        command = back(dice, parcel)
        await w.say(CHIEF if isinstance(command, pack.AcceptWeight) else dice.choice(PACKERS), command)


async def forward(w: Floor, parcel: Parcel) -> Command | None:
    """Give the next thing to do with a parcel."""
    grams = max(1, round(parcel.expected_mg / 1000))
    if parcel.state == "closed":
        return pack.Weigh(parcel.id, grams, stable=True)
    if parcel.state == "weighed":
        return pack.PrintLabel(parcel.id)
    if parcel.state == "labelled":
        load = await w.say(PACKERS[0], ship.OpenManifest(parcel.site, parcel.carrier))
        return ship.LoadParcel(load, parcel.sscc) if load else None
    return None


def back(dice: Random, parcel: Parcel) -> Command:
    what = (
        pack.ReopenParcel(parcel.id),
        pack.VoidLabel(parcel.id, "torn"),
        pack.AcceptWeight(parcel.id, "looks right"),
        pack.Weigh(parcel.id, 1, stable=True),
        ship.Unship(parcel.id, "wrong van"),
        ship.Unship(parcel.id, "wrong van"),
    )
    return dice.choice(what)


async def drive(w: Floor, dice: Random) -> None:
    if load := await w.any(MANIFESTS, dice, "state = 'open'"):
        await w.say(dice.choice(PACKERS), ship.CloseManifest(load.id))


HANDS = {f.__name__: f for f in (open_pack, put_in, send, put_right, drive)}
