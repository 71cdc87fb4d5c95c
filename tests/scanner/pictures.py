"""Pictures of labels, drawn by the decoder's own writer."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
import zxingcpp
from numpy.typing import NDArray

Image = NDArray[np.uint8]


def label(text: str, symbology: str = "Code128", scale: int = 3) -> Image:
    """Draw one code with its quiet zone, black on white."""
    code = zxingcpp.create_barcode(text, getattr(zxingcpp.BarcodeFormat, symbology))
    drawn = np.array(code.to_image(scale=scale, add_quiet_zones=True), np.uint8)
    return np.pad(drawn, 20, constant_values=255)


def beside(*images: Image) -> Image:
    """Put pictures side by side on white."""
    tallest = max(image.shape[0] for image in images)
    return np.hstack([np.pad(i, ((0, tallest - i.shape[0]), (0, 0)), constant_values=255) for i in images])


def save(path: Path, image: Image) -> Path:
    """Write a picture."""
    cv2.imwrite(str(path), image)
    return path
