"""Signed webhooks of the channels: orders, amendments, cancellations and refunds as they happen there."""

from __future__ import annotations

import hashlib
import logging
from typing import Any

import msgspec
from litestar import Request, post
from litestar.exceptions import NotAuthorizedException

from server.bus import Bus
from server.db.engine import Database
from server.db.reads import one
from server.imports.model import Kind, RecordImport, Source
from server.kernel.actor import SYSTEM, Actor
from server.kernel.clock import DAY, Clock
from server.orders.channels import channel as channel_kind
from server.orders.imports import Report, bring_in
from server.orders.model import ChannelSettings
from server.orders.store import SETTINGS

MOST_BYTES = 4_000_000
log = logging.getLogger(__name__)


class Imported(msgspec.Struct, frozen=True):
    """What became of a webhook: orders and returns taken, and how many were refused."""

    orders: int
    returns: int
    rejected: int


@post(
    "/api/channels/{channel:str}/webhook",
    tags=["channels"],
    summary="A channel's webhook",
    opt={"public": True},
    status_code=200,
    request_max_body_size=MOST_BYTES,
)
async def webhook(
    request: Request[Any, Any, Any], bus: Bus, database: Database, clock: Clock, channel: str
) -> Imported:
    """Take a signed order, amendment, cancellation or refund. What is not one of them is accepted and ignored.

    401 where the signature is wrong: it is logged.
    """
    settings = await one(database, SETTINGS, channel)
    way, body = channel_kind(settings.kind), await request.body()
    signature = request.headers.get(way.header, "")
    known = settings.active and way.verify and way.verify(settings.secret, body, signature)
    if not known or way.parse is None:
        log.warning("webhook of %s refused: bad signature, body %s", channel, hashlib.sha256(body).hexdigest()[:12])
        raise NotAuthorizedException(detail="bad_signature")
    actor = Actor(user=f"channel:{channel}", permissions=frozenset({"machine"}))
    report = await bring_in(bus, actor, way.parse(body, channel))
    await bus.do(SYSTEM, _of_today(settings, report, clock()), bulk=True)
    return Imported(report.orders, report.returns, len(report.rejected))


def _of_today(channel: ChannelSettings, report: Report, now: int) -> RecordImport:
    """Count a webhook among those of its channel today: one record a day, not one an order."""
    accepted, rejects = report.orders + report.returns, tuple(report.rejected)
    key = f"webhook:{channel.id}:{now // DAY}"
    head = (key, Kind.ORDERS, Source.WEBHOOK, channel.kind, channel.id, f"channel:{channel.id}")
    return RecordImport(*head, accepted=accepted, rejects=rejects, done=True)


HANDLERS = [webhook]
