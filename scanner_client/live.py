"""A camera or a stream: only its newest frame counts, and it is opened again when it breaks off."""

from __future__ import annotations

import logging
import threading
from collections.abc import Generator
from typing import Final

import cv2
import numpy as np

from scanner_client.decode import Frame
from scanner_client.pauses import pauses
from server.kernel.clock import Clock, now

log = logging.getLogger(__name__)
OPENING: Final = (cv2.CAP_PROP_OPEN_TIMEOUT_MSEC, 5_000, cv2.CAP_PROP_READ_TIMEOUT_MSEC, 5_000)
Taken = tuple[Frame, int]


class Newest:
    """A place for one frame: a newer one replaces it, taking waits for one."""

    def __init__(self) -> None:
        self.dropped = 0
        self.closed = threading.Event()
        self._frame: Taken | None = None
        self._changed = threading.Condition()

    def put(self, frame: Taken) -> None:
        """Place a frame; one that nobody took is dropped."""
        with self._changed:
            self.dropped += self._frame is not None
            self._frame = frame
            self._changed.notify()

    def take(self) -> Taken:
        """Take the newest frame, once each."""
        with self._changed:
            while (frame := self._frame) is None:
                self._changed.wait()
            self._frame = None
        return frame


def live(address: int | str, clock: Clock = now) -> Generator[Taken, None, None]:
    """Give the newest frame each time one is asked for, with its time (ms), without end."""
    newest = Newest()
    grabber = threading.Thread(target=_grab, args=(address, newest, clock), name="camera", daemon=True)
    grabber.start()
    try:
        while True:
            yield newest.take()
    finally:
        newest.closed.set()


def _grab(address: int | str, newest: Newest, clock: Clock) -> None:
    """Read frames as they come until closed; open the camera again after a pause that grows."""
    waiting = pauses()
    while not newest.closed.is_set():
        camera = _open(address)
        while not newest.closed.is_set():
            there, image = camera.read()
            if not there:
                break
            waiting = pauses()
            newest.put((np.asarray(image, np.uint8), clock()))
        camera.release()
        log.warning("no picture from %s", address)
        newest.closed.wait(next(waiting))


def _open(address: int | str) -> cv2.VideoCapture:
    if isinstance(address, int):
        return cv2.VideoCapture(address)
    return cv2.VideoCapture(address, cv2.CAP_FFMPEG, OPENING)
