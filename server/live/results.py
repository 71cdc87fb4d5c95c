"""What a station is answered besides "committed": the view of what it works on, read after the commit."""

from __future__ import annotations

from typing import get_args

import msgspec

from server.db.engine import Database
from server.packing.reads import pack_view
from server.protocol.base import Answer, Facts
from server.protocol.packing import PackingCommand, PackView
from server.protocol.shipping import CloseManifest, LoadParcel, ManifestView, OpenManifest, ShippingCommand
from server.shipping.reads import manifest_view

Result = PackView | ManifestView | Answer | None
AT_THE_DOOR = (OpenManifest, LoadParcel, CloseManifest)
OF_A_SHIPMENT = tuple(set(get_args(PackingCommand) + get_args(ShippingCommand)) - set(AT_THE_DOOR))


async def result_of(database: Database, command: object, stored: str) -> Result:
    """Turn the id that an action gave into its view."""
    value = msgspec.json.decode(stored, type=str | Facts | None)
    if isinstance(value, dict):
        return Answer(value)
    if value and isinstance(command, AT_THE_DOOR):
        return await manifest_view(database, value)
    if value and isinstance(command, OF_A_SHIPMENT):
        return await pack_view(database, value)
    return None
