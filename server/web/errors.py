"""What went wrong, as application/problem+json (RFC 9457): a stable code and its facts."""

from __future__ import annotations

import logging
from typing import Any

import msgspec
from litestar import Request, Response
from litestar.exceptions import HTTPException, ValidationException

from server.bus import Busy
from server.kernel.refusal import Refusal
from server.protocol.refusals import REFUSALS

log = logging.getLogger(__name__)
STATUS = {
    "not_signed_in": 401,
    "bad_credentials": 401,
    "bad_signature": 401,
    "not_allowed": 403,
    "not_found": 404,
    "bad_value": 400,
    "bad_barcode": 400,
    "bad_row": 400,
    "too_large": 413,
    "too_many_attempts": 429,
    "busy": 503,
    "disk_full": 503,
    "failed": 500,
}
OF_STATUS = {400: "bad_value", 401: "not_signed_in", 403: "not_allowed", 404: "not_found", 413: "too_large"}
AnyRequest = Request[Any, Any, Any]
CONFLICT = 409


class Problem(msgspec.Struct, frozen=True):
    """The body of an error."""

    title: str
    status: int
    code: str
    facts: dict[str, Any]
    type: str = "about:blank"


def problem(code: str, status: int, facts: dict[str, Any]) -> Response[Problem]:
    """Make the answer for a code."""
    body = Problem(REFUSALS.get(code, "refused"), status, code, facts)
    return Response(body, status_code=status, media_type="application/problem+json")


def on_refusal(_: AnyRequest, refusal: Refusal) -> Response[Problem]:
    """Answer what the rules refused."""
    return problem(refusal.code, STATUS.get(refusal.code, CONFLICT), refusal.facts)


def on_busy(_: AnyRequest, busy: Busy) -> Response[Problem]:
    """Answer that nothing was stored and it may be tried again."""
    answer = problem(busy.code, 503, {})
    answer.headers["retry-after"] = "1"
    return answer


def on_http(_: AnyRequest, error: HTTPException) -> Response[Problem]:
    """Answer what the edge itself refused."""
    code = error.detail if error.detail in REFUSALS else OF_STATUS.get(error.status_code, "bad_value")
    facts: dict[str, Any] = {}
    if isinstance(error, ValidationException):
        facts = {"what": error.detail, "fields": error.extra or []}
    return problem(code, error.status_code, facts)


def on_anything(request: AnyRequest, error: Exception) -> Response[Problem]:
    """Log a fault of ours; tell nothing of it."""
    log.error("%s %s failed", request.method, request.url.path, exc_info=error)
    return problem("failed", 500, {})


HANDLERS: dict[int | type[Exception], Any] = {
    Refusal: on_refusal,
    Busy: on_busy,
    HTTPException: on_http,
    Exception: on_anything,
}
