"""A demo warehouse for the first start: bins, products, stock, orders that wait for a wave, and people with badges."""

from __future__ import annotations

import random
from collections.abc import Iterator

from server.catalog.model import PutProduct, Tracking
from server.house import House
from server.kernel.actor import SYSTEM
from server.kernel.barcode import check_digit
from server.kernel.clock import HOUR
from server.orders.incoming import IncomingAddress, IncomingLine, IncomingOrder
from server.orders.model import ImportOrder
from server.people.seed import Person, put_person
from server.protocol.base import Command
from server.sites.model import BinKind, PutBin, PutCarton, PutSite, PutStation, PutTote
from server.sites.reads import sites
from server.stock.model import DIFFERENCE, ReceiveStock

SITE = "MAIN"
AISLES, BAYS, LEVELS = "ABCD", 12, 2
AISLE_MM, BAY_MM = 4_000, 1_200
PEOPLE = (
    ("Ann Picker", "picker", "BADGE-ANN", "1111"),
    ("Ben Picker", "picker", "BADGE-BEN", "2222"),
    ("Pia Packer", "packer", "BADGE-PIA", "3333"),
    ("Eve Supervisor", "supervisor", "BADGE-EVE", "4444"),
    ("Ada Admin", "admin", "BADGE-ADA", "5555"),
)
PRODUCTS = (
    ("MUG-BLUE", "Mug, blue", 340, 795),
    ("MUG-RED", "Mug, red", 340, 795),
    ("TEAPOT", "Teapot, cast iron", 1_450, 3_900),
    ("LANTERN", "Lantern, white metal", 620, 1_450),
    ("HEART", "Hanging heart holder", 95, 255),
    ("BUNTING", "Bunting, 10 flags", 120, 650),
    ("CANDLE-S", "Candle, small", 80, 190),
    ("CANDLE-L", "Candle, large", 410, 690),
    ("CUSHION", "Cushion, striped", 520, 1_595),
    ("CLOCK", "Alarm clock, green", 280, 1_125),
    ("BOTTLE", "Hot water bottle", 390, 875),
    ("NAPKINS", "Paper napkins, 20", 65, 145),
    ("TIN", "Cake tin set of 3", 870, 1_995),
    ("NOTEBOOK", "Notebook, dotted", 210, 525),
    ("PENCILS", "Pencils, 12", 75, 225),
    ("FRAME", "Picture frame", 450, 1_050),
)
TOWNS = (("Leeds", "GB"), ("Lyon", "FR"), ("Köln", "DE"), ("Sevilla", "ES"), ("Galway", "IE"))
CARTONS = (("S", 250, 200, 120, 90, 3_000), ("M", 400, 300, 200, 210, 10_000), ("L", 600, 400, 300, 480, 25_000))


def places(var: str) -> Iterator[Command]:
    """Give the commands that build the site; labels are printed into `var`/labels."""
    yield PutSite(id=SITE, name="Main warehouse", street="1 Dock Road", city="Leeds", country="GB")
    yield PutBin(site=SITE, code="DEPOT", kind=BinKind.DEPOT, x_mm=0, y_mm=-2_000)
    yield PutBin(site=SITE, code="CONS-1", kind=BinKind.CONSOLIDATION, x_mm=6_000, y_mm=-3_000)
    yield PutBin(site=SITE, code="DOOR-1", kind=BinKind.DOOR, x_mm=12_000, y_mm=-3_000)
    for x, aisle in enumerate(AISLES):
        for bay in range(BAYS):
            for level in range(LEVELS):
                yield PutBin(
                    site=SITE,
                    code=f"{aisle}-{bay + 1:02}-{level + 1}",
                    zone="A" if x < len(AISLES) // 2 else "B",
                    aisle=aisle,
                    x_mm=x * AISLE_MM,
                    y_mm=(bay + 1) * BAY_MM,
                    level=level,
                )
    for number in range(1, 41):
        yield PutTote(id=f"T{number:03}", site=SITE)
    for number in (1, 2):
        printer = f"folder://{var}/labels?format=pdf"
        yield PutStation(id=f"PACK-{number}", site=SITE, name=f"Pack station {number}", printer=printer)
    for name, length, width, height, grams, most in CARTONS:
        yield PutCarton(id=name, length_mm=length, width_mm=width, height_mm=height, weight_g=grams, most_g=most)


def gtin(number: int) -> str:
    """Make a GTIN-13 of the restricted range for in-house use (GS1 prefix 20 to 29)."""
    body = f"20{number:010}"
    return f"{body}{check_digit(body)}"


def goods(dice: random.Random) -> Iterator[Command]:
    """Give the commands that make products and put them into one or two bins each."""
    bins = [f"{a}-{bay + 1:02}-{level + 1}" for a in AISLES for bay in range(BAYS) for level in range(LEVELS)]
    dice.shuffle(bins)
    for number, (sku, name, grams, price) in enumerate(PRODUCTS, 1):
        codes = ((gtin(number), 1), (f"CASE-{sku}", 12))
        yield PutProduct(
            sku=sku,
            name=name,
            barcodes=codes,
            weight_mg=grams * 1_000,
            weight_sd_mg=grams * 8,
            tracking=Tracking.NONE,
            price=price,
            currency="GBP",
            length_mm=120,
            width_mm=90,
            height_mm=60,
        )
        for _ in range(dice.choice((1, 2))):
            yield ReceiveStock(f"{SITE}:{bins.pop()}", sku, dice.randint(40, 90), source=DIFFERENCE, ref="opening")


def orders(dice: random.Random, now: int, count: int = 24) -> Iterator[Command]:
    """Give orders of the last hours, paid at their channel."""
    for number in range(count):
        chosen = dice.sample(PRODUCTS, dice.choice((1, 1, 2, 3, 4)))
        lines = tuple(
            IncomingLine(str(i), sku, name, dice.randint(1, 4), price, goods=True)
            for i, (sku, name, _, price) in enumerate(chosen, 1)
        )
        town, country = dice.choice(TOWNS)
        name = f"DEMO-{number + 1:03}"
        address = IncomingAddress(name=f"Customer {number + 1}", street="1 High Street", city=town, country=country)
        total = sum(line.quantity * line.unit_price for line in lines)
        placed = now - dice.randint(0, 6 * HOUR)
        yield ImportOrder(
            IncomingOrder(
                "csv", name, "1", name, placed, "GBP", lines, total, customer_name=address.name, address=address
            )
        )


async def seed_demo(house: House) -> list[Person]:
    """Fill an empty database; the same again changes nothing. Gives the people to sign in as."""
    dice = random.Random(1)  # noqa: S311 - a demo, not a secret
    done = 0
    for commands in (places(str(house.settings.var.absolute())), goods(dice), orders(dice, house.clock())):
        for command in commands:
            done += 1
            await house.bus.do(SYSTEM, command, op_id=f"seed:{done}")
    return [await put_person(house.bus, SITE, *person) for person in PEOPLE]


async def is_empty(house: House) -> bool:
    """Tell whether nobody has set anything up yet."""
    return not await sites(house.database)
