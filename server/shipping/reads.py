"""A load as the door shows it."""

from __future__ import annotations

from server.db.engine import Database
from server.db.reads import one
from server.protocol.shipping import ManifestView
from server.shipping.store import MANIFESTS

WAITING = "SELECT count(*) AS n FROM parcel WHERE site = ? AND carrier = ? AND state = 'labelled'"


async def manifest_view(database: Database, manifest_id: str) -> ManifestView:
    """Give a load, and how many labelled parcels still wait for it; Refusal `not_found`."""
    load = await one(database, MANIFESTS, manifest_id)
    rows = await database.read(WAITING, (load.site, load.carrier))
    facts = (load.opened_at, load.parcels, rows[0]["n"], load.grams)
    return ManifestView(load.id, load.site, load.carrier, str(load.state), *facts)
