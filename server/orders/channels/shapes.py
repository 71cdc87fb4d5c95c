"""Which thing a JSON payload is: what is no order is answered with "not an order" and nothing worse."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from server.kernel.refusal import Refusal
from server.orders.channels.payload import Fields, decode, refused
from server.orders.incoming import Incoming, Parsed

Shapes = tuple[tuple[str, frozenset[str]], ...]
"""Kind and fields; a payload is of the first kind of which it has a field."""
Makers = Mapping[str, Callable[[Fields, str], Iterable[Incoming]]]
"""By kind: what makes values of a payload for a channel."""


def _documents(document: object, shapes: Shapes) -> Iterator[tuple[str, object]]:
    """Give (kind, payload) for each thing in a list, in `{"order": ...}`, in `{"orders": [...]}`, or bare."""
    items: list[Any] = document if isinstance(document, list) else [document]
    for item in items:
        name = _wrapper(item, shapes) if isinstance(item, dict) else ""
        if name:
            inside = item[name]
            things = inside if isinstance(inside, list) else [inside]
            yield from ((name.removesuffix("s"), thing) for thing in things)
        else:
            yield _shape(item, shapes), item


def _wrapper(fields: Fields, shapes: Shapes) -> str:
    """Name the field that holds the thing itself; '' where the fields are the thing."""
    for name in ("order", "orders"):
        if isinstance(fields.get(name), dict | list):
            return name
    name = next(iter(fields), "")
    own = any(name in typical for _, typical in shapes)
    return name if len(fields) == 1 and not own and isinstance(fields[name], dict | list) else ""


def _shape(document: object, shapes: Shapes) -> str:
    fields = document.keys() if isinstance(document, dict) else set()
    return next((name for name, typical in shapes if typical & fields), "unknown")


def kind(payload: bytes, shapes: Shapes) -> str:
    """Tell what a payload is (of a list, its first); `unknown`, or `malformed` where it is no JSON."""
    try:
        return next(_documents(decode(payload), shapes), ("unknown", None))[0]
    except Refusal:
        return "malformed"


def parse(payload: bytes, channel: str, shapes: Shapes, makers: Makers) -> tuple[Incoming, ...]:
    """Make values of everything in a payload; what nothing can be made of becomes Rejected."""
    try:
        documents = list(_documents(decode(payload), shapes))
    except Refusal as no:
        return (refused(no, None, payload),)
    return tuple(made for name, fields in documents for made in _made(name, fields, channel, makers))


def _made(name: str, fields: object, channel: str, makers: Makers) -> Parsed:
    make = makers.get(name)
    if make is None or not isinstance(fields, dict):
        yield refused(Refusal("not_an_order", value=name), fields)
        return
    try:
        yield from make(fields, channel)
    except Refusal as no:
        yield refused(no, fields)
