"""Signed webhooks: only the right secret over the very bytes passes."""

from __future__ import annotations

import json
from base64 import b64encode
from hashlib import sha256
from hmac import digest

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.kernel.refusal import Refusal
from server.orders.channels import CHANNELS, channel
from server.orders.channels.signature import verify
from tests.shared import SHARED, with_shared

BODY = b'{"foo":"bar"}'


def signed(secret: str, body: bytes) -> str:
    return b64encode(digest(secret.encode(), body, sha256)).decode()


@pytest.mark.parametrize("name", ["shopify", "woocommerce"])
def test_only_the_right_signature_passes(name: str) -> None:
    judge = channel(name).verify
    assert judge is not None
    right = signed("hush", BODY)
    assert judge("hush", BODY, right)
    assert not judge("hush", BODY + b" ", right)
    assert not judge("other", BODY, right)
    assert not judge("hush", BODY, "")
    assert not judge("", BODY, signed("", BODY))


def test_csv_has_no_webhooks_and_strangers_are_refused() -> None:
    assert CHANNELS["csv"].verify is None
    with pytest.raises(Refusal, match="not_found"):
        channel("fax")


@given(st.text(max_size=80), st.binary(max_size=80), st.text(max_size=80))
def test_any_header_is_judged(secret: str, body: bytes, header: str) -> None:
    assert not verify(secret, body, header)


@with_shared
def test_shopifys_own_vectors() -> None:
    lines = (SHARED / "channels" / "signatures" / "vectors.jsonl").read_text().splitlines()
    known = [vector for line in lines if (vector := json.loads(line))["scheme"] == "shopify-webhook"]
    assert known
    for vector in known:
        assert verify(vector["secret"], vector["body"].encode(), vector["signature"]) == vector["valid"]
