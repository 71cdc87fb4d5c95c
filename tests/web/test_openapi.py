"""The API describes itself: every operation, every shape, who may ask, and how it refuses."""

from __future__ import annotations

from typing import Any

import pytest
from litestar import Litestar
from litestar.testing import TestClient

from server.edges import DEPENDENCIES, SLICES
from server.web import openapi, pages


@pytest.fixture(scope="module")
def schema() -> Any:
    """The schema of all slices."""
    handlers = [handler for piece in SLICES for handler in piece.HANDLERS]
    app = Litestar(
        [*handlers, *pages.ROUTES], dependencies=DEPENDENCIES, openapi_config=openapi.config("1"), logging_config=None
    )
    with TestClient(app) as client:
        return client.get("/schema/openapi.json").json()


def test_every_operation_is_described_and_tagged(schema: Any) -> None:
    tags = {tag["name"] for tag in schema["tags"] if tag["description"]}
    for path, methods in schema["paths"].items():
        for operation in methods.values():
            assert operation["description"], path
            assert operation["summary"], path
            assert set(operation["tags"]) <= tags, path


def test_every_shape_is_described(schema: Any) -> None:
    assert [name for name, shape in schema["components"]["schemas"].items() if not shape["description"]] == []


def test_it_says_who_may_ask_and_how_it_refuses(schema: Any) -> None:
    users = schema["paths"]["/api/users"]["post"]
    assert "Needs the permission `admin`" in users["description"]
    assert [name for scheme in users["security"] for name in scheme] == ["session", "device", "key"]
    assert schema["paths"]["/api/sign-in"]["post"]["security"] == []
    [refused] = users["responses"]["4XX"]["content"].values()
    assert refused["schema"]["$ref"].rpartition("/")[2] in schema["components"]["schemas"]
    assert set(schema["components"]["securitySchemes"]) == {"session", "device", "key"}
