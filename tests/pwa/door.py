"""The joining page served as it is, and what people do at it: show a code, join, lose a phone."""

from __future__ import annotations

import io
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from socket import socket
from threading import Thread

import uvicorn
import zxingcpp
from PIL import Image
from playwright.sync_api import Page, expect

from server.web.joining.app import joining_app
from server.web.tls import ensure_authority
from tests.pwa.kit import Shop

APP = "https://dock.local:8443/"


@contextmanager
def open_door(folder: Path) -> Iterator[str]:
    """Serve the joining page of an app at APP until the block ends; gives its address."""
    with socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    server = uvicorn.Server(uvicorn.Config(joining_app(ensure_authority(folder, []), APP), port=port, log_level="error"))
    thread = Thread(target=server.run)
    thread.start()
    while not server.started:
        thread.join(0.02)
    yield f"http://127.0.0.1:{port}/"
    server.should_exit = True
    thread.join()


def make_code(boss: Page, shop: Shop, name: str) -> str:
    """Show a person's joining code; gives the address that a phone's camera reads off the screen."""
    boss.goto(f"{shop.url}/#/attention")  # away from a code that is still shown
    boss.goto(f"{shop.url}/#/people")
    boss.get_by_role("button", name=f"Join a phone: {name}").click()
    picture = boss.get_by_role("dialog").get_by_role("img", name=f"Joining code for {name}")
    [read] = zxingcpp.read_barcodes(Image.open(io.BytesIO(picture.screenshot())))
    return str(read.text)


def revoke(boss: Page, shop: Shop, name: str) -> None:
    """Revoke the phone that somebody used last, in one tap and its confirmation."""
    boss.goto(f"{shop.url}/#/devices")
    boss.get_by_role("listitem").filter(has_text=name).first.get_by_role("button", name="Revoke:").click()
    boss.get_by_role("dialog").get_by_role("button", name="Yes, revoke it").click()
    expect(boss.get_by_role("dialog")).to_have_count(0)


def enter_pin(phone: Page, pin: str) -> None:
    """Answer the question for the PIN."""
    phone.get_by_label("PIN", exact=True).wait_for()
    phone.keyboard.type(pin)
    phone.keyboard.press("Enter")
