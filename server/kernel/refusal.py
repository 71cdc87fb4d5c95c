"""What may be answered instead of doing it. Rules raise only Refusal: a stable code and its facts, never a sentence."""

from __future__ import annotations

Fact = str | int | bool | None


class Refusal(Exception):
    """A command that the rules do not allow.

    `code` is stable (see protocol/refusals.py); `facts` are the plain values a person needs to understand it.
    """

    def __init__(self, code: str, **facts: Fact) -> None:
        """Refuse with `code`; every fact is a plain value that can travel as JSON."""
        super().__init__(code, facts)
        self.code = code
        self.facts = facts

    def __str__(self) -> str:
        """`code: fact=value, ...`, for logs and for the command line."""
        facts = ", ".join(f"{name}={value}" for name, value in self.facts.items())
        return f"{self.code}: {facts}" if facts else self.code


class Gap(Exception):
    """An operation came out of order; `expected` is the one to send next."""

    code = "gap"

    def __init__(self, expected: int) -> None:
        """Name the sequence number that is expected."""
        super().__init__(expected)
        self.expected = expected


class Busy(Exception):
    """Nothing was stored: try the same operation again. `code` is `busy` or `disk_full`."""

    def __init__(self, code: str = "busy") -> None:
        """Say why."""
        super().__init__(code)
        self.code = code
