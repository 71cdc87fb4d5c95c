"""What may happen to lines, and what a shipment and an order are together. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from msgspec.structs import replace

from server.kernel.refusal import Refusal
from server.orders.model import LINE, PROGRESS, OrderLine, State

RANK = {state: rank for rank, state in enumerate(PROGRESS)}
BEFORE_RELEASE = frozenset({State.RECEIVED, State.PAID, State.BACK_ORDERED, State.ALLOCATED})
"""States in which nobody on the floor knows of a line."""
GTIN = 14


def advanced(line: OrderLine, event: str, reason: str = "") -> OrderLine:
    """Give the line after `event`; Refusal `not_in_state` where that cannot be."""
    return replace(line, state=LINE.next(line.state, event), reason=reason)


def split(line: OrderLine, quantity: int, part: str) -> tuple[OrderLine, OrderLine]:
    """Cut `quantity` units off a line: gives (the line with the rest, the new line with id `part`)."""
    if not 0 < quantity < line.quantity:
        raise Refusal("bad_value", what="quantity", value=quantity, most=line.quantity - 1)
    return replace(line, quantity=line.quantity - quantity), replace(line, id=part, quantity=quantity)


def counted(tally: Mapping[State, int], was: State | None, now: State | None) -> dict[State, int]:
    """Count one line over from state to state; None stands for "not here"."""
    result = dict(tally)
    for state, change in ((was, -1), (now, 1)):
        if state is not None:
            result[state] = result.get(state, 0) + change
    return {state: count for state, count in result.items() if count}


def together(states: Iterable[State]) -> State:
    """Derive what many lines are as one: the least advanced of those not cancelled."""
    alive = [state for state in states if state is not State.CANCELLED]
    return min(alive, key=RANK.__getitem__, default=State.CANCELLED)


def is_later(revision: str, known: str) -> bool:
    """Tell whether a revision comes after a known one: by time where both tell a time, else any other one does."""
    if revision.isdigit() and known.isdigit():
        return int(revision) > int(known)
    return revision != known


def spellings(code: str) -> tuple[str, ...]:
    """Give the ways a channel may write a code: a GTIN-14 also without its leading zeros, as GTIN-13, -12 or -8."""
    if len(code) != GTIN or not code.isdigit():
        return (code,)
    return (code, *(code[zeros:] for zeros in (1, 2, 6) if code.startswith("0" * zeros)))


def goods(lines: Iterable[OrderLine]) -> list[OrderLine]:
    """Leave out service lines (postage, discounts): they are never picked."""
    return [line for line in lines if line.goods]


def cancel_event(line: OrderLine) -> str:
    """Say how a line in this state is cancelled: at once, or withdrawn from the floor; Refusal once it has left."""
    if line.state is State.PICKING:
        return "withdraw"
    if line.state is State.SHIPPED:
        raise Refusal("order_shipped", order=line.order, line=line.id, state=str(line.state))
    return "cancel"
