"""pickwave types."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from server.protocol.typescript import generate

TARGET = Path("pwa/src/protocol.gen.ts")


@click.command()
@click.option("--check", is_flag=True, help="Write nothing; exit 1 if the file is stale.")
@click.option("--out", type=click.Path(path_type=Path), default=TARGET, show_default=True, help="The file to write.")
def types(out: Path, *, check: bool) -> None:
    """Write the PWA's TypeScript types from the protocol."""
    text = generate()
    if check:
        if not out.exists() or out.read_text(encoding="utf-8") != text:
            sys.exit(f"pickwave: {out} is stale: run `pickwave types`")
        return
    out.write_text(text, encoding="utf-8")
    click.echo(f"wrote {out}")
