"""Logs: a line a machine can read, a line a person can read, a secret in neither."""

from __future__ import annotations

import io
import json
import logging
from collections.abc import Iterator

import pytest

from server import logs

log = logging.getLogger("server.dock")


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


@pytest.fixture(autouse=True)
def _as_it_was() -> Iterator[None]:
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    for handler in handlers:
        root.removeHandler(handler)
    yield
    root.handlers[:] = handlers
    root.setLevel(level)


def test_a_machine_reads_an_object_a_line() -> None:
    out = io.StringIO()
    logs.setup("info", stream=out)
    log.info("parcel %s left", "P1", extra={"carrier": "own van"})
    log.debug("not asked for")
    [line] = out.getvalue().splitlines()
    told = json.loads(line)
    assert (told["level"], told["logger"], told["message"]) == ("info", "server.dock", "parcel P1 left")
    assert told["carrier"] == "own van"
    assert told["at"].endswith("+00:00")


def test_a_failure_brings_its_traceback_on_the_same_line() -> None:
    out = io.StringIO()
    logs.setup("error", stream=out)
    try:
        raise ValueError("password=hunter2")
    except ValueError:
        log.exception("the scale is silent")
    [line] = out.getvalue().splitlines()
    assert "ValueError: password=[hidden]" in json.loads(line)["error"]


def test_a_person_reads_a_line() -> None:
    out = Terminal()
    logs.setup("info", stream=out)
    log.info("parcel left", extra={"carrier": "own van"})
    assert out.getvalue().rstrip().endswith("INFO server.dock: parcel left  carrier=own van")


@pytest.mark.parametrize(
    "said",
    [
        "pin=4711",
        "PutUser(name='Ann', pin_hash='4711')",
        '{"badge": "B1", "pin": "4711"}',
        "Authorization: Device 4711.x",
        "Bearer 4711",
        "webhook signature=4711",
        "api_key: 4711",
    ],
)
def test_secrets_stay_out_of_texts(said: str) -> None:
    assert "4711" not in logs.hidden(said)


@pytest.mark.parametrize("said", ["shipping=4711", "device 4711 vanished", "sku_key=4711", "wave 4711 pinned: 3"])
def test_what_is_no_secret_stays(said: str) -> None:
    assert logs.hidden(said) == said


def test_facts_named_like_a_secret_are_hidden_whole() -> None:
    out = io.StringIO()
    logs.setup("info", stream=out)
    log.info("signed in", extra={"pin": 4711, "api_key": "k", "shipping": "express"})
    told = json.loads(out.getvalue())
    assert (told["pin"], told["api_key"], told["shipping"]) == ("[hidden]", "[hidden]", "express")
