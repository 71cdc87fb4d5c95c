"""A printer that does not answer: who asked is told once, and the label comes out elsewhere, once."""

from __future__ import annotations

import asyncio
from pathlib import Path

from server.jobs.store import JOBS
from server.protocol import packing as pack
from server.sites.model import PutStation
from tests.floor import PACKER, labelled, packed, the_parcel, weigh
from tests.kit import World

NOBODY = "tcp://127.0.0.1:9"


async def tried(w: World) -> None:
    """Wait until a printer was tried in vain."""
    async with asyncio.timeout(20):
        while not [job for job in await w.all(JOBS, "kind = 'print_label'") if job.attempts]:
            await asyncio.sleep(0.02)


async def test_who_asked_is_told_once_and_another_station_prints_it(w: World, tmp_path: Path) -> None:
    await w.do(PutStation(id="S8", site="MAIN", name="No paper", printer=NOBODY))
    await w.do(PutStation(id="S9", site="MAIN", name="Paper", printer=f"folder://{tmp_path}/out"))
    parcel = await packed(w, "1", ("LAMP", 2))
    await weigh(w, parcel.id)
    await w.do(pack.PrintLabel(parcel.id, "S8"), PACKER)
    await tried(w)
    [entry] = await w.events("LabelStuck")
    assert entry.audiences.split("|") == ["user:bob", "station:S8"]
    assert NOBODY in entry.body
    await w.do(pack.PrintLabel(parcel.id, "S9"), PACKER)
    w.now += 60_000  # the first printer is tried again
    await w.settle()
    assert len(await w.events("LabelStuck")) == 1
    assert [path.name for path in (tmp_path / "out").iterdir()] == [f"{parcel.sscc}-2.zpl"]
    assert {job.state for job in await w.all(JOBS, "kind = 'print_label'")} == {"done"}


async def test_a_label_asked_for_twice_is_printed_twice(w: World, tmp_path: Path) -> None:
    await w.do(PutStation(id="S1", site="MAIN", name="Station 1", printer=f"folder://{tmp_path}/out"))
    parcel = await labelled(w, "1", ("LAMP", 2))
    await w.settle()
    await w.do(pack.PrintLabel(parcel.id), PACKER)
    await w.settle()
    assert (await the_parcel(w, parcel.id)).prints == len([*(tmp_path / "out").iterdir()]) == 2
