"""Webhooks sent again, by a channel that heard no answer or a thief who recorded one: nothing happens twice."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx
import pytest
from litestar import Litestar

from server.kernel.actor import SYSTEM
from server.orders.model import PutChannel
from tests.web.edge import an_edge, said

SECRET = "s3cret"
Body = dict[str, Any]


def shopify(state: str, at: str) -> Body:
    """An order as Shopify sends it."""
    line = {"id": 1, "sku": "MUG", "title": "Mug", "quantity": 2, "price": "5.00", "requires_shipping": True}
    head = {"id": 77, "name": "#77", "currency": "GBP", "total_price": "10.00", "line_items": [line]}
    gone = {"cancelled_at": at} if state == "cancelled" else {}
    return head | gone | {"financial_status": "paid", "created_at": "2026-01-01T10:00:00Z", "updated_at": at}


def woocommerce(state: str, at: str) -> Body:
    """The same order as WooCommerce sends it."""
    line = {"id": 1, "sku": "MUG", "name": "Mug", "quantity": 2, "subtotal": "10.00", "total": "10.00"}
    head = {"id": 77, "number": "77", "currency": "GBP", "total": "10.00", "order_key": "k", "line_items": [line]}
    status = "cancelled" if state == "cancelled" else "processing"
    return head | {"status": status, "date_paid_gmt": at, "date_created_gmt": at, "date_modified_gmt": at}


KINDS = [
    pytest.param("shopify", shopify, "x-shopify-hmac-sha256", "x-shopify-webhook-id", id="shopify"),
    pytest.param("woocommerce", woocommerce, "x-wc-webhook-signature", "x-wc-webhook-delivery-id", id="woocommerce"),
]


async def deliver(client: httpx.AsyncClient, body: bytes, signed_in: str, delivery: dict[str, str]) -> httpx.Response:
    """Send a body with its true signature."""
    signature = base64.b64encode(hmac.new(SECRET.encode(), body, hashlib.sha256).digest()).decode()
    return await client.post("/api/channels/shop/webhook", content=body, headers={signed_in: signature} | delivery)


async def happened(app: Litestar) -> list[tuple[str, str]]:
    """Give what the journal has."""
    rows = await app.state.database.read(
        "SELECT kind, body FROM journal WHERE kind NOT LIKE '%SignedIn%' ORDER BY position"
    )
    return [(row["kind"], row["body"]) for row in rows]


@pytest.mark.parametrize(("kind", "order", "header", "delivery"), KINDS)
async def test_a_delivery_sent_again_has_no_effect(
    tmp_path: Path, kind: str, order: Callable[[str, str], Body], header: str, delivery: str
) -> None:
    async with an_edge(tmp_path) as (app, client):
        await app.state.bus.do(SYSTEM, PutChannel(id="shop", kind=kind, secret=SECRET))
        body = json.dumps(order("paid", "2026-01-01T10:00:00Z")).encode()
        first = await deliver(client, body, header, {delivery: "d-1"})
        assert first.json() == {"orders": 1, "returns": 0, "rejected": 0}
        before = await happened(app)
        for name in ("d-1", "d-2"):
            assert (await deliver(client, body, header, {delivery: name})).json() == first.json()
        assert await happened(app) == before


@pytest.mark.parametrize(("kind", "order", "header", "delivery"), KINDS)
async def test_an_old_state_sent_again_does_not_bring_a_cancelled_order_back(
    tmp_path: Path, kind: str, order: Callable[[str, str], Body], header: str, delivery: str
) -> None:
    async with an_edge(tmp_path) as (app, client):
        await app.state.bus.do(SYSTEM, PutChannel(id="shop", kind=kind, secret=SECRET))
        paid, cancelled = order("paid", "2026-01-01T10:00:00Z"), order("cancelled", "2026-01-01T11:00:00Z")
        for body in (paid, cancelled):
            await deliver(client, json.dumps(body).encode(), header, {delivery: "d-1"})
        assert await states(app) == ["cancelled"]
        before = await happened(app)
        await app.state.database.begin()
        await app.state.database.fetch("DELETE FROM oplog")
        await app.state.database.commit()
        await deliver(client, json.dumps(paid).encode(), header, {delivery: "d-3"})
        assert await states(app) == ["cancelled"]
        assert await happened(app) == before


async def states(app: Litestar) -> list[str]:
    """Give the states of all orders."""
    return [row["state"] for row in await app.state.database.read('SELECT state FROM "orders"')]


@pytest.mark.parametrize(("kind", "order", "header", "delivery"), KINDS)
async def test_what_is_altered_or_signed_for_another_is_refused(
    tmp_path: Path, kind: str, order: Callable[[str, str], Body], header: str, delivery: str
) -> None:
    async with an_edge(tmp_path) as (app, client):
        await app.state.bus.do(SYSTEM, PutChannel(id="shop", kind=kind, secret="another"))
        await app.state.bus.do(SYSTEM, PutChannel(id="bare", kind=kind))
        body = json.dumps(order("paid", "2026-01-01T10:00:00Z")).encode()
        assert said(await deliver(client, body, header, {delivery: "d-1"})) == (401, "bad_signature")
        unsigned = base64.b64encode(hmac.new(b"", body, hashlib.sha256).digest()).decode()
        answer = await client.post("/api/channels/bare/webhook", content=body, headers={header: unsigned})
        assert said(answer) == (401, "bad_signature")
        assert await states(app) == []


async def test_a_channel_that_was_switched_off_takes_nothing(tmp_path: Path) -> None:
    async with an_edge(tmp_path) as (app, client):
        await app.state.bus.do(SYSTEM, PutChannel(id="shop", kind="shopify", secret=SECRET, active=False))
        body = json.dumps(shopify("paid", "2026-01-01T10:00:00Z")).encode()
        assert said(await deliver(client, body, "x-shopify-hmac-sha256", {})) == (401, "bad_signature")
        assert await states(app) == []
