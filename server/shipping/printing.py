"""The job that prints a parcel's label: reads what is committed, renders, hands it to the printer."""

from __future__ import annotations

from typing import Any

from server.db.engine import Database


async def print_label(database: Database, payload: dict[str, Any]) -> None:
    """Do the job `print_label`."""
    del database, payload
