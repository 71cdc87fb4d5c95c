"""The API's description at /schema: Litestar's own, with what it cannot know: who may ask, what refusals look like."""

from __future__ import annotations

from collections.abc import Iterator
from inspect import getdoc
from typing import Any, Final

import msgspec
from litestar import Litestar, Request
from litestar.openapi import OpenAPIConfig
from litestar.openapi.plugins import JsonRenderPlugin
from litestar.openapi.spec import Components, SecurityScheme, Tag
from litestar.routes import HTTPRoute

from server.people.roles import PERMISSIONS
from server.people.secrets import SESSION_COOKIE
from server.protocol.refusals import REFUSALS
from server.web.forgery import HEADER

ABOUT = f"""Order management with its hands on the floor.

People sign in at `/api/sign-in` and have a session cookie; every change then carries `{HEADER}` with the value of the
cookie `csrf`. Machines send `Authorization: Device ID.KEY` or `Authorization: Bearer KEY`. A change with the header
`Idempotency-Key` is done once, however often it is sent. Times are milliseconds since 1970, UTC; weights are grams,
money is in minor units. What is refused is answered as a Problem: a stable code and its facts."""
TAGS: Final = {
    "people": "Who there is, what they may do, how they and their devices sign in.",
    "sites": "Warehouses: bins, totes, stations, cartons.",
    "products": "SKUs, their barcodes, weights and sizes.",
    "customers": "Buyers, and how to forget one.",
    "imports": "What came in by file and webhook, and what of it was refused.",
    "stock": "What lies where, what of it is promised, and every move.",
    "payments": "What orders are paid by.",
    "orders": "Orders of all channels, with their history.",
    "channels": "Where orders come from, and their signed webhooks.",
    "waves": "What is planned and walked.",
    "floor": "The floor as it is now.",
    "packing": "What is packed, weighed and labelled.",
    "shipping": "Carriers and what has left.",
    "jobs": "Work that is done later, and what failed.",
    "health": "Is it alive, can it work.",
}
SCHEMES: Final = {
    "session": SecurityScheme(type="apiKey", name=SESSION_COOKIE, security_scheme_in="cookie", description="A person"),
    "device": SecurityScheme(
        type="apiKey", name="Authorization", security_scheme_in="header", description="`Device ID.KEY`: a device"
    ),
    "key": SecurityScheme(type="http", scheme="bearer", description="An API key: a machine"),
}
PROBLEM: Final = {
    "type": "object",
    "description": "RFC 9457. The codes: " + "; ".join(f"`{code}`: {meaning}" for code, meaning in REFUSALS.items()),
    "required": ["type", "title", "status", "code", "facts"],
    "properties": {
        "type": {"type": "string"},
        "title": {"type": "string", "description": "What the code means"},
        "status": {"type": "integer"},
        "code": {"type": "string", "enum": list(REFUSALS)},
        "facts": {"type": "object", "description": "The plain values a person needs to understand it"},
    },
}
REFUSED: Final = {
    "description": "Refused",
    "content": {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}},
}


class Described(JsonRenderPlugin):
    """The schema as JSON, completed once."""

    _done: bytes = b""

    def render(self, request: Request[Any, Any, Any], openapi_schema: dict[str, Any]) -> bytes:
        """Give the completed schema."""
        self._done = self._done or self.render_json(request, described(openapi_schema, request.app))
        return self._done


def described(schema: dict[str, Any], app: Litestar) -> dict[str, Any]:
    """Add each struct's own words, each operation's permission, and the one shape of every refusal."""
    shapes = schema["components"]["schemas"]
    words = dict(_words(msgspec.Struct))
    for shape in shapes.values():
        shape.setdefault("description", words.get(shape.get("title", ""), ""))
    shapes["Problem"] = PROBLEM
    needs = dict(_permissions(app))
    for path, methods in schema["paths"].items():
        for method, operation in methods.items():
            operation["responses"] = {k: v for k, v in operation["responses"].items() if k < "4"} | {"4XX": REFUSED}
            _protect(operation, needs[path, method])
    return schema


def _protect(operation: dict[str, Any], permission: str | tuple[str, ...] | None) -> None:
    """Say who may ask; None is everybody, '' everybody who is signed in, several mean any of them."""
    operation["security"] = [] if permission is None else [{name: []} for name in SCHEMES]
    if permission:
        any_of = (permission,) if isinstance(permission, str) else permission
        words = " or ".join(f"`{each}`: {PERMISSIONS[each]}" for each in any_of)
        operation["description"] += f"\n\nNeeds the permission {words}."


def _permissions(app: Litestar) -> Iterator[tuple[tuple[str, str], str | tuple[str, ...] | None]]:
    """Give the permission of every operation by path and method."""
    for route in app.routes:
        if isinstance(route, HTTPRoute):
            for method, (handler, _) in route.route_handler_map.items():
                needed = None if handler.opt.get("public") else handler.opt.get("permission", "")
                yield (route.path_format, method.lower()), needed


def _words(struct: type[msgspec.Struct]) -> Iterator[tuple[str, str]]:
    """Give the docstrings of all structs by name."""
    for kind in struct.__subclasses__():
        yield kind.__name__, getdoc(kind) or ""
        yield from _words(kind)


def config(version: str) -> OpenAPIConfig:
    """Give what Litestar needs to know."""
    return OpenAPIConfig(
        title="Pickwave",
        version=version,
        description=ABOUT,
        path="/schema",
        use_handler_docstrings=True,
        tags=[Tag(name=name, description=about) for name, about in TAGS.items()],
        components=Components(security_schemes=dict(SCHEMES)),
        render_plugins=[Described()],
    )
