"""What is physically true on the floor, and what people hand to one another: totes, parcels, the day's end."""

from __future__ import annotations

import asyncio
import random
from collections import Counter, deque
from collections.abc import Iterable

import msgspec

from server.demo.world import World
from server.protocol.packing import ParcelView

PATIENCE = 0.5
"""Seconds until somebody with nothing to do looks again."""


class Load(msgspec.Struct, frozen=True):
    """A labelled parcel on its way to the door."""

    parcel: str
    sscc: str
    carrier: str
    shipment: str


class Mispacked(msgspec.Struct, frozen=True):
    """A parcel that was packed wrongly, how, and what it then truly weighed in g: known here alone."""

    parcel: str
    how: str
    grams: float


class Floor:
    """The shelves as they are, free totes, full ones by shipment, and parcels; nothing here is known to the server."""

    def __init__(self, world: World, seed: int) -> None:
        self.goods, self.seed = world.goods, seed
        self.lying: Counter[tuple[str, str]] = Counter()
        for lot in world.stock:
            self.lying[lot.bin, lot.sku] += lot.units
        self.codes = [good.gtin for good in world.goods.values()]
        self.totes = deque(world.totes)
        self.dropped: dict[str, list[str]] = {}
        self.to_pack: deque[str] = deque()
        self.waiting: set[str] = set()
        self.packing: set[str] = set()
        self.to_load: deque[Load] = deque()
        self.mispacked: dict[str, Mispacked] = {}
        self.surprises: Counter[str] = Counter()
        self.over = asyncio.Event()

    def dice(self, name: str) -> random.Random:
        """Give somebody their own chance, from the seed."""
        return random.Random(f"{self.seed} {name}")

    async def tote(self) -> str:
        """Take an empty tote, when there is one."""
        while not self.totes:
            await asyncio.sleep(PATIENCE)
        return self.totes.popleft()

    def drop(self, totes: Iterable[tuple[str, str]], shipments: Iterable[str]) -> None:
        """Leave full totes, each for its shipment, and let packers look at these shipments."""
        for tote, shipment in totes:
            self.dropped.setdefault(shipment, []).append(tote)
        for shipment in shipments:
            self.waiting.discard(shipment)
            if shipment in self.dropped and shipment not in self.to_pack:
                self.to_pack.append(shipment)

    def emptied(self, shipment: str) -> None:
        """Take the totes of a shipment back into use: all is packed."""
        self.totes.extend(self.dropped.pop(shipment, ()))

    def look_again(self) -> None:
        """Put the shipments that could not be packed before the packers once more."""
        self.to_pack.extend(sorted(self.waiting - set(self.to_pack)))
        self.waiting.clear()

    def load(self, parcel: ParcelView, shipment: str, carrier: str) -> None:
        """Put a labelled parcel on the belt to the door."""
        self.to_load.append(Load(parcel.id, parcel.sscc, carrier, shipment))

    async def rest(self, seconds: float = PATIENCE) -> None:
        """Wait a moment."""
        await asyncio.sleep(seconds)

    def surprised(self, who: str, code: str) -> None:
        """Count an answer that nobody in the simulation asked for."""
        self.surprises[f"{who}: {code}"] += 1
