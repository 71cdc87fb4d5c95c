"""The handheld's copy of the wire is the wire."""

from __future__ import annotations

from server.protocol.refusals import REFUSALS
from server.protocol.typescript import TARGET, generate


def test_the_generated_file_is_not_stale() -> None:
    """`pickwave types` writes it anew."""
    assert TARGET.read_text() == generate()


def test_every_refusal_code_is_there() -> None:
    text = generate()
    assert all(f'  "{code}", //' in text for code in REFUSALS)


def test_what_is_sent_may_leave_out_defaults_and_what_is_received_may_not() -> None:
    text = generate()
    assert "readonly symbology?: string" in text
    assert "readonly snapshot: boolean" in text
    assert 'readonly do: "confirm_pick"' not in text
    assert 'readonly do: "take_task"' in text
