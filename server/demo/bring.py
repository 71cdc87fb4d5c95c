"""`python -m server.demo.bring`: the order import of a day, in a process of its own beside the server.

The same as `pickwave import-orders`, cut to the first days; orders that are not paid yet are paid by card.
"""

from __future__ import annotations

import sys
from pathlib import Path

from server.cli.inside import CLI, inside
from server.demo.book import found_in
from server.house import House
from server.orders.imports import bring_in
from server.payments.model import PayOrder

UNPAID = "SELECT id FROM orders WHERE payment = 'pending' AND state = 'received'"


async def bring(house: House, files: list[Path], channel: str, days: int) -> None:
    """Import what the files hold, then have unpaid orders paid."""
    await bring_in(house.bus, CLI, found_in(files, channel, days))
    for row in await house.database.read(UNPAID):
        await house.bus.do(CLI, PayOrder(row["id"], "test"), bulk=True)


def main(channel: str, days: str, *files: str) -> None:
    """Take channel, days and files from the command line."""
    inside(lambda house: bring(house, [Path(file) for file in files], channel, int(days)))


if __name__ == "__main__":
    main(*sys.argv[1:])
