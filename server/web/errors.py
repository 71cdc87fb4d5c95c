"""What went wrong, as application/problem+json (RFC 9457): a stable code and its facts."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from typing import Any

import msgspec
from litestar import Request, Response
from litestar.exceptions import HTTPException, ValidationException

from server.kernel.actor import Actor
from server.kernel.refusal import Busy, Fact, Refusal
from server.protocol.refusals import REFUSALS

log = logging.getLogger(__name__)
STATUS = {
    "not_signed_in": 401,
    "bad_credentials": 401,
    "bad_signature": 401,
    "device_revoked": 401,
    "join_unknown": 401,
    "join_used": 401,
    "join_expired": 401,
    "not_allowed": 403,
    "not_found": 404,
    "bad_value": 400,
    "bad_barcode": 400,
    "bad_row": 400,
    "too_large": 413,
    "too_many_attempts": 429,
    "too_fast": 429,
    "busy": 503,
    "disk_full": 503,
    "failed": 500,
}
OF_STATUS = {401: "not_signed_in", 403: "not_allowed", 404: "not_found", 405: "not_found", 413: "too_large"}
AnyRequest = Request[Any, Any, Any]
CONFLICT, FAULT = 409, 500
LONGEST = 200
NEVER_KEPT = {"cache-control": "no-store"}


class Problem(msgspec.Struct, frozen=True):
    """The body of an error."""

    title: str
    status: int
    code: str
    facts: Mapping[str, Fact]
    type: str = "about:blank"


def problem(code: str, status: int, facts: Mapping[str, Fact]) -> Response[Problem]:
    """Make the answer for a code; one that may be tried again says when."""
    body = Problem(REFUSALS.get(code, "refused"), status, code, facts)
    again = {401: {"www-authenticate": "Bearer"}, 429: {"retry-after": str(facts.get("seconds", 60))}}
    return Response(
        body, status_code=status, media_type="application/problem+json", headers={**again.get(status, {}), **NEVER_KEPT}
    )


def on_refusal(request: AnyRequest, refusal: Refusal) -> Response[Problem]:
    """Answer what the rules refused; who tried what they may not is in the log."""
    if refusal.code == "not_allowed":
        actor: Actor = request.scope.get("actor", Actor())  # type: ignore[assignment]
        host = request.client.host if request.client else ""
        log.warning("%s %r refused to %r at %r: %s", request.method, request.url.path, actor.user, host, refusal)
    return problem(refusal.code, STATUS.get(refusal.code, CONFLICT), refusal.facts)


def on_busy(_: AnyRequest, busy: Busy) -> Response[Problem]:
    """Answer that nothing was stored and it may be tried again."""
    answer = problem(busy.code, 503, {})
    answer.headers["retry-after"] = "1"
    return answer


def on_http(request: AnyRequest, error: HTTPException) -> Response[Problem]:
    """Answer what the edge itself refused; a body that cannot be read names the field and what is wrong with it."""
    if error.status_code >= FAULT:
        return on_anything(request, error)
    code = error.detail if error.detail in REFUSALS else OF_STATUS.get(error.status_code, "bad_value")
    return problem(code, error.status_code, _reason(error))


def _reason(error: HTTPException) -> dict[str, Fact]:
    """Give the field that was refused first, and why."""
    fields = error.extra if isinstance(error, ValidationException) and isinstance(error.extra, list) else []
    if not fields:
        return {}
    return {"what": str(fields[0].get("key", "")), "reason": str(fields[0].get("message", ""))[:LONGEST]}


def on_anything(request: AnyRequest, error: Exception) -> Response[Problem]:
    """Log a fault of ours; tell nothing of it."""
    log.error("%s %r failed", request.method, request.url.path, exc_info=error)
    return problem("failed", FAULT, {})


HANDLERS: dict[int | type[Exception], Any] = {
    Refusal: on_refusal,
    Busy: on_busy,
    HTTPException: on_http,
    Exception: on_anything,
}
