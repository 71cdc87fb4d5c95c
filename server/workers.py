"""Several server processes on one port: started together, started again when one dies, stopped together."""

from __future__ import annotations

import logging
import multiprocessing
import os
import signal
import threading
import time
from collections.abc import Callable
from multiprocessing.connection import wait
from multiprocessing.process import BaseProcess
from types import FrameType

from server.settings import Settings

log = logging.getLogger(__name__)
Work = Callable[..., None]
SPAWN = multiprocessing.get_context("spawn")
LOOK_SECONDS = 1.0
GRACE_SECONDS = 30.0


def supervise(count: int, work: Work, settings: Settings) -> None:
    """Run `work(settings, number, beside=True)` in `count` processes until SIGTERM or SIGINT."""
    stopping = threading.Event()

    def stop(_: int, __: FrameType | None) -> None:
        stopping.set()

    for name in (signal.SIGTERM, signal.SIGINT):
        signal.signal(name, stop)
    workers = [_started(work, settings, number) for number in range(count)]
    while not stopping.is_set():
        wait([worker.sentinel for worker in workers], timeout=LOOK_SECONDS)
        for number, worker in enumerate(workers):
            if not worker.is_alive() and not stopping.is_set():
                log.error("worker %d ended with %s: starting it again", number, worker.exitcode)
                time.sleep(LOOK_SECONDS)
                workers[number] = _started(work, settings, number)
    _end(workers)


def _started(work: Work, settings: Settings, number: int) -> BaseProcess:
    process = SPAWN.Process(target=_child, args=(work, settings, number), name=f"worker {number}")
    process.start()
    return process


def _child(work: Work, settings: Settings, number: int) -> None:
    """Work, and end when the supervisor is gone."""
    threading.Thread(target=_follow_parent, daemon=True).start()
    work(settings, number, beside=True)


def _follow_parent() -> None:
    parent = multiprocessing.parent_process()
    if parent:
        parent.join()
        os.kill(os.getpid(), signal.SIGTERM)


def _end(workers: list[BaseProcess]) -> None:
    """Tell all, wait for all, and kill who does not listen."""
    for worker in workers:
        worker.terminate()
    end = time.monotonic() + GRACE_SECONDS
    for worker in workers:
        worker.join(max(end - time.monotonic(), 0))
        if worker.is_alive():
            log.error("%s does not end: killed", worker.name)
            worker.kill()
            worker.join()
