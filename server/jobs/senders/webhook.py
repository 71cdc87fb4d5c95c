"""Signed webhooks by the Standard Webhooks scheme (https://www.standardwebhooks.com)."""

from __future__ import annotations

import base64
import hashlib
import hmac
from collections.abc import Mapping

import httpx
import msgspec

from server import traces

TIMEOUT_SECONDS = 10


class Undelivered(Exception):
    """The other side did not accept it: it is tried again later."""


def signature(secret: str, message_id: str, at_seconds: int, body: bytes) -> str:
    """Give the value of `webhook-signature`: v1, then base64 of HMAC-SHA256 over id, time and body."""
    signed = b".".join((message_id.encode(), str(at_seconds).encode(), body))
    digest = hmac.new(secret.encode(), signed, hashlib.sha256).digest()
    return "v1," + base64.b64encode(digest).decode()


async def send(url: str, secret: str, message_id: str, at: int, payload: Mapping[str, object]) -> None:
    """Post `payload` as JSON at `at` (ms); `message_id` lets the receiver tell a repetition. Raises Undelivered."""
    body, seconds = msgspec.json.encode(payload), at // 1_000
    headers = traces.headers() | {
        "content-type": "application/json",
        "webhook-id": message_id,
        "webhook-timestamp": str(seconds),
        "webhook-signature": signature(secret, message_id, seconds, body),
    }
    try:
        async with httpx.AsyncClient(timeout=TIMEOUT_SECONDS, follow_redirects=False) as client:
            answer = await client.post(url, content=body, headers=headers)
    except httpx.HTTPError as error:
        raise Undelivered(f"{url}: {error or type(error).__name__}") from error
    if not answer.is_success:
        raise Undelivered(f"{url}: {answer.status_code}")
