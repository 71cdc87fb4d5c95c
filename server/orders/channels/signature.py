"""Signed webhooks: Shopify and WooCommerce both send base64 of HMAC-SHA256 over the body as it was sent."""

from __future__ import annotations

import hmac
from base64 import b64encode


def verify(secret: str, body: bytes, header: str) -> bool:
    """Tell whether `header` is the signature of `body`; in constant time, and never without a secret."""
    expected = b64encode(hmac.digest(secret.encode("utf-8", "surrogateescape"), body, "sha256"))
    given = header.strip().encode("utf-8", "surrogateescape")
    return hmac.compare_digest(expected, given) and bool(secret)
