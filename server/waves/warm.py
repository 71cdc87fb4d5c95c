"""Compiles the planner when it is installed, so that no first plan waits: `python -m server.waves.warm`."""

from __future__ import annotations

from server.sites.layout import Layout, Place, Spot, lay_out
from server.sites.net import Net
from server.waves.batching import plan
from server.waves.plan import Effort, Labour, Lying, PlanLine, Trolley


def warm() -> None:
    """Plan a handful of lines with all that a plan may use."""
    spots = [Spot(f"{aisle}-{y}", f"{aisle}", 3_000 * aisle, 1_000 * y) for aisle in range(3) for y in range(9)]
    lines = [PlanLine(f"S{n % 4}", f"L{n}", spot.id, f"SKU{n}", 1, cut_off=n % 2) for n, spot in enumerate(spots[:12])]
    lying = {"SKU1": (Lying(spots[20].id, "", 0, 5),)}
    floor = lay_out(spots)
    ring = Net(((0, 0),) * 3, ((0, 1, 1), (1, 2, 1), (2, 0, 1)), (0,))
    over_net = Layout((), (0,), (), {spot.id: Place(n % 3, 0) for n, spot in enumerate(spots)}, net=ring)
    for layout in (floor, over_net):
        plan(lines, Trolley(2), layout, labour=Labour(pickers=1), effort=Effort(moves=10), lying=lying)


if __name__ == "__main__":
    warm()
