"""Where pictures come from. Live sources drop frames and never queue them; files give every frame."""

from __future__ import annotations

import logging
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

import cv2
import msgspec
import numpy as np

from scanner_client.decode import Frame
from scanner_client.live import live
from server.kernel.refusal import Refusal

log = logging.getLogger(__name__)
STREAMS = ("rtsp://", "rtsps://", "http://", "https://")
PICTURES = frozenset({".png", ".jpg", ".jpeg", ".bmp", ".webp", ".tif", ".tiff", ".pgm", ".ppm", ".gif"})
APART_MS = 60_000
"""Between two still pictures on a source's clock: each is a scan of its own."""
FRAME_MS = 40


class Shot(msgspec.Struct, frozen=True):
    """A picture, and when it was taken on the source's own clock (ms, never going back)."""

    image: Frame
    at: int
    name: str = ""


def open_source(source: str, times: int) -> Iterator[Shot]:
    """Open a camera number, stream URL, video file, picture, folder of pictures, or `-`: paths on stdin.

    Still pictures are given `times` times each, so that they count as held before the camera. Refusal
    `not_found` where there is no such source.
    """
    if source == "-":
        return pictures((Path(line.rstrip("\n")) for line in sys.stdin if line.strip()), times)
    if source.isdigit():
        return (Shot(image, at) for image, at in live(int(source)))
    if source.startswith(STREAMS):
        return (Shot(image, at) for image, at in live(source))
    path = Path(source)
    if not path.exists():
        raise Refusal("not_found", kind="source", id=source)
    if path.is_dir():
        return pictures(sorted(p for p in path.iterdir() if p.suffix.lower() in PICTURES), times)
    return pictures([path], times) if path.suffix.lower() in PICTURES else video(path)


def pictures(paths: Iterable[Path], times: int) -> Iterator[Shot]:
    """Give each picture `times` times; one that cannot be read is logged and passed over."""
    for number, path in enumerate(paths):
        image = load(path)
        if image is None:
            log.warning("not a picture: %s", path)
            continue
        for turn in range(times):
            yield Shot(image, number * APART_MS + turn * FRAME_MS, str(path))


def load(path: Path) -> Frame | None:
    """Read a picture in grey; None where it is none."""
    try:
        image = cv2.imdecode(np.fromfile(path, np.uint8), cv2.IMREAD_GRAYSCALE)
    except (OSError, cv2.error):
        return None
    return None if image is None else np.asarray(image, np.uint8)


def video(path: Path) -> Iterator[Shot]:
    """Give every frame of a film; refusal `bad_value` for a file that is none."""
    film = cv2.VideoCapture(str(path))
    if not film.isOpened():
        raise Refusal("bad_value", field="source", value=str(path))
    try:
        while True:
            at = round(film.get(cv2.CAP_PROP_POS_MSEC))
            there, image = film.read()
            if not there:
                return
            yield Shot(np.asarray(image, np.uint8), at, str(path))
    finally:
        film.release()
