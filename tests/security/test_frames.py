"""Ten thousand frames that nobody should send: no fault of ours, and every other socket stays alive and is answered."""

from __future__ import annotations

import asyncio
import random
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path

import pytest
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed
from websockets.protocol import State

from server.kernel.ids import ulid
from server.people.roles import ROLES
from server.protocol.frames import Error, Expected, Op, Rejected, decode_server, encode
from server.protocol.picking import TakeTask
from tests.security.house import Served, a_days_work, cookies, served, signed_in
from tests.security.nasty import frame
from tests.sound import assert_sound

FRAMES = 10_000
EVERY = 4
"""Frames after which a fuzzing socket does some honest work: ten bad ones in a row would close it."""
CLOSED_BY_RIGHT = {1007, 1009}
"""The websocket's own: text that is no UTF-8, a message too long."""
SECONDS = 10


class Device:
    """One device: somebody's session, its place in the sequence, and what it was told."""

    def __init__(self, house: Served, role: str, name: str) -> None:
        self.house, self.role, self.name = house, role, name
        self.seq = 1
        self.headers: dict[str, str] = {}
        self.codes: Counter[str] = Counter()

    @asynccontextmanager
    async def socket(self) -> AsyncIterator[ClientConnection]:
        """Open a socket; sign in first, once."""
        if not self.headers:
            async with signed_in(self.house, self.role, self.name) as web:
                self.headers = cookies(web)
        live = self.house.url.replace("http", "ws", 1) + "/live"
        async with connect(live, additional_headers=self.headers, compression=None, proxy=None) as socket:
            yield socket

    async def work(self, socket: ClientConnection) -> None:
        """Make one operation, again with the right number where one is expected, and hear that it is durable."""
        op_id = ""
        async with asyncio.timeout(SECONDS):
            while True:
                if not op_id:
                    op_id = ulid()
                    await socket.send(encode(Op(op_id, self.seq, 0, "", TakeTask("nowhere"))), text=True)
                said = decode_server(await socket.recv())
                if isinstance(said, Expected):
                    self.seq, op_id = said.seq, ""
                if isinstance(said, Error | Rejected):
                    self.codes[said.code] += 1
                if isinstance(said, Rejected) and said.op_id == op_id:
                    self.seq += 1
                    return

    async def fuzz(self, count: int, dice: random.Random, words: list[str]) -> None:
        """Say so many frames that nobody should, over as many sockets as it takes."""
        while count > 0:
            with suppress(ConnectionClosed):
                async with self.socket() as socket:
                    while count > 0 and socket.state is State.OPEN:
                        for _ in range(EVERY):
                            await socket.send(frame(dice, words, self.seq), text=dice.random() < 0.8)
                        count -= EVERY
                        await self.work(socket)
            assert socket.close_code in CLOSED_BY_RIGHT | {1000}, (socket.close_code, socket.close_reason)


async def bystander(house: Served, done: asyncio.Event) -> None:
    """Work as one does while others fuzz: every operation is answered, all on one socket."""
    phone = Device(house, "picker", "GOOD")
    async with phone.socket() as socket:
        while not done.is_set():
            await phone.work(socket)
            await asyncio.sleep(0.02)
    assert phone.seq > SECONDS
    assert phone.codes.keys() == {"not_found"}


async def words_of(house: Served) -> list[str]:
    """Ids that the house knows, and some that it does not."""
    found = ["MAIN", "S1", "T1", "CONS-1", "MUG", "LAMP", "A-01-01", "own_van", "nobody", "", "B-picker", "F-picker"]
    for table in ("task", "pick_line", "shipment", "wave"):
        found += [row["id"] for row in await house.world.database.read(f"SELECT id FROM {table}")]
    return found


@pytest.mark.soak
@pytest.mark.parametrize("seed", [1])
async def test_no_frame_is_a_fault_and_no_socket_dies(tmp_path: Path, soak: float, seed: int) -> None:
    async with served(tmp_path) as house:
        await a_days_work(house.world)
        words = await words_of(house)
        devices = [Device(house, role, f"F-{role}") for role in ROLES]
        each, done = int(FRAMES * soak) // len(devices) + EVERY, asyncio.Event()
        good = asyncio.create_task(bystander(house, done))
        await asyncio.gather(*(d.fuzz(each, random.Random(f"{seed} {d.role}"), words) for d in devices))
        done.set()
        await good
        heard = sum((device.codes for device in devices), Counter[str]())
        assert {"bad_frame", "too_large", "not_allowed", "not_found"} <= heard.keys(), heard
        assert not {"failed", "busy"} & heard.keys(), heard
        assert house.faults == []
        await house.world.settle()
        await assert_sound(house.world, failed_jobs=True)
