"""Every transition table walked: each row leads where it says, everything else is refused, no state is a trap."""

from __future__ import annotations

from typing import Any

import pytest

from server.kernel.machine import Machine
from server.kernel.refusal import Refusal
from server.orders.model import LINE, PROGRESS, State
from server.packing.model import PARCEL
from server.picking.model import PICK
from server.shipping.model import MANIFEST
from server.tasks.model import TASK
from server.waves.model import WAVE

MACHINES: tuple[Machine[Any], ...] = (LINE, PARCEL, PICK, MANIFEST, TASK, WAVE)
ENDS = {
    "line": {"cancelled"},
    "parcel": {"void"},
    "pick line": {"short", "withdrawn"},
    "manifest": {"closed"},
    "task": {"done", "withdrawn"},
    "wave": {"done", "cancelled"},
}
"""States that nothing leads out of."""


def named(machine: Machine[Any]) -> str:
    return machine.name


@pytest.mark.parametrize("machine", MACHINES, ids=named)
def test_each_event_in_each_state(machine: Machine[Any]) -> None:
    for state in type(machine.start):
        for event in {event for _, event in machine.table}:
            to = machine.table.get((state, event))
            assert machine.allows(state, event) == (to is not None)
            if to is not None:
                assert machine.next(state, event) is to
                continue
            with pytest.raises(Refusal) as caught:
                machine.next(state, event)
            assert caught.value.code == "not_in_state"
            assert caught.value.facts == {"machine": machine.name, "state": str(state), "event": event}


@pytest.mark.parametrize("machine", MACHINES, ids=named)
def test_only_the_ends_are_ends(machine: Machine[Any]) -> None:
    leaving = {state for state, _ in machine.table}
    assert {str(state) for state in type(machine.start)} - {str(state) for state in leaving} == ENDS[machine.name]


@pytest.mark.parametrize("machine", MACHINES, ids=named)
def test_every_state_reaches_an_end(machine: Machine[Any]) -> None:
    reaching = {state for state in type(machine.start) if str(state) in ENDS[machine.name]}
    for _ in type(machine.start):
        reaching |= {state for (state, _), to in machine.table.items() if to in reaching}
    assert all(state in reaching for state in type(machine.start))


def test_a_machine_with_a_state_nothing_leads_to_is_not_made() -> None:
    with pytest.raises(ValueError, match="no way from"):
        Machine("line", State.RECEIVED, {(State.RECEIVED, "pay"): State.PAID})


def test_every_state_but_cancelled_has_its_place_in_the_progress() -> None:
    assert set(PROGRESS) == set(State) - {State.CANCELLED}
    assert len(PROGRESS) == len(set(PROGRESS))


def test_what_has_left_is_never_cancelled_and_what_is_in_hand_is_withdrawn_first() -> None:
    assert not LINE.allows(State.SHIPPED, "cancel")
    assert not LINE.allows(State.PICKING, "cancel")
    assert {state for state, event in LINE.table if event == "withdraw"} == {State.PICKING}
