"""From pictures to operations: the whole pipeline, in this process and as the command that people start."""

from __future__ import annotations

import asyncio
import json
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, closing
from pathlib import Path

from scanner_client.decode import decode
from scanner_client.dial import Dial
from scanner_client.enrol import Enrolled, save
from scanner_client.happened import Happened
from scanner_client.link import Link
from scanner_client.outbox import OUTBOX, Outbox
from scanner_client.pulse import Timing
from scanner_client.scanner import Job, Scanner
from scanner_client.steady import Steady
from server.kernel.ids import ulid
from server.protocol.frames import Committed, Frame, Op, Rejected
from server.protocol.packing import OpenPack, PackItem, PackLineView, PackView
from server.protocol.picking import AcknowledgeWithdrawal, DropTotes, Scan, TakeTask
from tests.scanner.floor import Floor, opened, until
from tests.scanner.pictures import Image, beside, label
from tests.scanner.pictures import save as save_picture
from tests.scanner.tasks import GTIN, line, task

QUICK = Timing(ping_s=0.2, answer_s=0.2, op_s=1, busy_s=0.02, pause_s=0.01)


class Camera:
    """Shows pictures to a scanner, each for some frames, a minute apart."""

    def __init__(self, scanner: Scanner, told: list[Happened]) -> None:
        self.scanner, self.link, self.told = scanner, scanner.link, told
        self.at = 0

    def show(self, picture: Image, frames: int = 6) -> list[str]:
        """Hold a picture up; give the steps of the operations it made."""
        self.at += 60_000
        reads = decode(picture)
        made = [entry for n in range(frames) for entry in self.scanner.see(reads, self.at + 40 * n)]
        return [getattr(entry.op.cmd, "step", str(entry.op.cmd.__struct_config__.tag)) for entry in made]


@asynccontextmanager
async def camera(floor: Floor, folder: Path, job: Job = Job()) -> AsyncIterator[Camera]:  # noqa: B008
    async with opened(floor) as dial:
        with closing(Outbox(folder / "outbox.db")) as outbox:
            link = Link(outbox, dial, QUICK)
            told: list[Happened] = []
            scanner = Scanner(link, Steady(), job, told.append)
            running = asyncio.create_task(link.run())
            await until(lambda: link.is_current)
            yield Camera(scanner, told)
            running.cancel()
            await asyncio.gather(running, return_exceptions=True)


async def test_a_line_is_confirmed_label_by_label(tmp_path: Path) -> None:
    floor = Floor([task()])
    async with camera(floor, tmp_path) as cam:
        assert cam.show(label("A-01-02")) == ["bin"]
        assert cam.show(label(GTIN, "EAN13")) == ["sku"]
        assert cam.show(label(GTIN, "EAN13")) == ["sku"]
        assert cam.show(label("TOTE-1", "QRCode")) == ["tote"]
        await until(lambda: not cam.link.waiting)
        assert floor.tasks[0].lines[0].state == "picked"
        assert [op.cmd.symbology for op in floor.done if isinstance(op.cmd, Scan)] == [
            "Code128",
            "EAN13",
            "EAN13",
            "QRCode",
        ]
        assert [t.what for t in cam.told].count("committed") == 4


async def test_a_wrong_label_is_sent_refused_and_kept(tmp_path: Path) -> None:
    floor = Floor([task()])
    async with camera(floor, tmp_path) as cam:
        assert cam.show(label("B-09-09")) == ["bin"]
        await until(lambda: not cam.link.waiting and cam.link.is_current)
        assert [(t.what, t.code) for t in cam.told] == [("read", ""), ("rejected", "wrong_bin")]
        assert cam.show(label("A-01-02")) == ["bin"]
        await until(lambda: not cam.link.waiting)
        assert [refused.code for refused in cam.link.outbox.refused()] == ["wrong_bin"]


async def test_labels_in_one_picture_are_used_in_their_turn_and_neighbours_left_alone(tmp_path: Path) -> None:
    floor = Floor([task(line(quantity=1))])
    picture = beside(label("B-09-09"), label(GTIN, "EAN13"), label("A-01-02"), label("TOTE-1", "QRCode"))
    async with camera(floor, tmp_path) as cam:
        assert cam.show(picture) == ["bin", "sku", "tote"]
        await until(lambda: not cam.link.waiting)
        assert not cam.link.outbox.refused()


async def test_a_tote_in_view_all_the_time_counts_when_its_turn_comes(tmp_path: Path) -> None:
    floor = Floor([task(line(quantity=1))])
    tote = label("TOTE-1", "QRCode")
    async with camera(floor, tmp_path) as cam:
        assert cam.show(beside(label("A-01-02"), tote)) == ["bin"]
        cam.at -= 60_000 - 500
        assert cam.show(beside(label(GTIN, "EAN13"), tote)) == ["sku", "tote"]


async def test_a_whole_line_with_one_scan_and_an_unusual_quantity_twice(tmp_path: Path) -> None:
    floor = Floor([task(line(quantity=600, step="sku"))])

    def judge(op: Op) -> Frame:
        sure = isinstance(op.cmd, Scan) and op.cmd.sure
        return Committed(op.op_id, op.seq, 1) if sure else Rejected(op.op_id, op.seq, "unusual_quantity", {})

    floor.judge = judge  # type: ignore[method-assign]
    async with camera(floor, tmp_path, Job(count="line")) as cam:
        for _ in range(2):
            assert cam.show(label(GTIN, "EAN13")) == ["sku"]
            await until(lambda: not cam.link.waiting and cam.link.is_current)
        assert [(op.cmd.quantity, op.cmd.sure) for op in floor.done if isinstance(op.cmd, Scan)] == [
            (600, False),
            (600, True),
        ]


async def test_an_unusual_quantity_is_asked_about_without_the_server_too(tmp_path: Path) -> None:
    floor = Floor([task(line(quantity=600, step="sku"))])
    async with camera(floor, tmp_path, Job(count="line")) as cam:
        floor.silent = True
        floor.cut()
        assert [cam.show(label(GTIN, "EAN13")) for _ in range(2)] == [["sku"], ["sku"]]
        assert cam.link.tasks[0].lines[0].step == "tote"


async def test_alone_it_takes_tasks_acknowledges_withdrawals_and_leaves_totes(tmp_path: Path) -> None:
    offered = task(line("L1", quantity=1), line("L2", 2, state="withdrawing"), state="offered", assignee="")
    floor = Floor([offered])
    async with camera(floor, tmp_path, Job(alone=True)) as cam:
        await until(lambda: not cam.link.waiting)
        for picture in (label("A-01-02"), label(GTIN, "EAN13"), label("TOTE-1")):
            cam.show(picture)
        await until(lambda: not cam.link.waiting)
        assert [type(op.cmd) for op in floor.done] == [TakeTask, AcknowledgeWithdrawal, Scan, Scan, Scan, DropTotes]
        assert cam.link.tasks == ()


async def test_at_a_pack_station_totes_are_opened_and_articles_packed(tmp_path: Path) -> None:
    lines = (PackLineView("PEN", "Pen", (GTIN,), 2, 2, 0),)
    view = PackView(
        shipment="S1",
        order="#1",
        state="packing",
        carrier="van",
        note="",
        suggested_carton="",
        trust_tote=False,
        totes_here=(),
        totes_missing=(),
        lines=lines,
        parcels=(),
        open_parcel="P1",
    )
    floor = Floor()
    floor.judge = lambda op: Committed(op.op_id, op.seq, 1, view)  # type: ignore[method-assign]
    async with camera(floor, tmp_path, Job(station="ST1")) as cam:
        cam.show(label("TOTE-1"))
        await until(lambda: not cam.link.waiting)
        cam.show(label(GTIN, "EAN13"))
        await until(lambda: not cam.link.waiting)
        assert [op.cmd for op in floor.done] == [
            OpenPack("ST1", "TOTE-1"),
            PackItem("S1", "P1", GTIN, "EAN13"),
        ]


async def start(home: Path, *options: str) -> tuple[int, list[dict[str, object]], str]:
    command = [sys.executable, "-m", "scanner_client", "--home", str(home), "--json", *options]
    pipe = asyncio.subprocess.PIPE
    process = await asyncio.create_subprocess_exec(*command, stdout=pipe, stderr=pipe)
    out, err = await process.communicate()
    return process.returncode or 0, [json.loads(each) for each in out.splitlines()], err.decode()


def enrolled_at(dial: Dial, home: Path) -> None:
    """Write the key file as enrolling would; `dial` knows the address."""
    save(home, Enrolled(dial().uri.replace("ws:", "http:").removesuffix("/live"), "CAM", "secret"))  # type: ignore[attr-defined]


async def test_the_command_scans_a_folder_of_pictures(tmp_path: Path) -> None:
    floor = Floor([task()])
    folder = tmp_path / "pictures"
    folder.mkdir()
    labels = [("A-01-02", "Code128"), (GTIN, "EAN13"), (GTIN, "EAN13"), ("TOTE-1", "QRCode")]
    for number, (text, symbology) in enumerate(labels):
        save_picture(folder / f"{number}.png", label(text, symbology))
    async with opened(floor) as dial:
        enrolled_at(dial, tmp_path)
        code, told, err = await start(tmp_path, "--source", str(folder))
    assert (code, err) == (0, "")
    assert [each["text"] for each in told if each["what"] == "read"] == [text for text, _ in labels]
    assert sum(each["what"] == "committed" for each in told) == 4
    assert floor.tasks[0].lines[0].state == "picked"
    with closing(Outbox(tmp_path / OUTBOX)) as outbox:
        assert outbox.count == 0


async def test_the_command_says_what_is_wrong_in_one_line(tmp_path: Path) -> None:
    code, _, err = await start(tmp_path, "--source", "0")
    assert (code, err.count("\n")) == (1, 1)
    assert "not_signed_in" in err
    save(tmp_path, Enrolled("http://127.0.0.1:9", ulid(), "secret"))
    code, _, err = await start(tmp_path, "--source", "/not/there")
    assert (code, err) == (1, "pickwave-scan: not_found: kind=source, id=/not/there\n")
    code, _, err = await start(tmp_path, "--formats", "Runes", "--source", "0")
    assert code == 1
    assert "bad_value" in err


async def test_paths_in_codes_out(tmp_path: Path) -> None:
    path = save_picture(tmp_path / "a.png", label(GTIN, "EAN13"))
    pipe = asyncio.subprocess.PIPE
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "scanner_client", "decode", stdin=pipe, stdout=pipe
    )
    out, _ = await process.communicate(f"{path}\n/not/there.png\n".encode())
    first, second = map(json.loads, out.splitlines())
    assert first["results"] == [{"format": "EAN13", "text": GTIN}]
    assert second["results"] == []
