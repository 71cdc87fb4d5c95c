"""Two warehouses and who works there: the same at the beginning of every history."""

from __future__ import annotations

from functools import cache
from random import Random

from server.catalog.model import PutProduct, Tracking
from server.kernel.actor import Actor
from server.kernel.clock import DAY
from server.sites.model import Policy, PutTote
from server.stock.store import BALANCES
from tests.floor import PACKER, a_site, a_warehouse, received
from tests.kit import START
from tests.simulation.house import Floor, chances, laid, opened
from tests.simulation.memory import Memory

SITES = ("MAIN", "LEEDS")
BINS = {
    "MUG": ("MAIN:A-01-01", "MAIN:A-02-01", "LEEDS:A-01-01"),
    "LAMP": ("MAIN:B-01-01", "LEEDS:B-01-01"),
    "MILK": ("MAIN:A-01-01", "MAIN:B-01-01"),
    "RADIO": ("MAIN:A-02-01",),
}
LIFE_MS = 2 * DAY
PLACES = BALANCES
DROP = {"MAIN": "CONS-1", "LEEDS": "CONS-1"}
STATIONS = {"MAIN": "S1", "LEEDS": "LEEDS-S1"}
PICKERS = tuple(Actor(name, f"phone-{name}", frozenset({"pick"})) for name in ("ann", "cid", "dee"))
PACKERS = (PACKER, Actor("fay", "desk-2", frozenset({"pack", "ship"})))
POLICIES = (
    Policy(plan_seconds=0, zero_check=True),
    Policy(plan_seconds=0, confirm_tote=False),
    Policy(plan_seconds=0, lot_policy="warn", trolley_totes=1),
    Policy(plan_seconds=0, lot_policy="ignore", trolley_lines=2, zero_check=True),
)
TOTES = 25


@cache
def _templates() -> dict[int, tuple[Memory, int]]:
    return {}


async def site_of(seed: int) -> tuple[Memory, int]:
    """Give the database of a new site with the policy that a seed chooses, and the time it was laid."""
    number = seed % len(POLICIES)
    if number not in _templates():
        memory, chance = await laid(), Random(f"site {number}")
        with chances(chance):
            async with opened(memory, chance, START) as w:
                await _lay(w, POLICIES[number])
                _templates()[number] = memory, w.now
    return _templates()[number]


async def _lay(w: Floor, policy: Policy) -> None:
    await a_warehouse(w, policy)
    await a_site(w, "LEEDS", policy)
    await w.do(PutProduct(sku="MILK", name="Milk", tracking=Tracking.EXPIRY, weight_mg=1_000_000, weight_sd_mg=2000))
    await w.do(PutProduct(sku="RADIO", name="Radio", tracking=Tracking.SERIAL, weight_mg=700_000, weight_sd_mg=2000))
    for number in range(TOTES):
        for site in SITES:
            await w.do(PutTote(f"{site}-N{number}", site))
    await received(w, "A-01-01", "MUG", 4, "LEEDS")
    await received(w, "B-01-01", "LAMP", 4, "LEEDS")
    await received(w, "A-01-01", "MILK", 6, lot="OLD", expiry=START + DAY)
    await received(w, "B-01-01", "MILK", 6, lot="NEW", expiry=START + 4 * DAY)
    await received(w, "A-02-01", "RADIO", 5)
