"""Whatever comes in from outside has bounds: no number that a database column cannot hold is ever decoded."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from litestar.handlers import HTTPRouteHandler
from litestar.typing import FieldDefinition
from msgspec import inspect

from server.edges import DEPENDENCIES, SLICES
from server.protocol.frames import ClientFrame

LEAST, MOST = -(2**63), 2**63 - 1
PROVIDED = {*DEPENDENCIES, "request", "state"}


def taken() -> Iterator[tuple[str, FieldDefinition]]:
    """Give every type that is decoded from outside, by where it comes in."""
    yield "/live", FieldDefinition.from_annotation(ClientFrame)
    for handler in (h for piece in SLICES for h in piece.HANDLERS if isinstance(h, HTTPRouteHandler)):
        for name, given in handler.parsed_fn_signature.parameters.items():
            if name not in PROVIDED:
                yield f"{min(handler.paths)} {name}", given


def numbers(kind: Any, seen: set[Any]) -> Iterator[tuple[str, inspect.IntType]]:
    """Give every whole number within a type, by the name of its field."""
    if isinstance(kind, inspect.StructType) and kind.cls not in seen:
        seen.add(kind.cls)
        for field in kind.fields:
            if isinstance(field.type, inspect.IntType):
                yield f"{kind.cls.__name__}.{field.name}", field.type
            yield from numbers(field.type, seen)
    for name in ("types", "item_type", "item_types", "key_type", "value_type", "type"):
        inner = getattr(kind, name, ())
        for part in inner if isinstance(inner, tuple) else (inner,):
            if isinstance(part, inspect.IntType) and not isinstance(kind, inspect.StructType):
                yield name, part
            yield from numbers(part, seen)


@pytest.mark.parametrize(("where", "given"), [pytest.param(*found, id=found[0]) for found in taken()])
def test_numbers_from_outside_fit_the_databases(where: str, given: FieldDefinition) -> None:
    kind = inspect.type_info(given.annotation)
    loose = [name for name, number in numbers(kind, set()) if not is_bounded(number)]
    if isinstance(kind, inspect.IntType) and not is_bounded(given.kwarg_definition):
        loose.append(where)
    assert loose == []


def is_bounded(kind: Any) -> bool:
    """Tell whether a whole number fits a column, by what its type or its parameter says."""
    lower = [bound for bound in (kind.ge, kind.gt) if bound is not None]
    upper = [bound for bound in (kind.le, kind.lt) if bound is not None]
    return bool(lower) and bool(upper) and max(lower) >= LEAST and min(upper) <= MOST
