"""Nothing is left behind when what it was for is gone: no parcel, no tote, no promise, no goods in a tote of nobody."""

from __future__ import annotations

import pytest

from server.kernel.actor import SYSTEM
from server.orders.model import CancelOrder
from server.packing.store import PARCELS
from server.picking.store import PICKS, TOTES_IN_USE
from server.protocol import packing as pack
from server.protocol import picking as pick
from server.protocol import waves as wave
from server.tasks.store import TASKS
from server.waves.store import WAVES
from tests.floor import (
    CHIEF,
    COLLEAGUE,
    OFFICE,
    PACKER,
    PICKER,
    a_released_wave,
    an_order,
    at_station,
    carried_back,
    confirm,
    finish,
    line_states,
    on_the_floor,
    order_state,
    ordered,
    picked,
    pool,
    received,
    shipped,
    stops,
    there,
)
from tests.kit import World


async def totes(w: World) -> list[str]:
    """The totes in use."""
    return [use.tote for use in await w.all(TOTES_IN_USE)]


async def test_the_last_item_is_missing(w: World) -> None:
    """There is no other lamp: nothing comes to this parcel any more, and its tote is free."""
    await picked(w, "1", ("LAMP", 5))
    shipment, _ = await at_station(w)
    await w.do(pack.ReportMissing(shipment, "LAMP", 5, "missing"), PACKER)
    assert await line_states(w, "csv:1") == [("LAMP", 5, "back_ordered")]
    assert [parcel.state for parcel in await w.all(PARCELS)] == ["void"]
    assert await totes(w) == []


async def test_what_lies_in_the_parcel_is_sent_without_the_rest(w: World) -> None:
    await picked(w, "1", ("LAMP", 5), ("MUG", 1))
    shipment, parcel = await at_station(w)
    await w.do(pack.PackItem(shipment, parcel, "MUG"), PACKER)
    await w.do(pack.ReportMissing(shipment, "LAMP", 5, "missing"), PACKER)
    await w.do(pack.CloseParcel(shipment, parcel, "C1"), PACKER)
    assert await order_state(w, "csv:1") == "back_ordered"
    assert [parcel.state for parcel in await w.all(PARCELS)] == ["closed"]
    assert await totes(w) == []


async def test_a_parcel_begun_for_the_rest_is_void_when_the_rest_is_missing(w: World) -> None:
    await picked(w, "1", ("LAMP", 5), ("MUG", 1))
    shipment, parcel = await at_station(w)
    await w.do(pack.PackItem(shipment, parcel, "MUG"), PACKER)
    await w.do(pack.CloseParcel(shipment, parcel, "C1", "full"), PACKER)
    await w.do(pack.ReportMissing(shipment, "LAMP", 5, "missing"), PACKER)
    assert sorted(str(parcel.state) for parcel in await w.all(PARCELS)) == ["closed", "void"]
    assert await totes(w) == []


async def test_a_parcel_begun_for_the_rest_is_void_when_the_first_takes_it_all(w: World) -> None:
    await picked(w, "1", ("MUG", 3))
    shipment, parcel = await at_station(w)
    await w.do(pack.PackItem(shipment, parcel, "MUG"), PACKER)
    await w.do(pack.CloseParcel(shipment, parcel, "C1", "full"), PACKER)
    await w.do(pack.ReopenParcel(parcel), PACKER)
    await w.do(pack.TrustTote(shipment, parcel), PACKER)
    await w.do(pack.CloseParcel(shipment, parcel, "C1"), PACKER)
    assert sorted(str(parcel.state) for parcel in await w.all(PARCELS)) == ["closed", "void"]


async def test_a_tote_on_a_trolley_that_gets_nothing_is_free_with_its_task(w: World) -> None:
    task = await on_the_floor(w, "1", ("LAMP", 1))
    await w.do(pick.NewTote(task, 1, "T1"), PICKER)
    await w.do(pick.HandBack(task), PICKER)
    await w.do(CancelOrder("csv:1"), OFFICE)
    assert (await w.one(TASKS)).state == "withdrawn"
    assert await totes(w) == []


@pytest.mark.parametrize("whose", ["cid", ""])
async def test_a_withdrawn_line_of_nobody_is_free(w: World, whose: str) -> None:
    """The order is cancelled, and before the phone has answered the supervisor takes the task out of its hands."""
    task = await on_the_floor(w, "1", ("LAMP", 2))
    await w.do(CancelOrder("csv:1"), OFFICE)
    assert await pool(w, "LAMP") == (5, 2)
    await w.do(wave.AssignTask(task, whose), CHIEF)
    assert await order_state(w, "csv:1") == "cancelled"
    assert await pool(w, "LAMP") == (5, 0)


async def test_goods_on_a_trolley_are_not_packed(w: World) -> None:
    """A lamp that was missing is picked again: until its tote stands here it is not packed, and may be undone."""
    await picked(w, "1", ("LAMP", 2))
    shipment, parcel = await at_station(w)
    await w.do(pack.ReportMissing(shipment, "LAMP", 1, "damaged"), PACKER)
    again = await w.one(TASKS, "state = 'offered'")
    await w.do(pick.TakeTask(again.id), PICKER)
    [line] = await stops(w, again.id)
    await confirm(w, line, "T2")
    for command in (
        pack.TrustTote(shipment, parcel),
        pack.PackItem(shipment, parcel, "LAMP", quantity=2),
        pack.CloseParcel(shipment, parcel, "C1", "full"),
    ):
        assert (await w.refused(command, PACKER)).code == "totes_missing"
    assert (await w.refused(pack.ReportMissing(shipment, "LAMP", 2, "missing"), PACKER)).code == "not_enough_stock"
    await w.do(pick.Undo(again.id, line.id), PICKER)
    await finish(w, again.id, "T2")
    await w.do(pack.TrustTote(shipment, parcel), PACKER)
    await w.do(pack.CloseParcel(shipment, parcel, "C1"), PACKER)
    assert await line_states(w, "csv:1") == [("LAMP", 1, "packed"), ("LAMP", 1, "packed")]


async def two_totes(w: World) -> tuple[str, list[pick.Undo]]:
    """Three mugs of one line in a tote, two of another line of the same order in the next; gives task and undos."""
    await received(w, "A-01-01", "MUG", 20)
    await w.do(an_order("1", ("MUG", 3), ("MUG", 2)), SYSTEM)
    await w.settle()
    [task] = await a_released_wave(w)
    await w.do(pick.TakeTask(task), PICKER)
    three, two = sorted(await stops(w, task), key=lambda line: -line.quantity)
    await confirm(w, three, "T1")
    await w.do(pick.NewTote(task, two.slot, "T2"), PICKER)
    await confirm(w, two, "T2")
    return task, [pick.Undo(task, three.id), pick.Undo(task, two.id)]


async def test_what_is_carried_back_comes_out_of_its_own_tote(w: World) -> None:
    """The second line is cancelled, and the first one undone: both find their goods."""
    task, [undo, _] = await two_totes(w)
    await w.do(an_order("1", ("MUG", 3), revision="2"), SYSTEM)
    await w.do(undo, PICKER)
    [back] = await w.all(PICKS, "kind = 'return'")
    assert (back.tote, back.quantity) == ("T2", 2)
    assert await carried_back(w, COLLEAGUE) == 1
    await finish(w, task, "T2")
    assert await there(w, "tote:T2", "MUG") == 3


async def test_a_part_that_is_carried_back_too(w: World) -> None:
    _, [undo, other] = await two_totes(w)
    await w.do(an_order("1", ("MUG", 3), ("MUG", 1), revision="2"), SYSTEM)
    await w.do(undo, PICKER)
    await w.do(other, PICKER)
    assert await carried_back(w, COLLEAGUE) == 1
    assert await there(w, "tote:T1", "MUG") == await there(w, "tote:T2", "MUG") == 0


async def test_what_has_left_cannot_become_something_else(w: World) -> None:
    """The channel says lamp where a mug was sent: it is told so, and no lamp is taken for the mug."""
    await shipped(w, "1", ("MUG", 1))
    refusal = await w.refused(an_order("1", ("LAMP", 1), revision="2"))
    assert refusal.code == "order_shipped"
    assert await line_states(w, "csv:1") == [("MUG", 1, "shipped")]


async def test_a_wave_that_nobody_waits_for(w: World) -> None:
    """A task that was handed back with goods on its trolley, and whose wave is cancelled: the goods can be packed."""
    await ordered(w, "1", ("MUG", 2))
    [task] = await a_released_wave(w)
    await w.do(pick.TakeTask(task), PICKER)
    [line] = await stops(w, task)
    await confirm(w, line)
    await w.do(pick.HandBack(task), PICKER)
    await w.do(wave.CancelWave((await w.one(WAVES)).id), CHIEF)
    shipment, parcel = await at_station(w)
    await w.do(pack.TrustTote(shipment, parcel), PACKER)
    await w.do(pack.CloseParcel(shipment, parcel, "C1"), PACKER)
    assert await totes(w) == []
