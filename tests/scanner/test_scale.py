"""Scales: what they say as values, and a whole conversation over a real pseudo-terminal and over TCP."""

from __future__ import annotations

import json
import socket
import threading

import pytest

from scanner_client.scale.mtsics import Reading, ScaleError, parse
from scanner_client.scale.platform import Make
from scanner_client.scale.port import Scale
from scanner_client.scale.simulator import Simulator
from tests.shared import SHARED, with_shared

MEANT = {"stable": "ok", "not executable": "busy", "overload": "overload", "underload": "underload"}


@with_shared
def test_every_documented_answer_is_understood() -> None:
    lines = (SHARED / "scales/mt-sics/documented-exchanges.jsonl").read_text().splitlines()
    for exchange in map(json.loads, lines):
        meant = next(status for words, status in MEANT.items() if exchange["meaning"].startswith(words))
        assert parse(exchange["response"]).status == meant


@pytest.mark.parametrize(
    ("line", "grams", "stable"),
    [
        ("S S     100.00 g", 100, True),
        ("S D      99.50 g\r\n", 100, False),
        ("S S     -0.50 g", -1, True),
        ("S S      1.234 kg", 1234, True),
        ("S S       2.50 lb", 1134, True),
        ("S S       1.00 oz", 28, True),
        ("T S     250.0 g", 250, True),
        ("Z A", 0, True),
    ],
)
def test_weights_are_whole_grams_whatever_the_unit(line: str, grams: int, stable: bool) -> None:  # noqa: FBT001
    assert parse(line) == Reading(grams, stable, line.strip("\r\n"))


def test_pieces_are_no_weight() -> None:
    assert parse("S S         12 PCS").status == "wrong_unit"


@pytest.mark.parametrize("line", ["", "ES", "EL", "ET", "hello", "S S heavy g", "S S NaN g", "S X 1 g", "S S 1"])
def test_what_is_no_answer_is_an_error(line: str) -> None:
    with pytest.raises(ScaleError):
        parse(line)


def test_a_parcel_is_weighed_once_the_platform_rests() -> None:
    with Simulator(seed=7) as scale, Scale(scale.path, patience_s=2) as line:
        scale.put(1_250)
        assert not line.weigh_now().stable
        settled = line.weigh()
        assert settled.stable
        assert abs(settled.grams - 1_250) <= 2
        assert line.weigh_now().stable
        assert scale.asked == ["SI", "S", "SI"]


def test_the_same_seed_weighs_the_same() -> None:
    def weights() -> list[str]:
        with Simulator(seed=3) as scale, Scale(scale.path, patience_s=2) as line:
            scale.put(800)
            return [line.weigh_now().raw for _ in range(5)]

    assert weights() == weights()


def test_tare_and_zero() -> None:
    with Simulator(make=Make(spread_g=0)) as scale, Scale(scale.path, patience_s=2) as line:
        scale.put(40)
        assert line.zero().status == "ok"
        scale.put(340)
        assert line.tare().grams == 300
        scale.put(1_340)
        assert line.weigh().grams == 1_000
        assert line.zero().status == "overload"
        assert line.identity() == "SIM-1"


def test_what_cannot_be_weighed_says_why() -> None:
    with Simulator(make=Make(capacity_g=30_000)) as scale, Scale(scale.path, patience_s=2) as line:
        scale.put(31_000)
        assert line.weigh().status == "overload"
        scale.put(-700)
        assert line.weigh_now().status == "underload"
        scale.put(500)
        scale.lean(leaning=True)
        assert line.weigh().status == "busy"
        with pytest.raises(ScaleError, match="does not know"):
            parse(line.ask("DANCE"))


def test_a_scale_in_kilograms_gives_grams() -> None:
    with Simulator(make=Make(spread_g=0, unit="kg")) as scale, Scale(scale.path, patience_s=2) as line:
        scale.put(2_345)
        reading = line.weigh()
        assert (reading.grams, reading.raw) == (2_345, "S S      2.345 kg")


def test_a_scale_over_tcp() -> None:
    listener = socket.create_server(("127.0.0.1", 0))

    def serve() -> None:
        connection, _ = listener.accept()
        with connection, Simulator(make=Make(spread_g=0)) as scale:
            scale.put(77)
            with connection.makefile("rwb", buffering=0) as file:
                for line in file:
                    file.write(f"{scale.answer(line.decode().strip())}\r\n".encode())

    threading.Thread(target=serve, daemon=True).start()
    with listener, Scale(f"tcp://127.0.0.1:{listener.getsockname()[1]}", patience_s=2) as line:
        assert line.weigh().grams == 77


def test_silence_and_absence_are_errors() -> None:
    with pytest.raises(ScaleError, match="no scale at"):
        Scale("/dev/not-there")
    with Simulator() as scale, Scale(scale.path, patience_s=0.1) as line:
        scale.answer = lambda command: command  # type: ignore[method-assign]
        with pytest.raises(ScaleError, match="was answered with"):
            line.weigh()
