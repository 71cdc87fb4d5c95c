"""Films for a browser to take for its camera: barcodes as labels have them, drawn into frames of 1280 x 720."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import numpy as np
import zxingcpp
from numpy.typing import NDArray
from PIL import Image
from playwright.sync_api import Page

WIDTH, HEIGHT = 1280, 720
WALL = 150
CHROMA = bytes([128]) * (WIDTH * HEIGHT // 2)
Grey = NDArray[np.uint8]


def label(code: str, symbology: str = "QRCode", scale: int = 6) -> Grey:
    """Draw a barcode with its quiet zone."""
    barcode = zxingcpp.create_barcode(code, getattr(zxingcpp.BarcodeFormat, symbology))
    return np.asarray(barcode.to_image(scale=scale, add_quiet_zones=True), dtype=np.uint8)


def photo(path: Path) -> Grey:
    """Give a photograph, as large as the middle of a frame takes."""
    with Image.open(path) as opened:
        picture = opened.convert("RGBA").convert("L")
    picture.thumbnail((700, 420))
    return np.asarray(picture, dtype=np.uint8)


def frame(picture: Grey | None, moved: int = 0) -> Grey:
    """Put a picture in the middle of a frame, a little moved: a hand is never still."""
    whole = np.full((HEIGHT, WIDTH), WALL, dtype=np.uint8)
    if picture is not None:
        height, width = picture.shape
        top, left = (HEIGHT - height) // 2 + moved, (WIDTH - width) // 2 + moved
        whole[top : top + height, left : left + width] = picture
    return whole


def film(path: Path, frames: Iterable[Grey], rate: int = 20) -> None:
    """Write frames as a film (Y4M) that the browser shows over and over."""
    with path.open("wb") as file:
        file.write(f"YUV4MPEG2 W{WIDTH} H{HEIGHT} F{rate}:1 Ip A1:1 C420jpeg\n".encode())
        for each in frames:
            file.write(b"FRAME\n" + each.tobytes() + CHROMA)


def camera(path: Path) -> tuple[str, ...]:
    """Give the flags that make a film the browser's camera."""
    fake = ("--use-fake-ui-for-media-stream", "--use-fake-device-for-media-stream")
    return (*fake, f"--use-file-for-fake-video-capture={path}")


AIMED = """() => {
    const canvas = Object.assign(document.createElement('canvas'), { width: 1280, height: 720 })
    const context = canvas.getContext('2d')
    const size = 8
    let label = [], moved = 0
    const draw = () => {
        moved = (moved + 1) % 8
        context.fillStyle = '#999'
        context.fillRect(0, 0, canvas.width, canvas.height)
        label.forEach((row, y) => row.forEach((grey, x) => {
            context.fillStyle = grey ? '#fff' : '#000'
            context.fillRect(480 + moved + x * size, 200 + moved + y * size, size, size)
        }))
    }
    setInterval(draw, 60)
    window.aim = shown => label = shown
    navigator.mediaDevices.getUserMedia = async () => canvas.captureStream()
}"""
"""Makes a camera of a drawing, so that a test may turn it from label to label."""


def aim(page: Page, code: str) -> None:
    """Turn the camera to a label with this code."""
    page.evaluate("label => { window.aim(label) }", (label(code, scale=1) > 0).tolist())
