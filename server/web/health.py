"""Is it alive, can it work, how is it doing."""

from __future__ import annotations

import asyncio
import hmac
import shutil
from collections.abc import Awaitable, Callable
from time import perf_counter
from typing import Any, Final, Protocol

import msgspec
from litestar import Request, Response, get
from litestar.datastructures import State

from server import metrics
from server.bus import Bus
from server.db import journal
from server.db.engine import Database
from server.jobs.reads import standing
from server.kernel.refusal import Busy, Refusal
from server.settings import Settings

MOST_SECONDS: Final = 2.0
MOST_BEHIND: Final = 10_000
"""Entries of the journal by which this process's sockets may lag; a large import makes some thousands at once."""
LEAST_FREE: Final = 16 * 1024 * 1024
"""Bytes: less than the write-ahead log grows to between two checkpoints cannot be worked with."""
HERE: Final = frozenset({"127.0.0.1", "::1"})
FORWARDED: Final = ("x-forwarded-for", "forwarded")
AnyRequest = Request[Any, Any, Any]


class Follower(Protocol):
    """What is asked of the hub."""

    position: int
    sessions: set[Any]

    @property
    def follows(self) -> bool:
        """Tell whether it still follows the journal."""


class Alive(msgspec.Struct, frozen=True):
    """`loop_ms` is how long the event loop took to come round."""

    status: str
    loop_ms: float


class Check(msgspec.Struct, frozen=True):
    """One thing that must be so, and what was found."""

    ok: bool
    reason: str


class Ready(msgspec.Struct, frozen=True):
    """`position` is the journal's last, `waiting` how many commands wait for their group."""

    status: str
    position: int
    waiting: int
    checks: dict[str, Check]


@get("/health", opt={"public": True}, tags=["health"], summary="Alive")
async def health() -> Alive:
    """Answer as long as the process runs and its loop turns."""
    start = perf_counter()
    await asyncio.sleep(0)
    return Alive("alive", round((perf_counter() - start) * 1_000, 3))


@get("/ready", opt={"public": True}, tags=["health"], summary="Ready")
async def ready(state: State) -> Response[Ready]:
    """Answer whether work can be done here: every check by name with what was found, 503 where one fails."""
    checks = {name: await _checked(check, state) for name, check in CHECKS.items()}
    well = all(check.ok for check in checks.values())
    found = Ready("ready" if well else "not_ready", state.hub.position, state.bus.depth, checks)
    return Response(found, status_code=200 if well else 503, headers={"cache-control": "no-store"})


async def _checked(check: Callable[[State], Awaitable[str]], state: State) -> Check:
    try:
        async with asyncio.timeout(MOST_SECONDS):
            return Check(ok=True, reason=await check(state))
    except TimeoutError:
        return Check(ok=False, reason=f"no answer within {MOST_SECONDS:g} s")
    except Exception as error:  # noqa: BLE001 - whatever it is, it is the reason
        return Check(ok=False, reason=str(error) or type(error).__name__)


async def _database(state: State) -> str:
    return f"answers; the journal is at {await journal.position(state.database)}"


async def _writer(state: State) -> str:
    try:
        state.bus.require_running()
    except Busy:
        raise RuntimeError("the writer does not run: nothing can be made durable") from None
    return f"runs; {state.bus.depth} wait"


async def _hub(state: State) -> str:
    hub: Follower = state.hub
    behind = await _lag(state.database, hub)
    if not hub.follows or behind > MOST_BEHIND:
        raise RuntimeError(f"{behind} entries behind" if hub.follows else "the hub does not follow the journal")
    return f"follows; {behind} entries behind"


async def _disk(state: State) -> str:
    free = (await asyncio.to_thread(shutil.disk_usage, state.settings.var)).free
    if free < LEAST_FREE:
        raise RuntimeError(f"{free} bytes free, {LEAST_FREE} are needed")
    return f"{free} bytes free"


CHECKS: Final = {"database": _database, "writer": _writer, "hub": _hub, "disk": _disk}


async def _lag(database: Database, hub: Follower) -> int:
    """Give how many committed entries the hub has not told yet."""
    return max(0, await journal.position(database) - hub.position)


@get("/metrics", opt={"public": True}, tags=["health"], summary="Metrics", media_type="text/plain")
async def measures(request: AnyRequest, state: State) -> Response[bytes]:
    """Give Prometheus metrics, in its text format, to this machine or to who has the token."""
    _require_watcher(request, state.settings)
    return Response(metrics.exposition(await _readings(state)), media_type=metrics.CONTENT_TYPE)


def _require_watcher(request: AnyRequest, settings: Settings) -> None:
    """Refuse who neither asks from this machine, without a proxy between, nor names the token."""
    token = settings.metrics_token
    said = request.headers.get("authorization", "")
    if token and hmac.compare_digest(said.encode(), f"Bearer {token}".encode()):
        return
    forwarded = any(name in request.headers for name in FORWARDED)
    if forwarded or request.client is None or request.client.host not in HERE:
        raise Refusal("not_allowed", permission="metrics")


async def _readings(state: State) -> metrics.Readings:
    """Read the gauges."""
    bus: Bus = state.bus
    hub: Follower = state.hub
    urgent, bulk = bus.depths
    return {
        "pickwave_queue_depth": {("urgent",): urgent, ("bulk",): bulk},
        "pickwave_connected_devices": {(): len({s.actor.device for s in hub.sessions})},
        "pickwave_connected_sockets": {(): len(hub.sessions)},
        "pickwave_device_waiting_operations": {(): sum(s.waiting for s in hub.sessions)},
        "pickwave_journal_position": {(): await journal.position(state.database)},
        "pickwave_follow_lag": {(): await _lag(state.database, hub)},
        "pickwave_jobs": {(job.kind, job.state): job.count for job in await standing(state.database)},
    }


HANDLERS = [health, ready, measures]
