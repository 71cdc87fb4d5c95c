"""Settings: one frozen struct, read from the environment (PICKWAVE_*) once."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any, Literal

import msgspec

from server.kernel.refusal import Refusal

PREFIX = "PICKWAVE_"
Port = Annotated[int, msgspec.Meta(ge=0, le=65_535)]


class Settings(msgspec.Struct, frozen=True):
    """How this installation runs.

    `tls` own makes certificates by the site's own authority, unless `tls_certificate` and `tls_key` name files; off is
    for a proxy in front. `names` are the host names and addresses it is reached by (found out where empty); the
    enrolment page is served on `http_port` (0 = not at all). `max_body` is the largest request, in bytes;
    `max_requests` are those a second of one session, `max_sockets` the sockets of one process. Who names
    `metrics_token` may read /metrics from elsewhere.
    """

    database: str = ""
    bell: str = ""
    var: Path = Path("var")
    host: str = "0.0.0.0"  # noqa: S104 - phones must reach it
    port: Port = 8443
    http_port: Port = 8080
    tls: Literal["own", "off"] = "own"
    tls_certificate: Path | None = None
    tls_key: Path = Path()
    names: list[str] = []
    log_level: Literal["debug", "info", "warning", "error", "critical"] = "warning"
    log_format: Literal["auto", "json", "text"] = "auto"
    metrics_token: str = ""
    max_body: Annotated[int, msgspec.Meta(gt=0)] = 20_000_000
    max_sockets: Annotated[int, msgspec.Meta(gt=0)] = 10_000
    max_requests: Annotated[int, msgspec.Meta(gt=0)] = 50

    @property
    def database_url(self) -> str:
        """The database: the one named, else an SQLite file below `var`."""
        return self.database or f"sqlite:///{self.var}/pickwave.db"

    @property
    def bell_url(self) -> str:
        """Over what processes tell one another of new work: Valkey where `bell` names one, else the database."""
        return self.bell or self.database_url


def load(env: Mapping[str, str]) -> Settings:
    """Read the settings; Refusal `bad_value` names the variable that cannot be, and why."""
    found: dict[str, Any] = {}
    for name in Settings.__struct_fields__:
        if value := env.get(PREFIX + name.upper(), "").strip():
            found[name] = [part.strip() for part in value.split(",") if part.strip()] if name == "names" else value
    try:
        settings = msgspec.convert(found, Settings, strict=False, dec_hook=lambda kind, value: kind(value))
    except msgspec.ValidationError as error:
        reason, _, path = str(error).partition(" - at `$.")
        name = PREFIX + path.rstrip("`").upper()
        raise Refusal("bad_value", what=name, value=env.get(name), reason=reason) from error
    if (settings.tls_certificate is None) != (settings.tls_key == Path()):
        raise Refusal("bad_value", what=f"{PREFIX}TLS_KEY", reason="certificate and key go together")
    return settings
