"""The log of operations: a line each, with what it takes to find it again."""

from __future__ import annotations

import io
import json
import logging
from collections.abc import Iterator
from pathlib import Path

import pytest

from server import logs
from server.protocol.picking import TakeTask
from tests.floor import PICKER
from tests.kit import world


@pytest.fixture
def out() -> Iterator[io.StringIO]:
    """Logs of this process as a machine reads them."""
    root = logging.getLogger()
    before, level = root.handlers[:], root.level
    stream = io.StringIO()
    logs.setup("info", "json", stream)
    yield stream
    root.handlers[:] = before
    root.setLevel(level)


async def test_an_operation_leaves_a_line(tmp_path: Path, out: io.StringIO) -> None:
    async with world(tmp_path) as w:
        await w.bus.perform(PICKER, TakeTask("none"), op_id="0" * 26)
    told = next(line for line in map(json.loads, out.getvalue().splitlines()) if line["logger"] == "server.operations")
    assert told["ms"] > 0
    assert {name: told[name] for name in ("message", "op_id", "device", "user", "command", "code")} == {
        "message": "refused",
        "op_id": "0" * 26,
        "device": "phone-1",
        "user": "ann",
        "command": "take_task",
        "code": "not_found",
    }


async def test_nothing_is_written_where_nobody_asked(tmp_path: Path, out: io.StringIO) -> None:
    logs.setup("warning", "json", out)
    async with world(tmp_path) as w:
        await w.bus.perform(PICKER, TakeTask("none"))
    assert out.getvalue() == ""


def test_the_form_can_be_named(out: io.StringIO) -> None:
    logs.setup("info", "text", out)
    logging.getLogger("server.dock").info("parcel left")
    assert "INFO server.dock: parcel left" in out.getvalue()
