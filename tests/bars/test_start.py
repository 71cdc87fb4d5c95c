"""Every start after the first is served within three seconds, with the certificate of the site's own authority."""

from __future__ import annotations

import os
import socket
import ssl
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

PATIENCE_S, BAR_S = 60.0, 3.0


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def seconds_until_served(folder: Path) -> float:
    """Start with the data in `folder`, fetch the page the way a phone does that has joined, and stop."""
    port, log = free_port(), folder / "server.log"
    env = {**os.environ, "PICKWAVE_VAR": str(folder), "PICKWAVE_HTTP_PORT": "0"}
    command = [sys.executable, "-m", "server", "serve", "--demo", "--port", str(port)]
    began = time.monotonic()
    with log.open("wb") as out, subprocess.Popen(command, env=env, stdout=out, stderr=out) as server:  # noqa: S603
        try:
            while not answers(port, folder / "tls" / "ca.crt"):
                assert server.poll() is None, log.read_text()
                assert time.monotonic() < began + PATIENCE_S, "never served"
                time.sleep(0.02)
            return time.monotonic() - began
        finally:
            server.terminate()


def answers(port: int, authority: Path) -> bool:
    try:
        trusting = ssl.create_default_context(cafile=str(authority))
        with urllib.request.urlopen(f"https://localhost:{port}/", context=trusting, timeout=5) as page:
            return bool(page.status == 200)
    except OSError:
        return False


def test_a_start_is_quick(tmp_path: Path) -> None:
    seconds_until_served(tmp_path)
    assert min(seconds_until_served(tmp_path) for _ in range(3)) < BAR_S
