"""Table of the jobs, and the questions a runner asks of it."""

from __future__ import annotations

from piccolo.columns import BigInt, Text
from piccolo.table import Table

from server.db.engine import any_of
from server.db.rows import Rows
from server.jobs.model import Job


class JobTable(Table, tablename="job"):
    """One row a key."""

    id = Text(primary_key=True)
    run = Text()
    kind = Text()
    due = BigInt()
    lease_until = BigInt()
    attempts = BigInt()
    state = Text()
    payload = Text()
    last_error = Text()
    created_at = BigInt()


JOBS = Rows(JobTable, Job)

INDEXES = ('CREATE INDEX "job_state_kind_due" ON "job" ("state", "kind", "due", "id")',)
IS_DUE = "state = 'waiting' AND due <= ? AND lease_until <= ?"
TO_LEASE = f"{IS_DUE} AND kind = ? ORDER BY due, id LIMIT ?"
DONE_LONG_AGO = "SELECT id FROM job WHERE state = 'done' AND due < ? LIMIT ?"
ANY_DUE = f"SELECT 1 FROM job WHERE {IS_DUE} AND {any_of('kind')} LIMIT 1"
