"""A pack station and its packer: contents in, carton closed, weighed, put right if need be, labelled."""

from __future__ import annotations

from typing import TYPE_CHECKING

import httpx
import msgspec

from server.demo import parcels
from server.demo.floor import Floor, Mispacked
from server.demo.link import Answer, Link
from server.demo.options import Rates
from server.demo.parcels import Content
from server.packing.bridged import ScaleView
from server.protocol.frames import Committed, LiveCommand, Rejected
from server.protocol.packing import (
    AcceptWeight,
    CloseParcel,
    OpenPack,
    PackItem,
    PackView,
    ParcelView,
    PrintLabel,
    ReopenParcel,
    TrustTote,
    Weigh,
)

if TYPE_CHECKING:
    from scanner_client.scale.simulator import Simulator

UNIT_BY_UNIT = 3
"""Up to so many units are scanned one by one, more are typed."""
MOST_READINGS = 40
BLOCKED = frozenset({"weight_mismatch", "weight_unknown"})
as_scale = msgspec.json.Decoder(ScaleView).decode


class Parcel(msgspec.Struct):
    """A parcel in the making: what the packer meant to put in, and what is really in it."""

    view: ParcelView
    meant: Content
    inside: Content
    grams: float = 0.0


class Packer:
    """One person at one station."""

    def __init__(
        self,
        floor: Floor,
        link: Link,
        web: httpx.AsyncClient,
        chief: Link,
        scale: Simulator,
        station: str,
        rates: Rates,
    ) -> None:
        self.floor, self.link, self.web, self.chief = floor, link, web, chief
        self.scale, self.station, self.rates = scale, station, rates
        self.dice = floor.dice(station)

    async def work(self) -> None:
        """Pack shipment after shipment until the day is over."""
        while not self.floor.over.is_set():
            if self.floor.to_pack:
                await self._shipment(self.floor.to_pack.popleft())
            else:
                await self.floor.rest()
                self.floor.look_again()

    async def _shipment(self, shipment: str) -> None:
        """Pack all that is there of a shipment; one that is not complete has to wait."""
        if shipment in self.floor.packing:
            self.floor.waiting.add(shipment)
        elif shipment in self.floor.dropped:
            self.floor.packing.add(shipment)
            await self._pack(shipment)
            self.floor.packing.discard(shipment)

    async def _pack(self, shipment: str) -> None:
        view = await self._view(OpenPack(self.station, self.floor.dropped[shipment][0]))
        if view is None:
            self.floor.waiting.add(shipment)
            return
        while view and (left := parcels.to_pack(view)):
            labelled = await self._parcel(view, left)
            more = labelled and parcels.to_pack(labelled)
            view = await self._view(OpenPack(self.station, shipment)) if more else labelled
        if view:
            self.floor.emptied(shipment)

    async def _parcel(self, view: PackView, left: Content) -> PackView | None:
        """Make one parcel, weigh it, label it; gives what the screen then shows, None if refused."""
        meant = parcels.parcelful(left, self.floor.goods)
        parcel = await self._fill(view, meant, all_of_it=meant == left)
        if parcel is None or not await self._weigh(parcel):
            return None
        printed = await self._view(PrintLabel(parcel.view.id, self.station))
        if printed:
            labelled = next(p for p in printed.parcels if p.id == parcel.view.id)
            self.floor.load(labelled, view.shipment, view.carrier)
        return printed

    async def _fill(self, view: PackView, meant: Content, *, all_of_it: bool, again: bool = False) -> Parcel | None:
        """Put goods in, trusting the tote or scanning each, and close; a careless packer errs."""
        if all_of_it and not again and view.trust_tote and self.dice.random() < self.rates.trusted:
            await self._view(TrustTote(view.shipment, view.open_parcel))
        else:
            await self._scan_in(view, meant)
        carton = parcels.carton_for(meant, self.floor.goods)
        reason = "" if all_of_it else "parcel is full"
        closed = await self._view(CloseParcel(view.shipment, view.open_parcel, carton, reason))
        if closed is None:
            return None
        parcel, how = Parcel(next(p for p in closed.parcels if p.id == view.open_parcel), meant, meant), ""
        if not again and self.dice.random() < self.rates.mispacked:
            parcel.inside, how = parcels.mistaken(meant, self.floor.goods, self.dice)
        parcel.grams = parcels.grams(parcel.inside, carton, self.floor.goods, self.dice)
        if how:
            self.floor.mispacked[parcel.view.id] = Mispacked(parcel.view.id, how, parcel.grams)
        return parcel

    async def _scan_in(self, view: PackView, meant: Content) -> None:
        """Scan every item; of many alike the number is typed."""
        codes = {line.sku: line.barcodes or (line.sku,) for line in view.lines}
        for sku, units in meant.items():
            single = units <= UNIT_BY_UNIT
            for _ in range(units if single else 1):
                item = PackItem(view.shipment, view.open_parcel, codes[sku][0], "EAN13", 0 if single else units)
                await self._view(item)

    async def _weigh(self, parcel: Parcel) -> bool:
        """Weigh until the gate opens: twice, then it is looked into and put right, or let through by the chief."""
        answer = await self._reading(parcel)
        if isinstance(answer, Rejected) and answer.code == "weight_mismatch":
            answer = await self._reading(parcel)
        if isinstance(answer, Rejected) and parcel.inside != parcel.meant:
            answer = await self._put_right(parcel)
        if isinstance(answer, Rejected) and answer.code in BLOCKED:
            answer = await self.chief.do(AcceptWeight(parcel.view.id, "looked inside: all is there"))
        return self._fine("weigh", answer)

    async def _put_right(self, parcel: Parcel) -> Answer:
        """Open a parcel again, pack it as it should be, and weigh it."""
        view = await self._view(ReopenParcel(parcel.view.id))
        again = view and await self._fill(
            view, parcel.meant, all_of_it=parcels.to_pack(view) == parcel.meant, again=True
        )
        if not again:
            return Rejected("", 0, "not_put_right", {})
        return await self._reading(again)

    async def _reading(self, parcel: Parcel) -> Answer:
        """Put the parcel on the scale, wait until it has settled, and send what the station reads."""
        self.scale.put(parcel.grams)
        hasty = self.dice.random() < self.rates.wrong
        for _ in range(MOST_READINGS):
            seen = as_scale((await self.web.get(f"/api/stations/{self.station}/weight")).content)
            if seen.stable and seen.status == "ok":
                break
            if hasty and seen.status == "ok":
                hasty = False
                self._fine("unstable", await self.link.do(_weigh(parcel, seen)), wanted="unstable")
        answer = await self.link.do(_weigh(parcel, seen))
        self.scale.put(0.0)
        return answer

    async def _view(self, command: LiveCommand) -> PackView | None:
        """Do a command and give the station's screen; None where it was refused."""
        answer = await self.link.do(command)
        if isinstance(answer, Committed) and isinstance(answer.result, PackView):
            return answer.result
        self._fine(type(command).__name__, answer, wanted="totes_missing")
        return None

    def _fine(self, what: str, answer: Answer, *, wanted: str = "") -> bool:
        """Tell whether an answer is a commit; a refusal that was not to be expected is counted."""
        if isinstance(answer, Rejected) and answer.code != wanted:
            self.floor.surprised(what, answer.code)
        return isinstance(answer, Committed)


def _weigh(parcel: Parcel, seen: ScaleView) -> Weigh:
    return Weigh(parcel.view.id, seen.grams, seen.stable, scale=seen.scale, raw=seen.raw)
