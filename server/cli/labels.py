"""pickwave labels."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from pathlib import Path

import click

import labels as paper
from server.catalog.store import BARCODES, SKUS
from server.cli.inside import inside
from server.db.engine import Database
from server.db.reads import load
from server.house import House
from server.kernel.refusal import Refusal
from server.orders.store import LINES, ORDERS, SHIPMENTS
from server.packing.store import ITEMS, PARCELS
from server.people.store import USERS
from server.shipping.printing import label_of, receiver, sender
from server.sites.store import BINS, SITES, TOTES

Maker = Callable[[Database, str], Awaitable[list[paper.Label]]]


async def _bins(database: Database, site: str) -> list[paper.Label]:
    found = sorted(await load(database, BINS, "site", [site]), key=lambda b: b.code)
    return [paper.bin_label(paper.Bin(b.code, b.check, b.level)) for b in found]


async def _skus(database: Database, _: str) -> list[paper.Label]:
    rows = await database.read(f"{SKUS.select} ORDER BY id")
    skus = [SKUS.load(tuple(row.values())) for row in rows]
    codes = {b.sku: b.id for b in await load(database, BARCODES, "sku", [s.id for s in skus]) if b.units == 1}
    return [paper.sku_label(paper.Item(s.id, s.name, _shown(codes.get(s.id, "")))) for s in skus]


def _shown(code: str) -> str:
    """Give a stored GTIN-14 of a single unit as the 13 digits that are printed."""
    return code[1:] if len(code) == 14 and code.isdigit() and code.startswith("0") else code  # noqa: PLR2004


async def _totes(database: Database, site: str) -> list[paper.Label]:
    found = sorted(await load(database, TOTES, "site", [site]), key=lambda t: t.id)
    return [paper.tote_label(tote.id) for tote in found]


async def _badges(database: Database, _: str) -> list[paper.Label]:
    rows = await database.read(f"{USERS.select} WHERE active AND badge <> '' ORDER BY name")
    users = [USERS.load(tuple(row.values())) for row in rows]
    return [paper.badge_label(u.name, ", ".join(u.roles), u.badge) for u in users]


async def _parcels(database: Database, site: str) -> list[paper.Label]:
    rows = await database.read(f"{PARCELS.select} WHERE site = ? AND prints > 0 ORDER BY opened_at", (site,))
    return [await label_of(database, PARCELS.load(tuple(row.values()))) for row in rows]


async def _slips(database: Database, site: str) -> list[paper.Label]:
    rows = await database.read(f"{SHIPMENTS.select} WHERE site = ? AND state = 'packed' ORDER BY id", (site,))
    made = [await slip(database, row["id"]) for row in rows]
    return [page for pages in made for page in pages]


async def slip(database: Database, shipment_id: str) -> list[paper.Label]:
    """Make a shipment's packing slip."""
    [shipment] = await load(database, SHIPMENTS, "id", [shipment_id])
    [order] = await load(database, ORDERS, "id", [shipment.order])
    [site] = await load(database, SITES, "id", [shipment.site])
    lines = [line for line in await load(database, LINES, "order", [order.id]) if line.goods]
    packed = {item.line: item.quantity for item in await load(database, ITEMS, "shipment", [shipment_id])}
    rows = tuple(paper.Line(x.sku or x.code, x.description, x.quantity, packed.get(x.id, 0)) for x in lines)
    to = receiver(order.address) if order.address else "-"
    return paper.packing_slip(paper.Slip(order.name, sender(site), to, "", rows, order.note))


KINDS: Mapping[str, Maker] = {
    "bins": _bins,
    "skus": _skus,
    "totes": _totes,
    "badges": _badges,
    "parcels": _parcels,
    "slips": _slips,
}
PATH = click.Path(dir_okay=False, path_type=Path)


@click.command()
@click.argument("kind", type=click.Choice(list(KINDS)))
@click.option("--site", default="MAIN", show_default=True, help="The warehouse.")
@click.option("--pdf", type=PATH, help="Write a PDF.")
@click.option("--zpl", type=PATH, help="Write ZPL for a label printer.")
@click.option("--stock", default="roll", show_default=True, help=f"For PDF: roll, {', '.join(paper.STOCKS)}.")
@click.option("--dpi", type=click.Choice(["203", "300", "600"]), default="203", show_default=True, help="For ZPL.")
def labels(kind: str, site: str, pdf: Path | None, zpl: Path | None, stock: str, dpi: str) -> None:
    """Make labels of a whole site: bins with check digits, SKUs, totes, badges, parcels, packing slips."""
    if not pdf and not zpl:
        raise click.UsageError("say where to: --pdf FILE or --zpl FILE")

    async def work(house: House) -> list[paper.Label]:
        return await KINDS[kind](house.database, site)

    made = inside(work)
    if not made:
        raise Refusal("not_found", kind=kind, site=site)
    try:
        for path, to in ((pdf, "pdf"), (zpl, "zpl")):
            if path:
                path.write_bytes(paper.render(made, to, dpi=int(dpi), stock=stock))
                click.echo(f"wrote {len(made)} labels to {path}")
    except paper.LabelError as error:
        raise Refusal("bad_value", what="label", reason=str(error)) from error
