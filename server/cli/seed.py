"""pickwave seed: a small warehouse to try things in."""

from __future__ import annotations

import click

from server.cli.inside import inside
from server.seed import seed_demo


@click.command()
def seed() -> None:
    """Fill an empty database with a demo warehouse, products, stock, orders and people; print their badges."""
    for person in inside(seed_demo, jobs=True):
        click.echo(f"{person.role:12} {person.name:16} badge {person.badge}  PIN {person.pin}")
