"""Scales: what they say as values, and a whole conversation over a real pseudo-terminal and over TCP."""

from __future__ import annotations

import json
import os
import socket
import threading
import tty
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from scanner_client.scale import hid, toledo
from scanner_client.scale.address import open_scale
from scanner_client.scale.mtsics import parse
from scanner_client.scale.platform import Make
from scanner_client.scale.port import Scale
from scanner_client.scale.reading import Reading, ScaleError
from scanner_client.scale.simulator import Simulator
from tests.shared import SHARED, with_shared

VECTORS = json.loads((Path(__file__).parents[1] / "protocol/vectors/scales.json").read_text())
"""pwa/test/scale.test.ts reads the same."""
MEANT = {"stable": "ok", "not executable": "busy", "overload": "overload", "underload": "underload"}


@with_shared
def test_every_documented_answer_is_understood() -> None:
    lines = (SHARED / "scales/mt-sics/documented-exchanges.jsonl").read_text().splitlines()
    for exchange in map(json.loads, lines):
        meant = next(status for words, status in MEANT.items() if exchange["meaning"].startswith(words))
        assert parse(exchange["response"]).status == meant


def outcome(read: Callable[[Any], Reading], said: object) -> dict[str, object]:
    """Give what a scale's words mean as the vectors write it."""
    try:
        reading = read(said)
    except ScaleError:
        return {"fault": True}
    weight: dict[str, object] = {"grams": reading.grams, "stable": reading.stable}
    return weight if reading.status == "ok" else {"status": reading.status}


def meant(vector: dict[str, object]) -> dict[str, object]:
    return {name: vector[name] for name in ("grams", "stable", "status", "fault") if name in vector}


@pytest.mark.parametrize("vector", VECTORS["mtsics"], ids=lambda vector: vector["line"])
def test_mt_sics(vector: dict[str, Any]) -> None:
    assert outcome(parse, vector["line"]) == outcome(parse, f"{vector['line']}\r\n") == meant(vector)


@pytest.mark.parametrize("vector", VECTORS["toledo"], ids=lambda vector: vector["story"])
def test_toledo(vector: dict[str, Any]) -> None:
    assert outcome(toledo.parse, bytes.fromhex(vector["frame"])) == meant(vector)


@pytest.mark.parametrize("vector", VECTORS["hid"], ids=lambda vector: vector["story"])
def test_hid(vector: dict[str, Any]) -> None:
    assert outcome(hid.parse, bytes.fromhex(vector["report"])) == meant(vector)


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


FRAME = bytes.fromhex("022230212020313235302020202020300d")


def test_a_scale_that_speaks_unasked_is_heard_from_its_next_whole_frame(speaking: int) -> None:
    with open_scale(f"toledo:{os.ttyname(speaking)}", 2) as scale:
        reading = scale.weigh_now()
    assert (reading.grams, reading.stable) == (1_250, True)


@pytest.fixture
def speaking() -> Iterator[int]:
    """Give the far end of a line on which frames come without end, the first of them cut short."""
    ours, theirs = os.openpty()
    tty.setraw(theirs)
    over = threading.Event()

    def speak() -> None:
        os.write(ours, FRAME[6:])
        while not over.wait(0.02):
            os.write(ours, FRAME)

    voice = threading.Thread(target=speak)
    voice.start()
    yield theirs
    over.set()
    voice.join()
    os.close(ours)
    os.close(theirs)


def test_a_usb_scale_that_reports_only_changes_still_shows_its_last(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "hidraw0")
    device = os.open(tmp_path / "hidraw0", os.O_RDWR)
    with open_scale(f"hid:{tmp_path}/hidraw0", 0.05) as scale:
        with pytest.raises(ScaleError, match="says nothing"):
            scale.weigh_now()
        os.write(device, bytes.fromhex("03040200e204"))
        assert [scale.weigh_now().grams for _ in range(2)] == [1_250, 1_250]
    os.close(device)


def test_no_scale_is_one_sentence() -> None:
    for address in ("hid:/dev/no-such", "toledo:/dev/no-such", "serial:///dev/no-such"):
        with pytest.raises(ScaleError, match="no scale at"):
            open_scale(address, 0.1)
