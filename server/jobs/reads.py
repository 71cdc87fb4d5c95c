"""Jobs as a supervisor sees them."""

from __future__ import annotations

from server.db.engine import Database
from server.jobs.model import JobState
from server.jobs.store import JobTable
from server.protocol.base import View


class JobView(View, frozen=True):
    """A job; times in ms UTC."""

    id: str
    kind: str
    state: str
    due: int
    attempts: int
    last_error: str
    created_at: int


class JobCount(View, frozen=True):
    """How many jobs of a kind are in a state."""

    kind: str
    state: str
    count: int


async def in_state(state: JobState, most: int = 200) -> list[JobView]:
    """Give the newest jobs in a state."""
    columns = [getattr(JobTable, name) for name in JobView.__struct_fields__]
    query = JobTable.select(*columns).where(JobTable.state == str(state))
    rows = await query.order_by(JobTable.created_at, ascending=False).limit(most)
    return [JobView(**row) for row in rows]


STANDING = "SELECT kind, state, count(*) AS count FROM job WHERE state IN ('waiting', 'failed') GROUP BY kind, state"


async def standing(database: Database) -> list[JobCount]:
    """Count the jobs that wait or were given up; those done, which are many more, are not looked at."""
    return [JobCount(**row) for row in await database.read(STANDING)]


COUNTS = "SELECT kind, state, count(*) AS count FROM job GROUP BY kind, state ORDER BY kind, state"


async def counts(database: Database) -> list[JobCount]:
    """Count jobs by kind and state."""
    return [JobCount(**row) for row in await database.read(COUNTS)]
