"""What is shipped to run it with names only what there is: settings, commands, files, services, routes."""

from __future__ import annotations

import configparser
import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml

from server.__main__ import cli
from server.edges import SLICES
from server.serving import GRACE_SECONDS
from server.settings import PREFIX, Settings, load

ROOT = Path(__file__).resolve().parents[2]
COMPOSE: dict[str, Any] = yaml.safe_load((ROOT / "compose.yaml").read_text())
SERVICES: dict[str, Any] = COMPOSE["services"]
APPS = [name for name in SERVICES if name.startswith("app")]
DOCKERFILE = re.sub(r"\\\n", " ", (ROOT / "Dockerfile").read_text())
STEPS = [line.split(maxsplit=1) for line in DOCKERFILE.splitlines() if line and not line.startswith("#")]
OURS = {PREFIX + name.upper() for name in Settings.__struct_fields__}
UNITS = sorted((ROOT / "deploy").glob("*.service")) + sorted((ROOT / "deploy").glob("*.timer"))
VARIABLE = re.compile(r"\$\{(\w+)(?::[-?]([^}]*))?\}")


def filled(value: str) -> str:
    """Give a value of compose.yaml with its variables as they are when only the password is chosen."""
    return VARIABLE.sub(lambda m: "secret" if m[1] == "POSTGRES_PASSWORD" else (m[2] or ""), value)


def settings_in(text: str) -> set[str]:
    """Find our variables in a text."""
    return set(re.findall(r"\bPICKWAVE_[A-Z_]+", text))


def image_settings() -> dict[str, str]:
    """Give what the image sets of ours."""
    found = dict(re.findall(r"(PICKWAVE_[A-Z_]+)=(\S+)", " ".join(words for step, words in STEPS if step == "ENV")))
    assert found
    return found


@pytest.mark.parametrize("app", APPS)
def test_an_app_is_set_up_with_settings_that_exist(app: str) -> None:
    env = {name: filled(value) for name, value in SERVICES[app]["environment"].items()}
    assert {name for name in env if name.startswith(PREFIX)} <= OURS
    settings = load(image_settings() | env)
    assert settings.database_url == "postgresql://pickwave:secret@postgres/pickwave"
    assert settings.bell_url == "redis://valkey:6379"
    assert (settings.tls, settings.port, str(settings.var)) == ("off", 8443, "/var/lib/pickwave")


@pytest.mark.parametrize("app", APPS)
def test_an_app_is_started_by_a_command_that_exists(app: str) -> None:
    name, *options = SERVICES[app]["command"]
    command = cli.get_command(None, name)  # type: ignore[arg-type]
    assert command is not None
    command.make_context(name, list(options))


def test_there_are_two_and_only_the_proxy_is_open() -> None:
    assert len(APPS) == 2
    assert [name for name, service in SERVICES.items() if "ports" in service] == ["proxy"]
    assert SERVICES["proxy"]["environment"]["PICKWAVE_PROCESSES"].split() == [f"{app}:8443" for app in APPS]


def test_services_volumes_and_files_that_are_named_exist() -> None:
    for service in SERVICES.values():
        assert set(service.get("depends_on", ())) <= SERVICES.keys()
        for volume in service.get("volumes", ()):
            source = volume.split(":")[0]
            assert source in COMPOSE["volumes"] or (ROOT / source).is_file(), volume
        assert "build" in service or re.search(r":\d", service["image"]), "an image has its version"
        for needed, how in service.get("depends_on", {}).items():
            assert how["condition"] != "service_healthy" or "healthcheck" in SERVICES[needed] or needed in APPS


def test_who_stops_it_waits_until_all_is_stored() -> None:
    assert int(SERVICES["app1"]["stop_grace_period"].rstrip("s")) > 3 * GRACE_SECONDS
    assert int(unit("pickwave.service")["Service"]["TimeoutStopSec"]) > 3 * GRACE_SECONDS


def test_the_image_copies_what_there_is_and_runs_as_nobody_in_particular() -> None:
    kept = (ROOT / ".dockerignore").read_text().splitlines()
    for words in (words for step, words in STEPS if step == "COPY" and not words.startswith("--from")):
        for source in words.split()[:-1]:
            assert (ROOT / source).exists(), source
            assert f"!{source}" in kept, source
    assert [words for step, words in STEPS if step == "USER"] == ["pickwave"]
    assert sum(step == "FROM" for step, _ in STEPS) == 2
    assert image_settings().keys() <= OURS


def test_health_is_asked_where_it_is_answered() -> None:
    routes = {path for piece in SLICES for handler in piece.HANDLERS for path in handler.paths}
    caddy = (ROOT / "deploy" / "Caddyfile").read_text()
    asked = re.findall(r"8443(/\w+)", DOCKERFILE) + re.findall(r"health_uri (\S+)", caddy)
    assert asked == ["/ready", "/ready"]
    assert set(asked) <= routes
    assert settings_in(caddy) <= SERVICES["proxy"]["environment"].keys()


def unit(name: str) -> configparser.RawConfigParser:
    """Read a unit of systemd."""
    found = configparser.RawConfigParser(strict=False)
    found.optionxform = str  # type: ignore[assignment,method-assign]
    found.read(ROOT / "deploy" / name)
    return found


@pytest.mark.parametrize("path", UNITS, ids=lambda path: path.name)
def test_a_unit_names_settings_that_exist(path: Path) -> None:
    assert settings_in(path.read_text()) <= OURS
    if analyze := shutil.which("systemd-analyze"):
        done = subprocess.run([analyze, "verify", path], capture_output=True, text=True, check=False)  # noqa: S603
        wrong = [line for line in done.stderr.splitlines() if "/opt/pickwave" not in line and path.name in line]
        assert wrong == []


def test_the_notes_name_every_setting_and_no_other() -> None:
    notes = (ROOT / "docs" / "operating.md").read_text()
    table = notes[notes.index("## Settings") : notes.index("\n## ", notes.index("## Settings") + 3)]
    assert settings_in(table) == OURS
