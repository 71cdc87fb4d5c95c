"""The command `pickwave-scan`."""

from __future__ import annotations

import asyncio
import logging
import socket
import sys
from pathlib import Path
from typing import Any

import click
import msgspec

from scanner_client import enrol
from scanner_client.decode import formats_from
from scanner_client.dial import dialler
from scanner_client.outbox import OUTBOX, Outbox
from scanner_client.run import Plan, printer, run
from scanner_client.scale.bridge import bridge, teller
from scanner_client.scanner import Job
from scanner_client.score import answer_paths
from server.kernel.refusal import Refusal

FILE = click.Path(path_type=Path, dir_okay=False, exists=True)
FOLDER = click.Path(path_type=Path, file_okay=False)


@click.group(invoke_without_command=True, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option("0.1.0", prog_name="pickwave-scan")
@click.option("--server", metavar="URL", default="", help="Pickwave's address: https://pickwave.local:8443.")
@click.option("--enrol", "token", metavar="TOKEN", help="Enrol this machine with a one-time token, once.")
@click.option("--name", default=socket.gethostname, help="What to call it when enrolling (the host's name).")
@click.option("--ca", type=FILE, help="When enrolling, trust this CA (PEM) and no other.")
@click.option("--source", help="Camera number, stream URL, film, picture, folder, or - (paths on stdin).")
@click.option("--scale", metavar="DEVICE", help="Show the scale here to --station: /dev/ttyUSB0, hid:/dev/hidraw0.")
@click.option("--station", default="", help="Scan for this pack station instead of a picker's tasks.")
@click.option("--formats", default="", metavar="LIST", help="Symbologies, as EAN13,Code128; all without it.")
@click.option("--count", type=click.Choice(["each", "line"]), default="each", help="What a scan counts.")
@click.option("--alone", is_flag=True, help="Nobody has a phone: take tasks and leave totes by itself.")
@click.option("--frames", type=click.IntRange(1, 60), default=3, help="Frames in which a code must be seen.")
@click.option("--cool-down", type=click.IntRange(0), default=1_500, help="Ms out of sight to count anew.")
@click.option("--home", type=FOLDER, default=enrol.HOME, help="Folder of key and outbox (~/.pickwave).")
@click.option("--json", "as_json", is_flag=True, help="Print what happens as one JSON object a line.")
@click.option("--verbose", is_flag=True, help="Log connections on stderr.")
@click.pass_context
def cli(context: click.Context, /, **options: Any) -> None:
    """Read codes with a camera and confirm them at Pickwave, or show a pack station the scale at this machine.

    Once: `pickwave-scan --enrol TOKEN --server URL`. Then: `pickwave-scan --server URL --source SOURCE`,
    or `pickwave-scan --server URL --scale DEVICE --station STATION`.
    Every scan is kept on disk until the server has answered it; work goes on without the server.
    """
    logging.basicConfig(level=logging.INFO if options["verbose"] else logging.WARNING, format="%(message)s")
    options["home"] = options["home"].expanduser()
    context.obj = options
    if context.invoked_subcommand:
        return
    if options["token"]:
        _enrol(options)
    elif options["scale"]:
        _weigh(options)
    elif options["source"] is None:
        raise click.UsageError("give --source or --scale, or --enrol TOKEN the first time")
    else:
        _scan(options)


@cli.command("decode")
@click.pass_obj
def decode_paths(options: dict[str, Any]) -> None:
    """Read paths of pictures from stdin and print what is in each as one JSON object a line."""
    answer_paths(sys.stdin, sys.stdout, formats_from(options["formats"]))


@cli.command("refused")
@click.pass_obj
def list_refused(options: dict[str, Any]) -> None:
    """List what the server refused, as one JSON object a line."""
    for refused in Outbox(options["home"] / OUTBOX).refused():
        click.echo(msgspec.json.encode(refused))


def _enrol(options: dict[str, Any]) -> None:
    ca = options["ca"].read_text() if options["ca"] else ""
    enrolled = enrol.enrol(options["server"], options["token"], options["name"], ca)
    path = enrol.save(options["home"], enrolled)
    click.echo(f"enrolled as {enrolled.device}; the key is in {path}")
    if enrolled.ca:
        click.echo(f"trusting from now on the CA with fingerprint {enrol.fingerprint(enrolled.ca)}")


def _scan(options: dict[str, Any]) -> None:
    dial = dialler(enrol.load(options["home"]), options["server"])
    job = Job(options["station"], options["count"], options["alone"])
    formats = formats_from(options["formats"])
    plan = Plan(options["source"], options["home"], formats, job, options["frames"], options["cool_down"])
    left = asyncio.run(run(plan, dial, printer(as_json=options["as_json"])))
    if left:
        click.echo(f"{left} scans wait for the server; they are sent the next time", err=True)


def _weigh(options: dict[str, Any]) -> None:
    if not options["station"]:
        raise click.UsageError("give the --station that the scale belongs to")
    dial = dialler(enrol.load(options["home"]), options["server"])
    asyncio.run(bridge(options["scale"], options["station"], dial, teller(as_json=options["as_json"])))


def main() -> None:
    """Run; an error is one clear line and a non-zero exit, never a traceback."""
    try:
        cli.main(standalone_mode=False)
    except Refusal as refusal:
        sys.exit(f"pickwave-scan: {refusal}")
    except click.exceptions.Exit as done:
        sys.exit(done.exit_code)
    except click.ClickException as error:
        error.show()
        sys.exit(error.exit_code)
    except (click.Abort, KeyboardInterrupt):
        sys.exit(130)
    except OSError as error:
        sys.exit(f"pickwave-scan: {error}")


if __name__ == "__main__":
    main()
