"""Writes pwa/src/protocol.gen.ts: the handheld's knowledge of the wire is generated, as hand copies drift."""

from __future__ import annotations

import inspect
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final, get_args

import msgspec
from msgspec import inspect as shapes

from server.kernel import gs1_table
from server.protocol import packing, people, picking, steps
from server.protocol.base import Facts
from server.protocol.frames import PROTOCOL, ClientFrame, Committed, LiveCommand, ServerFrame
from server.protocol.refusals import REFUSALS

TARGET: Final = Path(__file__).resolve().parents[2] / "pwa" / "src" / "protocol.gen.ts"
HEAD: Final = "// Generated from server/protocol by `pickwave types`; a test compares it with its source.\n"
PLAIN: Final[dict[type[shapes.Type], str]] = {
    shapes.StrType: "string",
    shapes.IntType: "number",
    shapes.FloatType: "number",
    shapes.BoolType: "boolean",
    shapes.NoneType: "null",
}
NAMED: Final[dict[str, Any]] = {
    "Step": picking.Step,
    "ShortReason": picking.ShortReason,
    "MissingReason": packing.MissingReason,
    "Language": people.Language,
    "Predicate": steps.Predicate,
}
UNIONS: Final[dict[str, Any]] = {
    "Facts": Facts,
    "Command": LiveCommand,
    "ClientFrame": ClientFrame,
    "ServerFrame": ServerFrame,
}


def generate() -> str:
    """Give the text of protocol.gen.ts: types of frames, commands and views, step tables, refusal codes."""
    sent = _structs(ClientFrame)
    received = {name: shape for name, shape in _structs(ServerFrame).items() if name not in sent}
    parts = [
        HEAD,
        f"export const PROTOCOL = {PROTOCOL}\n",
        *(f"export type {name} = {_literals(alias)}\n" for name, alias in NAMED.items()),
        *(_interface(shape, filled=False) for shape in sent.values()),
        *(_interface(shape, filled=True) for shape in received.values()),
        *(f"export type {name} = {_type(shapes.type_info(union))}\n" for name, union in UNIONS.items()),
        f"export type Result = NonNullable<{Committed.__name__}['result']>\n",
        *_tables(),
        *_refusals(),
        *_identifiers(),
    ]
    return "\n".join(parts)


def _structs(root: Any) -> dict[str, shapes.StructType]:
    """Find every struct that `root` reaches, by name."""
    found: dict[str, shapes.StructType] = {}
    waiting = [shapes.type_info(root)]
    while waiting:
        shape = waiting.pop()
        if isinstance(shape, shapes.StructType):
            if shape.cls.__name__ in found:
                continue
            found[shape.cls.__name__] = shape
        waiting += _inside(shape)
    return dict(sorted(found.items()))


def _inside(shape: shapes.Type) -> list[shapes.Type]:
    """List the types that a type is made of."""
    match shape:
        case shapes.StructType():
            return [field.type for field in shape.fields]
        case shapes.UnionType():
            return list(shape.types)
        case shapes.VarTupleType():
            return [shape.item_type]
        case shapes.DictType():
            return [shape.key_type, shape.value_type]
        case _:
            return []


def _type(shape: shapes.Type) -> str:
    """Write a type as TypeScript has it; TypeError for one that the wire does not use."""
    match shape:
        case shapes.StructType():
            return shape.cls.__name__
        case shapes.UnionType():
            return " | ".join(_type(member) for member in shape.types)
        case shapes.VarTupleType():
            item = _type(shape.item_type)
            return f"readonly {f'({item})' if ' ' in item else item}[]"
        case shapes.DictType():
            return f"Readonly<Record<{_type(shape.key_type)}, {_type(shape.value_type)}>>"
        case shapes.LiteralType():
            return " | ".join(_json(value) for value in shape.values)
        case _ if type(shape) in PLAIN:
            return PLAIN[type(shape)]
        case _:
            raise TypeError(f"no TypeScript for {shape}")


def _interface(shape: shapes.StructType, *, filled: bool) -> str:
    """Write a struct. What we receive has every field (`filled`); what we send may leave out defaults."""
    fields = [
        f"  readonly {field.encode_name}{'' if filled or field.required else '?'}: {_type(field.type)}"
        for field in shape.fields
    ]
    if shape.tag_field:
        fields.insert(0, f"  readonly {shape.tag_field}: {_json(shape.tag)}")
    doc = (inspect.getdoc(shape.cls) or "").replace("\n", "\n * ").replace(" * \n", " *\n")
    return f"/** {doc} */\nexport interface {shape.cls.__name__} {{\n" + "\n".join(fields) + "\n}\n"


def _tables() -> Iterator[str]:
    """Write the step tables as constant data."""
    yield f"export const STEPS_VERSION = {steps.VERSION}\n"
    yield "export interface StepRow {\n  readonly step: Step\n  readonly when: Predicate"
    yield "  readonly then: Step | 'done'\n  readonly refusal: RefusalCode\n}\n"
    kinds = [
        f"  {kind}: [\n" + "".join(f"    {_json(msgspec.to_builtins(row))},\n" for row in rows) + "  ],\n"
        for kind, rows in steps.STEPS.items()
    ]
    yield f"export type TaskKind = {' | '.join(_json(kind) for kind in steps.STEPS)}\n"
    yield "export const STEPS: Readonly<Record<TaskKind, readonly StepRow[]>> = {\n" + "".join(kinds) + "}\n"
    yield f"export const COUNTS: Readonly<Record<string, Step>> = {_json(dict(steps.COUNTS))}\n"


def _refusals() -> Iterator[str]:
    codes = "".join(f"  {_json(code)}, // {meaning}\n" for code, meaning in REFUSALS.items())
    yield f"export const REFUSAL_CODES = [\n{codes}] as const\n"
    yield "export type RefusalCode = (typeof REFUSAL_CODES)[number]\n"


def _identifiers() -> Iterator[str]:
    """Write the formats of GS1 application identifiers: pattern, whether a separator ends it, identifiers."""
    yield "export const IDENTIFIERS: readonly (readonly [string, boolean, string])[] = ["
    yield from (f"  {_json(row)}," for row in gs1_table.rows())
    yield "]\n"


def _literals(alias: Any) -> str:
    return " | ".join(_json(value) for value in get_args(alias))


def _json(value: Any) -> str:
    return msgspec.json.encode(value).decode()
