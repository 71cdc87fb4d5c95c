"""pickwave add-user: how the first admin comes in."""

from __future__ import annotations

import click

from server.cli.inside import CLI, inside
from server.house import House
from server.people.model import PutUser
from server.people.roles import ROLES
from server.people.secrets import hashed


@click.command()
@click.argument("user")
@click.option("--name", required=True, help="As shown on screens and badges.")
@click.option("--role", "roles", multiple=True, required=True, type=click.Choice(list(ROLES)), help="May be repeated.")
@click.option("--site", default="", help="Where they work [default: everywhere].")
@click.option("--email", default="", help="To sign in in the office, with a password.")
@click.option("--badge", default="", help="To sign in on the floor, with a PIN.")
@click.option("--secret", prompt=True, hide_input=True, confirmation_prompt=True, help="PIN and password; asked for.")
def add_user(user: str, name: str, roles: tuple[str, ...], site: str, email: str, badge: str, secret: str) -> None:
    """Make a user, or change one: USER is their id. An installation without the demo starts with an admin."""

    async def work(house: House) -> None:
        stored = await hashed(secret)
        command = PutUser(
            id=user,
            name=name,
            roles=roles,
            email=email,
            badge=badge,
            site=site,
            pin_hash=stored if badge else "",
            password_hash=stored if email else "",
        )
        await house.bus.do(CLI, command)

    inside(work)
    click.echo(f"{name} ({', '.join(roles)}) can sign in")
