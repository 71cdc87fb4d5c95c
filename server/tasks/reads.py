"""Which tasks a person has, or may take."""

from __future__ import annotations

from server.db.engine import Database

OPEN_TO = """
SELECT id FROM task WHERE (assignee = ? AND state IN ('active', 'offered'))
   OR (assignee = '' AND state = 'offered' AND (? = '' OR site = ?))
ORDER BY priority DESC, cut_off, id
"""


async def open_to(database: Database, user: str, site: str) -> list[str]:
    """Give the ids of tasks that are this user's or on offer to all of the site ('' = any), the most urgent first."""
    return [row["id"] for row in await database.read(OPEN_TO, (user, site, site))]
