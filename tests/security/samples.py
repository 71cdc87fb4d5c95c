"""Random values of any declared type: so every new frame and command is fuzzed without a word here."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from typing import Any

from msgspec import inspect as kinds

MOST_PARTS = 3
SPREAD = 50


class Sampler:
    """Makes values that a decoder takes, of words the house knows."""

    def __init__(self, dice: random.Random, words: Sequence[str]) -> None:
        self.dice, self.words = dice, words

    def of(self, kind: kinds.Type) -> Any:
        """Give a value of a type, as JSON has it."""
        return MAKERS[type(kind)](self, kind)


def whole(make: Sampler, kind: Any) -> int:
    least = -5 if kind.ge is None else kind.ge
    return make.dice.randint(least, min(least + SPREAD, kind.le or least + SPREAD))


def text(make: Sampler, kind: Any) -> str:
    word = make.dice.choice(make.words)
    return (word + "0" * max(0, (kind.min_length or 0) - len(word)))[: kind.max_length or None]


def struct(make: Sampler, kind: Any) -> dict[str, Any]:
    tag = {kind.tag_field: kind.tag} if kind.tag_field else {}
    given = [field for field in kind.fields if field.required or make.dice.random() < 0.5]
    return tag | {field.encode_name: make.of(field.type) for field in given}


MAKERS: dict[type[kinds.Type], Callable[[Sampler, Any], Any]] = {
    kinds.IntType: whole,
    kinds.StrType: text,
    kinds.StructType: struct,
    kinds.BoolType: lambda make, _: make.dice.random() < 0.5,
    kinds.FloatType: lambda make, _: make.dice.uniform(-90, 90),
    kinds.NoneType: lambda *_: None,
    kinds.DictType: lambda *_: {},
    kinds.LiteralType: lambda make, kind: make.dice.choice(kind.values),
    kinds.EnumType: lambda make, kind: make.dice.choice(list(kind.cls)).value,
    kinds.UnionType: lambda make, kind: make.of(make.dice.choice(kind.types)),
    kinds.TupleType: lambda make, kind: [make.of(part) for part in kind.item_types],
    kinds.VarTupleType: lambda make, kind: [make.of(kind.item_type) for _ in range(make.dice.randrange(MOST_PARTS))],
}
