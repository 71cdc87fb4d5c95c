"""The generator's own cutting of frames, against the library's making of them."""

from __future__ import annotations

import asyncio
import random

import pytest
from websockets.frames import Frame, Opcode

from server.bench.wire import Wire, address

SIZES = (0, 1, 125, 126, 65_535, 65_536, 70_000)


@pytest.mark.parametrize("seed", range(5))
async def test_frames_are_cut_wherever_the_network_does(seed: int) -> None:
    dice, heard = random.Random(seed), list[bytes]()
    wire = Wire("ws://127.0.0.1/live", "", heard.append, lambda: None)
    wire.opened.set_result(None)
    messages = [dice.randbytes(size) for size in SIZES]
    stream = b"".join(Frame(Opcode.TEXT, message).serialize(mask=False) for message in messages)
    cuts = sorted(dice.sample(range(1, len(stream)), 40))
    for start, end in zip([0, *cuts], [*cuts, len(stream)], strict=True):
        wire.data_received(stream[start:end])
    assert heard == messages


async def test_a_ping_is_answered() -> None:
    sent = list[bytes]()

    class Pipe(asyncio.Transport):
        def write(self, data: bytes | bytearray | memoryview) -> None:
            sent.append(bytes(data))

    wire = Wire("ws://127.0.0.1/live", "", lambda _: None, lambda: None)
    wire.opened.set_result(None)
    wire.transport = Pipe()
    wire.data_received(Frame(Opcode.PING, b"there?").serialize(mask=False))
    assert [frame[0] & 15 for frame in sent] == [Opcode.PONG]


def test_the_socket_of_an_address() -> None:
    assert address("http://127.0.0.1:8000/") == ("ws://127.0.0.1:8000/live", "127.0.0.1", 8000)
    assert address("https://pickwave.example") == ("wss://pickwave.example/live", "pickwave.example", 443)
