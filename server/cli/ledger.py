"""pickwave recount, pickwave audit, pickwave export."""

from __future__ import annotations

import sys

import click

from server.cli.inside import inside
from server.db.audit import Head
from server.db.audit import audit as audited
from server.export import WHAT, export_lines
from server.house import House
from server.kernel.refusal import Refusal
from server.stock.recount import recount as recounted


@click.command()
def recount() -> None:
    """Rebuild balances from the ledger alone and prove that they agree; exit 1 if they do not."""

    async def work(house: House) -> list[str]:
        return [str(difference) for difference in await recounted(house.database)]

    differences = inside(work)
    for difference in differences:
        click.echo(difference)
    click.echo("the ledger and the balances agree" if not differences else f"{len(differences)} differences")
    sys.exit(1 if differences else 0)


@click.command()
@click.option("--head", default="0:", help="POSITION:SEAL as printed earlier: that entry must be unchanged.")
def audit(head: str) -> None:
    """Prove that the journal is as it was written, and print its head: note it down where nobody can change it."""
    position, _, seal = head.partition(":")

    async def work(house: House) -> Head:
        return await audited(house.database, int(position), seal)

    if not position.isdecimal():
        raise Refusal("bad_value", what="head", value=head, known="POSITION:SEAL")
    found = inside(work)
    click.echo(f"{found.entries} entries are as they were written; head {found.position}:{found.seal}")


@click.command()
@click.argument("what", type=click.Choice(WHAT))
@click.option("--jsonl", is_flag=True, required=True, help="One JSON object a line, on standard output.")
def export(what: str, *, jsonl: bool) -> None:
    """Write the journal, the stock ledger, scans, orders and more as JSON lines (docs/export.md)."""
    del jsonl

    async def work(house: House) -> None:
        async for line in export_lines(house.database, what):
            click.echo(line)

    inside(work)
