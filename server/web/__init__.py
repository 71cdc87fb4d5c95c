"""The HTTP edge: who is asking, what may be answered, and the app itself."""

from __future__ import annotations

from pathlib import Path


def static_folder() -> Path:
    """Give where the built PWA lies."""
    return Path(__file__).parent / "static"
