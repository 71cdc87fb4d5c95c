"""The office asks for a bin to be counted: one task for each SKU and lot that the book has there."""

from __future__ import annotations

from server.catalog.store import SKUS
from server.db.unit import Unit
from server.kernel.refusal import Refusal
from server.picking.model import PickLine, PickState, QueueCount
from server.picking.returns import recount
from server.sites.store import BINS
from server.stock.model import Balance, bin_place
from server.stock.store import BALANCES


async def queue_count(unit: Unit, command: QueueCount) -> None:
    """Carry out QueueCount; what waits to be counted already is not asked for twice. Refusal where nothing lies."""
    place = await unit.get(BINS, command.bin)
    here = await unit.where(BALANCES, place=bin_place(place.id))
    wanted = [b for b in here if b.quantity and command.sku in {"", b.sku} and command.lot in {"", b.lot}]
    if not wanted:
        raise Refusal("not_found", kind="stock", id=command.bin, sku=command.sku)
    for balance in wanted:
        await recount(unit, await _line(unit, place.site, place.id, balance))


async def _line(unit: Unit, site: str, place: str, balance: Balance) -> PickLine:
    """Give the line that a count of this balance is, but for its task."""
    return PickLine(
        id="",
        task="",
        kind="count",
        sequence=1,
        site=site,
        order="",
        shipment="",
        line="",
        bin=place,
        sku=balance.sku,
        tracking=(await unit.get(SKUS, balance.sku)).tracking,
        lot=balance.lot,
        quantity=0,
        counted=0,
        picked=0,
        state=PickState.OPEN,
        step="",
        slot=0,
        tote="",
        serials=(),
        reason="",
        picked_at=0,
    )
