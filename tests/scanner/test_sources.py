"""Where pictures come from: folders and films give all they have, a stream only its newest frame, and comes back."""

from __future__ import annotations

import asyncio
import io
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import cv2
import numpy as np
import pytest

from scanner_client.decode import decode
from scanner_client.flow import flow
from scanner_client.live import Newest, live
from scanner_client.sources import open_source
from server.kernel.refusal import Refusal
from tests.scanner.pictures import Image, label, save


def test_a_folder_gives_each_picture_as_often_as_a_code_must_be_seen(tmp_path: Path) -> None:
    save(tmp_path / "2.png", label("B-02"))
    save(tmp_path / "1.jpg", label("A-01"))
    (tmp_path / "notes.txt").write_text("no picture")
    (tmp_path / "3.png").write_bytes(b"broken")
    shots = list(open_source(str(tmp_path), times=3))
    assert [decode(shot.image)[0].text for shot in shots] == ["A-01"] * 3 + ["B-02"] * 3
    times = [shot.at for shot in shots]
    assert times == sorted(times)
    assert times[3] - times[2] > 10_000


def test_one_picture_and_paths_on_stdin(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = save(tmp_path / "a.png", label("A-01"))
    assert len(list(open_source(str(path), times=2))) == 2
    monkeypatch.setattr("sys.stdin", io.StringIO(f"{path}\n\n/not/there.png\n{path}\n"))
    assert len(list(open_source("-", times=2))) == 4


def test_a_film_gives_every_frame(tmp_path: Path) -> None:
    path = tmp_path / "film.avi"
    frame = np.asarray(cv2.cvtColor(cv2.resize(label("A-01"), (320, 240)), cv2.COLOR_GRAY2BGR), np.uint8)
    film = cv2.VideoWriter(str(path), cv2.VideoWriter.fourcc(*"MJPG"), 10, (320, 240))
    for _ in range(12):
        film.write(frame)
    film.release()
    shots = list(open_source(str(path), times=9))
    assert len(shots) == 12
    assert shots[-1].at == pytest.approx(1_100, abs=110)
    assert decode(shots[5].image)[0].text == "A-01"


@pytest.mark.parametrize("source", ["/not/there", "nonsense"])
def test_a_source_that_is_not_there_is_refused(source: str) -> None:
    with pytest.raises(Refusal, match="not_found"):
        open_source(source, times=1)


def test_a_file_that_is_no_film_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "film.mp4"
    path.write_bytes(b"broken")
    with pytest.raises(Refusal, match="bad_value"):
        next(open_source(str(path), times=1))


def test_only_the_newest_frame_waits() -> None:
    newest = Newest()
    for at in range(5):
        newest.put((np.zeros((1, 1), np.uint8), at))
    assert newest.take()[1] == 4
    assert newest.dropped == 4


class Camera:
    """A camera that streams numbered pictures over HTTP (MJPEG) and may be unplugged."""

    def __init__(self) -> None:
        self.sent = 0
        self.connections = 0
        self.plugged = True

    def pictures(self) -> Iterator[bytes]:
        while self.plugged:
            self.sent += 1
            picture: Image = label(f"FRAME-{self.sent}")
            yield cv2.imencode(".jpg", cv2.resize(picture, (640, 240)))[1].tobytes()
            time.sleep(0.02)


@contextmanager
def streaming(camera: Camera) -> Iterator[str]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            camera.connections += 1
            self.send_response(200)
            self.send_header("Content-Type", "multipart/x-mixed-replace; boundary=frame")
            self.end_headers()
            try:
                for jpeg in camera.pictures():
                    self.wfile.write(b"--frame\r\nContent-Type: image/jpeg\r\n")
                    self.wfile.write(f"Content-Length: {len(jpeg)}\r\n\r\n".encode() + jpeg + b"\r\n")
            except OSError:
                return

        def log_message(self, *_: object) -> None:
            return

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/stream.mjpg"
    finally:
        camera.plugged = False
        server.shutdown()
        server.server_close()


def test_a_stream_drops_what_nobody_looked_at_and_comes_back(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENCV_FFMPEG_LOGLEVEL", "-8")
    camera = Camera()
    with streaming(camera) as url:
        frames = live(url)
        number(next(frames)[0])
        time.sleep(0.6)
        next(frames)
        ahead = camera.sent - number(next(frames)[0])
        assert ahead < 12
        camera.plugged = False
        time.sleep(0.2)
        camera.plugged = True
        before = camera.sent
        while number(next(frames)[0]) <= before:
            pass
        assert camera.connections >= 2
        frames.close()


def number(image: Image) -> int:
    reads = decode(image, ("Code128",))
    return int(reads[0].text.removeprefix("FRAME-")) if reads else 0


async def test_a_blocked_source_does_not_hold_up_the_end() -> None:
    blocked = threading.Event()

    def source() -> Iterator[int]:
        yield 1
        blocked.wait()
        yield 2

    seen = []
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0.1):
            seen += [item async for item in flow(source())]
    blocked.set()
    assert [item async for item in flow(iter([1, 2, 3]))] == [1, 2, 3]


async def test_a_fault_of_the_source_is_raised_where_it_is_awaited() -> None:
    def source() -> Iterator[int]:
        yield 1
        raise Refusal("not_found")

    with pytest.raises(Refusal):
        [item async for item in flow(source())]
