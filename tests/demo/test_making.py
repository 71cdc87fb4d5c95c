"""What the simulation makes of a file before anybody works."""

from __future__ import annotations

import random
from collections import Counter
from pathlib import Path

from server.demo.book import demand_of, goods_of, read_book
from server.demo.goods import Good, make_goods
from server.demo.parcels import carton_for, grams, mistaken, parcelful
from server.demo.shelves import in_stock, missing, place, racks
from server.kernel.barcode import is_checked
from tests.shared import SHARED, with_shared

HEADER = "InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,CustomerID,Country\n"
MUG = Good("MUG", "Mug", "2000000000008", 100, "GBP", 300_000, 3_000, 300_000)
PIN = Good("PIN", "Pin", "2000000000015", 100, "GBP", 8_000, 80, 8_000)
GOODS = {"MUG": MUG, "PIN": PIN}


def test_only_the_first_days_are_read(tmp_path: Path) -> None:
    file = tmp_path / "orders.csv"
    rows = ("1,MUG,a,2,2010-12-01 23:00:00", "C2,MUG,a,-1,2010-12-02 01:00:00", "3,PIN,b,1,2010-12-03 09:00:00")
    file.write_text(HEADER + "".join(f"{row},1.00,,France\n" for row in rows))
    two = read_book([file], "csv", 2)
    assert ([order.name for order in two.orders], two.returns) == (["1"], 1)
    assert len(read_book([file], "csv", 0).orders) == 2


def test_what_is_missing_was_wanted_by_nobody_later() -> None:
    demands = [Counter({"A": 5}), Counter({"A": 3, "B": 2})]
    assert missing(demands, 4) == Counter({"A": 3, "B": 1})
    assert in_stock(demands, 0.6) == Counter({"A": 5, "B": 1})
    assert in_stock(demands, 1.0) == Counter({"A": 8, "B": 2})


def test_small_orders_are_spared_by_large_ones() -> None:
    demands = [Counter({"BIG": 900}), *(Counter({"A": 1}) for _ in range(99))]
    assert missing(demands, 20) == Counter({"BIG": 20})


@with_shared
def test_a_real_week_leaves_95_percent_whole() -> None:
    book = read_book([SHARED / "online-retail/online-retail-2010-12.csv.gz"], "csv", 7)
    stock = in_stock([demand_of(order) for order in book.importable], 0.98)
    whole = 0
    for order in book.importable:
        wanted = demand_of(order)
        whole += wanted <= stock
        stock -= wanted
    assert whole / len(book.importable) > 0.99


def test_stock_lies_in_one_to_three_bins_of_its_own() -> None:
    lots = place(Counter({"A": 100, "B": 1, "C": 0}), seed=1)
    assert Counter(lot.sku for lot in lots)["B"] == 1
    assert sum(lot.units for lot in lots) == 101
    assert len({lot.bin for lot in lots}) == len(lots)
    assert lots == place(Counter({"A": 100, "B": 1, "C": 0}), seed=1)


def test_racks_hold_at_least_what_is_asked() -> None:
    for bins in (1, 61, 4_500):
        codes = [rack.code for rack in racks(bins)]
        assert bins <= len(codes) == len(set(codes))


def test_goods_have_codes_of_their_own(tmp_path: Path) -> None:
    file = tmp_path / "orders.csv"
    file.write_text(HEADER + "".join(f"1,S{n},x,1,2010-12-01 08:00:00,1.00,,France\n" for n in range(200)))
    [order] = read_book([file], "csv", 0).orders
    goods = make_goods([order], seed=1, unknown=0.1)
    assert len({good.gtin for good in goods.values()}) == 200 == len(goods_of(order))
    assert all(is_checked(good.gtin) for good in goods.values())
    assert 5 < sum(good.told_mg == 0 for good in goods.values()) < 40


def test_a_shipment_becomes_as_many_parcels_as_it_needs() -> None:
    left = Counter({"MUG": 200})
    first = parcelful(left, GOODS)
    assert first == Counter({"MUG": 83})
    assert carton_for(first, GOODS) == "XL"
    assert carton_for(Counter({"PIN": 10}), GOODS) == "S"


def test_a_mistake_changes_what_is_inside() -> None:
    dice = random.Random(1)
    meant = Counter({"MUG": 1})
    hows = {how for _ in range(50) if (how := mistaken(meant, GOODS, dice)[1])}
    assert hows == {"one_more", "one_less", "another"}
    assert all(mistaken(meant, GOODS, dice)[0] != meant for _ in range(50))
    assert 85 < grams(Counter(), "S", GOODS, dice) < 95
