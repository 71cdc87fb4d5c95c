"""Jobs over HTTP: what failed, and trying it again."""

from __future__ import annotations

from typing import Annotated

from litestar import get, post
from litestar.params import Parameter

from server.bus import Bus
from server.db.engine import Database
from server.jobs import reads
from server.jobs.model import JobState, RetryJob
from server.kernel.actor import Actor

State = Annotated[JobState, Parameter(query="state", description="Where the jobs stand")]


@get("/api/jobs", tags=["jobs"], summary="Jobs in a state", opt={"permission": "supervise"})
async def list_jobs(at: State = JobState.FAILED) -> list[reads.JobView]:
    """Give the newest jobs in a state: waiting, done or failed, with the last error."""
    return await reads.in_state(at)


@get("/api/jobs/counts", tags=["jobs"], summary="Jobs counted", opt={"permission": "supervise"})
async def count_jobs(database: Database) -> list[reads.JobCount]:
    """Count jobs by kind and state."""
    return await reads.counts(database)


@post("/api/jobs/retry", tags=["jobs"], summary="Try a failed job again", opt={"permission": "supervise"})
async def retry_job(bus: Bus, actor: Actor, data: RetryJob, op_id: str) -> None:
    """Try a failed job again from the beginning."""
    await bus.do(actor, data, op_id=op_id)


HANDLERS = [list_jobs, count_jobs, retry_job]
