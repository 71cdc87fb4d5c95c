"""Products, layout and opening stock from CSV files."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.catalog.files import PackCode, ProductRow, products
from server.kernel.barcode import bin_digits
from server.kernel.rows import Rejected
from server.sites.files import BinRow, layout
from server.stock.files import StockRow, stock

PRODUCT = "sku,name,barcodes,weight_g,weight_mg,weight_sd_mg,length_mm,width_mm,height_mm,tracking,price,currency"
LAYOUT = "site,zone,aisle,bin,x_m,y_mm,level,kind,check_digits"
STOCK = "site;bin;sku;quantity;lot;expiry"


def test_a_product_with_its_packs() -> None:
    line = "MUG,Mug,5012345678900|15012345678907*12,340.5,,4000,100,90,95,lot,2.55,eur"
    assert list(products([PRODUCT, line])) == [
        ProductRow(
            "MUG",
            "Mug",
            (PackCode("5012345678900"), PackCode("15012345678907", 12)),
            unit_mg=340_500,
            unit_sd_mg=4_000,
            length_mm=100,
            width_mm=90,
            height_mm=95,
            tracking="lot",
            price=255,
            currency="EUR",
        )
    ]


def test_a_sku_is_enough() -> None:
    assert list(products(["SKU", "MUG"], "GBP")) == [ProductRow("MUG", "", currency="GBP")]
    (light,) = products(["sku,weight_mg", "STAMP,1250"])
    assert isinstance(light, ProductRow)
    assert light.unit_mg == 1250


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("sku", ""),
        ("barcodes", "501*0"),
        ("barcodes", "501*x"),
        ("weight_g", "-1"),
        ("weight_g", "heavy"),
        ("weight_mg", "9" * 15),
        ("length_mm", "1e9"),
        ("tracking", "colour"),
        ("price", "-1"),
        ("price", "x"),
    ],
)
def test_a_bad_cell_is_named_and_the_next_product_is_read(column: str, value: str) -> None:
    names = PRODUCT.split(",")
    cells = {**dict.fromkeys(names, ""), "sku": "MUG", column: value}
    bad, good = products([PRODUCT, ",".join(cells.values()), "BELL" + "," * (len(names) - 1)])
    assert isinstance(bad, Rejected)
    assert (bad.row, bad.column, bad.value, bad.code) == (2, column, value, "bad_value")
    assert isinstance(good, ProductRow)


def test_a_layout_derives_the_check_digits_it_is_not_given() -> None:
    given_, derived, bad, kind = layout(
        [
            LAYOUT,
            "MAIN,A,1,A-01-01,12.5,900,2,pick,47",
            "MAIN,A,1,A-01-02,,,,,",
            "MAIN,A,1,A-01-03,,,,,00",
            "MAIN,A,1,A-01-04,,,,roof,",
        ]
    )
    assert given_ == BinRow("MAIN", "A-01-01", "47", "A", "1", 12_500, 900, 2, "pick")
    assert derived == BinRow("MAIN", "A-01-02", bin_digits("A-01-02"), "A", "1")
    assert isinstance(bad, Rejected)
    assert (bad.external_id, bad.column, bad.value) == ("A-01-03", "check_digits", "00")
    assert isinstance(kind, Rejected)
    assert kind.column == "kind"


def test_stock_counts_up_from_one() -> None:
    good, none, late = stock(
        [STOCK, "MAIN;A-01-01;MUG;40;L7;2027-02-28", "MAIN;A-01-01;MUG;0;;", "MAIN;A-01-01;MUG;1;;2027-02-30"]
    )
    assert good == StockRow("MAIN", "A-01-01", "MUG", 40, "L7", "2027-02-28")
    assert isinstance(none, Rejected)
    assert (none.column, none.value) == ("quantity", "0")
    assert isinstance(late, Rejected)
    assert late.column == "expiry"


@given(st.lists(st.text(max_size=60) | st.binary(max_size=60), max_size=8))
def test_any_file_is_rows_or_rejected(lines: list[str | bytes]) -> None:
    read = [*products([PRODUCT, *lines]), *layout([LAYOUT, *lines]), *stock([STOCK, *lines]), *stock(lines)]
    assert all(isinstance(made, ProductRow | BinRow | StockRow | Rejected) for made in read)
