"""Which of a site's cartons a shipment's lines fit: our structs turned into those of the pure search."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from server.catalog.model import Sku
from server.orders.model import OrderLine, State
from server.packing import cartons
from server.sites.model import Carton


def suggested(lines: Iterable[OrderLine], skus: Mapping[str, Sku], boxes: Iterable[Carton]) -> str:
    """Give the smallest carton's id, or '' where none takes all or nothing is known of the goods."""
    alive = [line for line in lines if line.state is not State.CANCELLED]
    items = [_item(skus[line.sku], line.quantity) for line in alive]
    if not any(item.length_mm for item in items):
        return ""
    known = [cartons.Carton(b.id, b.length_mm, b.width_mm, b.height_mm, b.most_g) for b in boxes]
    found = cartons.suggest(items, known)
    return found.id if found else ""


def _item(sku: Sku, quantity: int) -> cartons.Item:
    return cartons.Item(sku.length_mm, sku.width_mm, sku.height_mm, quantity, max(0, sku.weight_mg))
