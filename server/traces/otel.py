"""The OpenTelemetry SDK's side, imported only where spans are wanted. Exporter, sampler and endpoint are OTEL_*'s."""

from __future__ import annotations

import os
from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from importlib.metadata import entry_points
from typing import Any

from opentelemetry.context import Context
from opentelemetry.propagate import extract, inject
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor
from opentelemetry.trace import Link, Span, get_current_span, get_tracer, set_tracer_provider

App = Callable[[Any, Any, Any], Awaitable[None]]


def start(name: str) -> None:
    """Send spans to the exporter `name`; LookupError where it is not installed."""
    points = entry_points(group="opentelemetry_traces_exporter", name=name)
    if not points:
        raise LookupError(f"no exporter {name}")
    resource = Resource.create({"service.name": os.environ.get("OTEL_SERVICE_NAME", "pickwave")})
    provider = TracerProvider(resource=resource)
    provider.add_span_processor(BatchSpanProcessor(next(iter(points)).load()()))
    set_tracer_provider(provider)


def span(
    name: str, links: Sequence[Link], attributes: Mapping[str, Any], parent: Context | None = None
) -> AbstractContextManager[Span]:
    """Begin a span."""
    named = {f"pickwave.{key}": value for key, value in attributes.items()}
    return get_tracer("pickwave").start_as_current_span(name, parent, links=links, attributes=named)


def here() -> Link | None:
    """Give a link to the span that is under way."""
    context = get_current_span().get_span_context()
    return Link(context) if context.is_valid else None


def headers() -> dict[str, str]:
    """Give W3C `traceparent` of the span that is under way."""
    carrier: dict[str, str] = {}
    inject(carrier)
    return carrier


def http(app: App) -> App:
    """Trace each HTTP request, as part of its caller's trace."""

    async def traced(scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] != "http":
            await app(scope, receive, send)
            return
        told = {name.decode("latin-1"): value.decode("latin-1") for name, value in scope["headers"]}
        route = scope.get("path_template") or scope["path"]
        with span(f"{scope['method']} {route}", (), {}, extract(told)) as current:
            current.set_attributes({"http.request.method": scope["method"], "http.route": route})
            await app(scope, receive, _noting(send, current))

    return traced


def _noting(send: Any, current: Span) -> Any:
    """Note the answer's status on its way out."""

    async def noting(message: Any) -> None:
        if message["type"] == "http.response.start":
            current.set_attribute("http.response.status_code", message["status"])
        await send(message)

    return noting
