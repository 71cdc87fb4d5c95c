"""Settings, read from the environment once."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import msgspec


class Settings(msgspec.Struct, frozen=True):
    """How this installation runs."""

    database: str = "sqlite:///var/pickwave.db"
    var: Path = Path("var")
    host: str = "0.0.0.0"
    port: int = 8443
    http_port: int = 8080
    tls: str = "own"
    max_body: int = 50_000_000


def load(env: Mapping[str, str]) -> Settings:
    """Read PICKWAVE_* from the environment."""
    found = {
        name: env[f"PICKWAVE_{name.upper()}"]
        for name in Settings.__struct_fields__
        if f"PICKWAVE_{name.upper()}" in env
    }
    return msgspec.convert(found, Settings, strict=False, dec_hook=lambda kind, value: kind(value))
