"""The camera as a scanner: a film of a badge, shown to the browser as its camera, signs the picker in."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import zxingcpp
from playwright.sync_api import expect

from tests.pwa.kit import Shop, open_browser, open_page

WIDTH, HEIGHT, FRAMES = 640, 480, 12


def film(path: Path, code: str) -> None:
    """Write a film (Y4M) that shows one QR code, a little moved from frame to frame."""
    barcode = zxingcpp.create_barcode(code, zxingcpp.BarcodeFormat.QRCode)
    picture = np.asarray(barcode.to_image(scale=8), dtype=np.uint8)
    chroma = bytes([128]) * (WIDTH * HEIGHT // 2)
    with path.open("wb") as file:
        file.write(f"YUV4MPEG2 W{WIDTH} H{HEIGHT} F10:1 Ip A1:1 C420jpeg\n".encode())
        for number in range(FRAMES):
            frame = np.full((HEIGHT, WIDTH), 220, dtype=np.uint8)
            top, left = 60 + number, 120 + number
            frame[top : top + picture.shape[0], left : left + picture.shape[1]] = picture
            file.write(b"FRAME\n" + frame.tobytes() + chroma)


def test_a_badge_before_the_camera_is_read_by_our_own_decoder(shop: Shop, tmp_path: Path) -> None:
    film(tmp_path / "badge.y4m", "BADGE-ANN")
    flags = (
        "--use-fake-ui-for-media-stream",
        "--use-fake-device-for-media-stream",
        f"--use-file-for-fake-video-capture={tmp_path}/badge.y4m",
    )
    with open_browser(*flags) as browser:
        page = open_page(browser, shop)
        page.get_by_role("button", name="Camera").click()
        expect(page.get_by_role("heading", name="PIN")).to_be_visible(timeout=15_000)
