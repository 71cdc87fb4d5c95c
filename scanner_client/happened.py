"""What there is to tell people and programs about a scanner's work."""

from __future__ import annotations

from typing import Literal

import msgspec

from scanner_client.decode import Point, Read
from scanner_client.outbox import Entry
from server.protocol.base import Facts
from server.protocol.frames import Committed, Rejected


class Happened(msgspec.Struct, frozen=True, omit_defaults=True):
    """A code was `read`, or an operation was answered (`committed`, `rejected`).

    `op` and `seq` name the operation that a read was put into the outbox as; a read without one was not
    wanted, or is refused by `code`.
    """

    what: Literal["read", "committed", "rejected"]
    text: str = ""
    symbology: str = ""
    engines: tuple[str, ...] = ()
    position: tuple[Point, ...] = ()
    op: str = ""
    seq: int = 0
    do: str = ""
    step: str = ""
    code: str = ""
    facts: Facts = {}


def was_read(read: Read, entry: Entry | None = None, code: str = "") -> Happened:
    """Tell of a read, with the operation it made."""
    told = Happened("read", read.text, read.symbology, read.engines, read.position, code=code)
    return _named(told, entry) if entry else told


def was_answered(answer: Committed | Rejected, entry: Entry) -> Happened:
    """Tell of an answer to an operation."""
    text = getattr(entry.op.cmd, "code", "")
    if isinstance(answer, Rejected):
        return _named(Happened("rejected", text, code=answer.code, facts=answer.facts), entry)
    return _named(Happened("committed", text), entry)


def _named(told: Happened, entry: Entry) -> Happened:
    command = entry.op.cmd
    do, step = str(command.__struct_config__.tag), getattr(command, "step", "")
    return msgspec.structs.replace(told, op=entry.op.op_id, seq=entry.op.seq, do=do, step=step)


def in_words(told: Happened) -> str:
    """Say it in one line."""
    facts = ", ".join(f"{name} {value}" for name, value in told.facts.items())
    parts = (told.what, told.text, told.symbology, told.step or told.do, told.code, facts)
    return "  ".join(part for part in parts if part)
