"""Which warehouse serves an order, what waits, and what gives way."""

from __future__ import annotations

from msgspec.structs import replace

from server.catalog.model import PutProduct
from server.orders.incoming import IncomingAddress
from server.orders.store import LINES, SHIPMENTS
from server.protocol import picking as pick
from server.sites.model import Policy
from server.stock.model import AdjustStock
from tests.floor import (
    PICKER,
    a_released_wave,
    a_site,
    an_order,
    at_bin,
    confirm,
    line_states,
    on_the_floor,
    ordered,
    pool,
    received,
    stops,
)
from tests.kit import World

EDINBURGH, LONDON = (55.95, -3.19), (51.51, -0.13)
GLASGOW = IncomingAddress(name="Zoe", city="Glasgow", country="GB", latitude=55.86, longitude=-4.25)


async def two_sites(w: World, north: dict[str, int], south: dict[str, int]) -> None:
    """A warehouse in Edinburgh and one in London with these goods."""
    for sku in north | south:
        await w.do(PutProduct(sku=sku, name=sku, weight_mg=1000))
    for site, where, goods in (("NORTH", EDINBURGH, north), ("SOUTH", LONDON, south)):
        await a_site(w, site, latitude=where[0], longitude=where[1])
        for sku, units in goods.items():
            await received(w, "A-01-01", sku, units, site)


async def shares(w: World) -> list[tuple[str, str, int]]:
    """Which site sends what."""
    sites = {s.id: s.site for s in await w.all(SHIPMENTS)}
    return sorted((sites.get(x.shipment, ""), x.sku, x.quantity) for x in await w.all(LINES))


async def test_the_nearest_that_ships_all(house: World) -> None:
    await two_sites(house, {"CUP": 5}, {"CUP": 5})
    await ordered(house, "1", ("CUP", 2), address=GLASGOW)
    assert await shares(house) == [("NORTH", "CUP", 2)]


async def test_a_farther_one_that_has_all_before_a_split(house: World) -> None:
    await two_sites(house, {"CUP": 5}, {"CUP": 5, "PAN": 1})
    await ordered(house, "1", ("CUP", 2), ("PAN", 1), address=GLASGOW)
    assert await shares(house) == [("SOUTH", "CUP", 2), ("SOUTH", "PAN", 1)]


async def test_a_split_where_nobody_has_all(house: World) -> None:
    await two_sites(house, {"CUP": 5}, {"PAN": 1})
    await ordered(house, "1", ("CUP", 2), ("PAN", 1), address=GLASGOW)
    assert await shares(house) == [("NORTH", "CUP", 2), ("SOUTH", "PAN", 1)]


async def test_a_line_is_split_over_sites_and_the_rest_waits(house: World) -> None:
    await two_sites(house, {"CUP": 5}, {"CUP": 3})
    await ordered(house, "1", ("CUP", 9), address=GLASGOW)
    assert await shares(house) == [("", "CUP", 1), ("NORTH", "CUP", 5), ("SOUTH", "CUP", 3)]
    await received(house, "A-01-01", "CUP", 1, "SOUTH")
    await house.settle()
    assert await shares(house) == [("NORTH", "CUP", 5), ("SOUTH", "CUP", 1), ("SOUTH", "CUP", 3)]


async def test_what_arrives_goes_to_who_waits_longest(w: World) -> None:
    await w.do(PutProduct(sku="CUP", name="Cup"))
    for name in ("3", "1", "2"):
        await ordered(w, name, ("CUP", 2), priority=int(name == "2"))
    await received(w, "A-01-01", "CUP", 4)
    await w.settle()
    states = {name: (await line_states(w, f"csv:{name}"))[0][2] for name in "123"}
    assert states == {"2": "allocated", "1": "allocated", "3": "back_ordered"}


async def test_short_at_one_site_is_served_by_another(house: World) -> None:
    await two_sites(house, {"CUP": 2}, {"CUP": 2})
    await ordered(house, "1", ("CUP", 2), address=GLASGOW)
    [task] = await a_released_wave(house, "NORTH")
    picker = replace(PICKER, site="NORTH")
    await house.do(pick.TakeTask(task), picker)
    [line] = await stops(house, task)
    await house.do(pick.Short(task, line.id, "none_on_shelf"), picker)
    await house.settle()
    assert await shares(house) == [("SOUTH", "CUP", 2)]


async def test_a_count_displaces_the_latest_promise(w: World) -> None:
    await ordered(w, "1", ("LAMP", 3))
    await ordered(w, "2", ("LAMP", 2))
    await w.do(AdjustStock("MAIN:B-01-01", "LAMP", 4, "count"))
    await w.settle()
    assert await line_states(w, "csv:1") == [("LAMP", 3, "allocated")]
    assert await line_states(w, "csv:2") == [("LAMP", 1, "allocated"), ("LAMP", 1, "back_ordered")]
    assert (await w.one(LINES, "state = 'back_ordered'")).reason == "displaced"
    await w.do(AdjustStock("MAIN:B-01-01", "LAMP", 9, "found"))
    await w.settle()
    assert await pool(w, "LAMP") == (9, 5)


async def test_a_count_displaces_what_is_on_offer_too(w: World) -> None:
    await on_the_floor(w, "1", ("LAMP", 3), take=False)
    await w.do(AdjustStock("MAIN:B-01-01", "LAMP", 1, "count"))
    await w.settle()
    assert await pool(w, "LAMP") == (1, 1)


async def test_goods_in_hand_are_believed_before_the_count(w: World) -> None:
    task = await on_the_floor(w, "1", ("LAMP", 3))
    [line] = await stops(w, task)
    await w.do(AdjustStock("MAIN:B-01-01", "LAMP", 1, "count"))
    await w.settle()
    await confirm(w, line)
    assert await pool(w, "LAMP") == (0, 0)
    assert await line_states(w, "csv:1") == [("LAMP", 3, "picked")]


async def test_a_bin_counted_short_under_a_line_is_short_at_the_shelf(w: World) -> None:
    task = await on_the_floor(w, "1", ("LAMP", 3))
    [line] = await stops(w, task)
    await w.do(AdjustStock("MAIN:B-01-01", "LAMP", 1, "count"))
    await at_bin(w, line)
    await w.do(pick.Scan(task, line.id, "sku", "LAMP"), PICKER)
    await w.do(pick.Short(task, line.id, "none_on_shelf"), PICKER)
    await w.do(pick.Scan(task, line.id, "tote", "T1"), PICKER)
    assert await line_states(w, "csv:1") == [("LAMP", 1, "picked"), ("LAMP", 2, "back_ordered")]
    assert await pool(w, "LAMP") == (0, 0)


async def test_the_carrier_is_the_sites_own_unless_it_names_one_for_the_buyers_choice(w: World) -> None:
    await a_site(w, "NORTH", Policy(carriers=(("By post", "manual"),)))
    await w.do(PutProduct(sku="CARD", name="Card", weight_mg=1000))
    await received(w, "A-01-01", "CARD", 9, "NORTH")
    for name, method in (("1", "Free Shipping"), ("2", "By post"), ("3", "")):
        await w.do(an_order(name, ("CARD", 1), shipping_method=method))
    await w.settle()
    carriers = {s.order: s.carrier for s in await w.all(SHIPMENTS)}
    assert carriers == {"csv:1": "own_van", "csv:2": "manual", "csv:3": "own_van"}
