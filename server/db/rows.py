"""Between a model struct and its table: one mapping, made from the fields' names and types."""

from __future__ import annotations

import types
import typing
from collections.abc import Callable, Iterable, Sequence
from enum import StrEnum
from operator import attrgetter
from typing import Any, Generic, TypeVar

import msgspec
from piccolo.columns import BigInt, Boolean, ForeignKey
from piccolo.table import Table

from server.db.engine import any_of

T = TypeVar("T", bound=msgspec.Struct)
Codec = Callable[[Any], Any] | None


class Rows(Generic[T]):
    """A table whose rows are structs of `model`; every column has a field of the same name, the first is the key.

    Plain values go as they are; enums as text; anything else (tuples, structs, dicts) as JSON text.
    """

    def __init__(self, table: type[Table], model: type[T]) -> None:
        """Check that columns and fields agree: ValueError names what differs."""
        self.table, self.model = table, model
        self.name: str = table._meta.tablename  # noqa: SLF001 - Piccolo's own way to ask
        self.columns = tuple(column._meta.db_column_name for column in table._meta.columns)  # noqa: SLF001
        fields = model.__struct_fields__
        if self.columns != fields:
            raise ValueError(f"{self.name}: columns {self.columns} are not the fields {fields}")
        hints = typing.get_type_hints(model)
        self.key: str = fields[0]
        self._load = [(i, codec) for i, f in enumerate(fields) if (codec := _loader(hints[f]))]
        self._dump = [(i, codec) for i, f in enumerate(fields) if (codec := _dumper(hints[f]))]
        self._fields = attrgetter(*fields)
        names, marks = ", ".join(f'"{c}"' for c in self.columns), ", ".join("?" * len(self.columns))
        self.select = f'SELECT {names} FROM "{self.name}"'
        self.insert = f'INSERT INTO "{self.name}" ({names}) VALUES ({marks})'
        self.upsert = self.upsert_of(self.columns[1:])
        self.keyed = any_of(f'"{self.key}"')
        self.delete = f'DELETE FROM "{self.name}" WHERE "{self.key}" = ?'

    def upsert_of(self, columns: Iterable[str]) -> str:
        """Give the statement that stores a row, and of one that is there these columns only."""
        changes = ", ".join(f'"{c}" = excluded."{c}"' for c in columns)
        return f'{self.insert} ON CONFLICT ("{self.key}") DO UPDATE SET {changes}'

    def changed(self, before: T, after: T) -> set[str]:
        """Give the columns in which two structs differ."""
        pairs = zip(self.columns, self._fields(before), self._fields(after), strict=True)
        return {column for column, old, new in pairs if old is not new and old != new}

    def load(self, row: Sequence[Any]) -> T:
        """Make the struct of a row selected by `select`."""
        values = list(row)
        for i, codec in self._load:
            if values[i] is not None:
                values[i] = codec(values[i])
        return self.model(*values)

    def dump(self, value: T) -> tuple[Any, ...]:
        """Make the row of a struct, in the order of the columns."""
        values = list(self._fields(value))
        for i, codec in self._dump:
            if values[i] is not None:
                values[i] = codec(values[i])
        return tuple(values)

    def key_of(self, value: T) -> str:
        """Give the key of a struct."""
        return str(getattr(value, self.key))


def _plain(hint: Any) -> Any:
    """Strip `| None` from a type."""
    if isinstance(hint, types.UnionType) or typing.get_origin(hint) is typing.Union:
        args = [a for a in typing.get_args(hint) if a is not types.NoneType]
        return args[0] if len(args) == 1 else hint
    return hint


def _loader(hint: Any) -> Codec:
    plain = _plain(hint)
    if plain in (str, int, float, bytes):
        return None
    if plain is bool:
        return bool
    if isinstance(plain, type) and issubclass(plain, StrEnum):
        return {str(member): member for member in plain}.__getitem__
    return msgspec.json.Decoder(plain).decode


def _dumper(hint: Any) -> Codec:
    plain = _plain(hint)
    if plain in (str, int, float, bytes, bool):
        return None
    if isinstance(plain, type) and issubclass(plain, StrEnum):
        return str
    encode = msgspec.json.Encoder().encode
    return lambda value: encode(value).decode()


def ddl(table: type[Table]) -> list[str]:
    """Give the statements that create a table and its indexes, portable between SQLite and PostgreSQL."""
    meta = table._meta  # noqa: SLF001
    parts = [f'"{c._meta.db_column_name}" {_type(c)}{_constraint(c)}' for c in meta.columns]  # noqa: SLF001
    statements = [f'CREATE TABLE "{meta.tablename}" ({", ".join(parts)})']
    for column in meta.columns:
        if column._meta.index or isinstance(column, ForeignKey):  # noqa: SLF001
            name = column._meta.db_column_name  # noqa: SLF001
            statements.append(f'CREATE INDEX "{meta.tablename}_{name}" ON "{meta.tablename}" ("{name}")')
    return statements


def _type(column: Any) -> str:
    if isinstance(column, Boolean):
        return "BOOLEAN"
    return "BIGINT" if isinstance(column, BigInt) else str(column.column_type)


def _constraint(column: Any) -> str:
    if column._meta.primary_key:  # noqa: SLF001
        return " PRIMARY KEY NOT NULL"
    unique = " UNIQUE" if column._meta.unique else ""  # noqa: SLF001
    return unique if column._meta.null else f" NOT NULL{unique}"  # noqa: SLF001


def all_ddl(tables: Iterable[type[Table]]) -> list[str]:
    """Give the statements for many tables."""
    return [statement for table in tables for statement in ddl(table)]
