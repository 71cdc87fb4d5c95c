"""OpenTelemetry spans where the environment asks for them (OTEL_*); else nothing is imported, nothing is done.

Groups link to the requests that brought their operations; what a job calls outside carries `traceparent`.
"""

from __future__ import annotations

import importlib
import logging
import os
from collections.abc import Awaitable, Callable, Coroutine, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from functools import cache, wraps
from typing import Any, Concatenate, Final, ParamSpec, Protocol, TypeVar

log = logging.getLogger(__name__)
P = ParamSpec("P")
R = TypeVar("R")
S = TypeVar("S")
T = TypeVar("T", bound="Traced")
App = Callable[[Any, Any, Any], Awaitable[None]]
Transact = Callable[Concatenate[S, list[T], P], Coroutine[Any, Any, R]]
OFF: Final[AbstractContextManager[Any]] = nullcontext()
EXPORTERS: Final = {"otlp": "otlp_proto_http"}


class Traced(Protocol):
    """An operation of a group: its name, and a link to the span it came in (None where there is none)."""

    op_id: str
    trace: Any


def exporter(env: Mapping[str, str]) -> str:
    """Give the name of the exporter that the environment asks for; '' for none."""
    named = env.get("OTEL_EXPORTER_OTLP_ENDPOINT") or env.get("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT")
    name = env.get("OTEL_TRACES_EXPORTER") or ("otlp" if named else "none")
    is_off = name == "none" or env.get("OTEL_SDK_DISABLED", "").lower() == "true"
    return "" if is_off else EXPORTERS.get(name, name)


@cache
def tracing() -> Any:
    """Give server/traces/otel.py, started; None where no spans are wanted or the extra `traces` is not installed."""
    if not (name := exporter(os.environ)):
        return None
    try:
        otel = importlib.import_module("server.traces.otel")
        otel.start(name)
    except (ImportError, LookupError) as error:
        log.warning("no traces to %s: %s; pip install 'pickwave[traces]' brings what they need", name, error)
        return None
    return otel


def span(name: str, links: Sequence[Any] = (), **attributes: Any) -> AbstractContextManager[Any]:
    """Trace what is done inside."""
    otel = tracing()
    return OFF if otel is None else otel.span(name, links, attributes)


def here() -> Any:
    """Give a link to the span that is under way; None where there is none."""
    otel = tracing()
    return None if otel is None else otel.here()


def headers() -> dict[str, str]:
    """Give the headers (`traceparent`) by which a call outside belongs to the span that is under way."""
    otel = tracing()
    return {} if otel is None else otel.headers()


def group(transact: Transact[S, T, P, R]) -> Transact[S, T, P, R]:
    """Trace a group's transaction: how many operations, which, and the requests they came in."""

    @wraps(transact)
    async def traced(self: S, items: list[T], /, *args: P.args, **how: P.kwargs) -> R:
        if tracing() is None or not items:
            return await transact(self, items, *args, **how)
        links = [item.trace for item in items if item.trace is not None]
        with span("group", links, size=len(items), op_ids=[item.op_id for item in items]):
            return await transact(self, items, *args, **how)

    return traced


def http(app: App) -> App:
    """Trace an ASGI application's HTTP requests; a socket lives too long to be one span."""
    otel = tracing()
    return app if otel is None else otel.http(app)
