"""What must hold after any history: the book equals the ledger, promises equal lines, nothing is below zero."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from server.orders.model import OrderLine, State
from server.orders.store import LINES, ORDERS, SHIPMENTS
from server.picking.model import PickLine, PickState
from server.picking.store import PICKS
from server.stock.model import WORLD, Balance, balance_id
from server.stock.recount import recount
from server.stock.store import BALANCES, POOLS
from tests.kit import World

PROMISED = {State.ALLOCATED, State.RELEASED, State.PICKING, State.WITHDRAWING}
ON_THE_FLOOR = {State.RELEASED, State.PICKING, State.WITHDRAWING}
WITH_A_PICKER = {State.PICKING, State.WITHDRAWING}
"""States in which a person is believed before a count."""
PUT_ASIDE = {State.PICKED, State.PACKED}
OPEN = {PickState.OPEN, PickState.WITHDRAWING}


async def assert_sound(w: World, *, cut_pins: bool = False, failed_jobs: bool = False) -> None:
    """Check the whole house; `cut_pins` where a count took goods from under promised lines."""
    balances: list[Balance] = await w.all(BALANCES)
    lines: list[OrderLine] = [line for line in await w.all(LINES) if line.goods]
    picks: list[PickLine] = await w.all(PICKS)
    assert await recount(w.database) == []
    _sums_are_zero(balances)
    await _pools_are_sums(w, balances, lines)
    _pins_are_open_lines(balances, picks, cut=cut_pins)
    _lines_have_their_stops(lines, picks)
    _goods_in_hand_are_lines(balances, lines, picks)
    await _tallies_are_counts(w, lines)
    await _journal_has_no_gap(w)
    if not failed_jobs:
        assert await w.database.read("SELECT kind, last_error FROM job WHERE state = 'failed'") == []


def _sums_are_zero(balances: Iterable[Balance]) -> None:
    total: Counter[tuple[str, str]] = Counter()
    for b in balances:
        total[b.sku, b.lot] += b.quantity
        assert b.place in WORLD or 0 <= b.pinned <= b.quantity, b
        assert b.pool or not b.pinned, b
    assert not any(total.values()), total


async def _pools_are_sums(w: World, balances: Iterable[Balance], lines: Iterable[OrderLine]) -> None:
    sites = {s.id: s.site for s in await w.all(SHIPMENTS)}
    on_hand: Counter[str] = Counter()
    promised: Counter[str] = Counter()
    in_hand: Counter[str] = Counter()
    for b in balances:
        on_hand[b.pool] += b.quantity
    for line in lines:
        if line.state in PROMISED:
            promised[f"{sites[line.shipment]}/{line.sku}"] += line.quantity
        if line.state in WITH_A_PICKER:
            in_hand[f"{sites[line.shipment]}/{line.sku}"] += line.quantity
    pools = {p.id: p for p in await w.all(POOLS)}
    assert {k: p.on_hand for k, p in pools.items()} == {k: on_hand[k] for k in pools}
    assert {k: p.reserved for k, p in pools.items()} == {k: promised[k] for k in pools}
    assert all(p.available + in_hand[k] >= 0 for k, p in pools.items()), pools
    assert promised.keys() <= pools.keys()


def _pins_are_open_lines(balances: Iterable[Balance], picks: Iterable[PickLine], *, cut: bool) -> None:
    wanted: Counter[str] = Counter()
    for p in picks:
        if p.kind == "pick" and p.state in OPEN:
            wanted[balance_id(f"bin:{p.bin}", p.sku, p.lot)] += p.quantity
    pinned = Counter({b.id: b.pinned for b in balances if b.pinned})
    assert pinned <= wanted if cut else pinned == wanted, (pinned, wanted)


def _lines_have_their_stops(lines: Iterable[OrderLine], picks: Iterable[PickLine]) -> None:
    stops = sorted((p.line, p.quantity) for p in picks if p.kind == "pick" and p.state in OPEN)
    assert stops == sorted((x.id, x.quantity) for x in lines if x.state in ON_THE_FLOOR)


def _goods_in_hand_are_lines(
    balances: Iterable[Balance], lines: Iterable[OrderLine], picks: Iterable[PickLine]
) -> None:
    """What lies in totes and parcels belongs to a picked or packed line, or somebody carries it back."""
    there: Counter[str] = Counter()
    for b in balances:
        there[b.sku] += b.quantity if b.place.startswith(("tote:", "parcel:")) else 0
    for line in lines:
        there[line.sku] -= line.quantity if line.state in PUT_ASIDE else 0
    for p in picks:
        there[p.sku] -= p.quantity if p.kind == "return" and p.state is PickState.OPEN else 0
    assert not any(there.values()), there


async def _tallies_are_counts(w: World, lines: Iterable[OrderLine]) -> None:
    counts: dict[str, Counter[State]] = {}
    for line in lines:
        for key in (line.order, line.shipment):
            counts.setdefault(key, Counter())[line.state] += 1
    for one in (*await w.all(ORDERS), *await w.all(SHIPMENTS)):
        assert one.tally == counts.get(one.id, {}), one


async def _journal_has_no_gap(w: World) -> None:
    positions = [entry.position for entry in await w.events()]
    assert positions == list(range(1, len(positions) + 1))
