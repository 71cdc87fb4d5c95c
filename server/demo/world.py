"""The warehouse of a day: decided here, laid by `lay`."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import msgspec

from server.demo.book import Book, demand_of
from server.demo.goods import Good, make_goods
from server.demo.options import DemoOptions
from server.demo.shelves import Stocked, in_stock, place
from server.people.seed import Person
from server.sites.model import PutCarton

TOTES_A_HANDHELD, SPARE_TOTES = 60, 200
CARTONS = (
    PutCarton(id="S", length_mm=250, width_mm=200, height_mm=120, weight_g=90, most_g=2_000),
    PutCarton(id="M", length_mm=400, width_mm=300, height_mm=200, weight_g=210, most_g=7_000),
    PutCarton(id="L", length_mm=600, width_mm=400, height_mm=300, weight_g=480, most_g=14_000),
    PutCarton(id="XL", length_mm=800, width_mm=600, height_mm=400, weight_g=900, most_g=25_000),
)


class Crew(msgspec.Struct, frozen=True):
    """Who works today."""

    pickers: tuple[Person, ...]
    cameras: tuple[Person, ...]
    packers: tuple[Person, ...]
    loader: Person
    chief: Person

    @property
    def everybody(self) -> tuple[Person, ...]:
        """All of them."""
        return (*self.pickers, *self.cameras, *self.packers, self.loader, self.chief)


class World(msgspec.Struct, frozen=True):
    """All that is true of the warehouse at the start; the server is told less."""

    book: Book
    goods: Mapping[str, Good]
    stock: tuple[Stocked, ...]
    totes: tuple[str, ...]
    crew: Crew


def make_world(options: DemoOptions, book: Book) -> World:
    """Decide on catalogue, stock, totes and people, all from the seed."""
    goods = make_goods(book.importable, options.seed, options.rates.unknown_weight)
    stock = in_stock([demand_of(order) for order in book.importable], options.fill)
    totes = tuple(f"T{n:05}" for n in range(1, SPARE_TOTES + TOTES_A_HANDHELD * options.handhelds + 1))
    return World(book, goods, tuple(place(stock, options.seed)), totes, crew(options))


def crew(options: DemoOptions) -> Crew:
    """Name the people; a badge's PIN is its number. Cameras count as handhelds."""
    cameras = min(options.cameras, options.handhelds)
    return Crew(
        tuple(_person("Picker", "picker", 1000 + n) for n in range(1, options.handhelds - cameras + 1)),
        tuple(_person("Camera", "picker", 5000 + n) for n in range(1, cameras + 1)),
        tuple(_person("Packer", "packer", 2000 + n) for n in range(1, options.stations + 1)),
        _person("Loader", "packer", 3001),
        _person("Supervisor", "supervisor", 4001),
    )


def _person(title: str, role: str, number: int) -> Person:
    return Person(f"{title} {number % 1000}", role, f"BADGE-{number}", str(number))


def station_id(number: int) -> str:
    """Name a pack station, from 0."""
    return f"PACK-{number + 1}"


def printer(folder: Path) -> str:
    """Give the address of the printer that prints into a folder."""
    return f"folder://{folder / 'labels'}"
