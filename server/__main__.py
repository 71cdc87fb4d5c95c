"""The command `pickwave`. Each command's module is imported when it is called, so that `--help` is quick."""

from __future__ import annotations

import importlib
import os
import sys

import click

from server.cli.say import explained
from server.kernel.refusal import Refusal

COMMANDS = {
    "serve": "server.cli.serve",
    "migrate": "server.cli.serve",
    "seed": "server.cli.seed",
    "add-user": "server.cli.people",
    "demo": "server.demo.command",
    "bench": "server.bench.command",
    "torture": "server.torture.command",
    "import-products": "server.cli.imports",
    "import-layout": "server.cli.imports",
    "import-stock": "server.cli.imports",
    "import-orders": "server.cli.imports",
    "plan": "server.cli.waves",
    "release": "server.cli.waves",
    "labels": "server.cli.labels",
    "types": "server.cli.types",
    "backup": "server.cli.backup",
    "restore": "server.cli.backup",
    "recount": "server.cli.ledger",
    "audit": "server.cli.ledger",
    "export": "server.cli.ledger",
}


class Commands(click.Group):
    """Finds a command's function, named like the command, in its module."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Give all names, in the order of a day."""
        del ctx
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import the module of a command."""
        del ctx
        if cmd_name not in COMMANDS:
            return None
        module = importlib.import_module(COMMANDS[cmd_name])
        found: click.Command = getattr(module, cmd_name.replace("-", "_"))
        return found


@click.command(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option("0.1.0", prog_name="pickwave")
def cli() -> None:
    """Pickwave: orders in, waves out, every scan kept.

    Settings come from the environment (PICKWAVE_DATABASE, PICKWAVE_PORT, ...): see docs/operating.md.
    """


def main() -> None:
    """Run a command; an error is one clear line and a non-zero exit, never a traceback."""
    try:
        cli.main(standalone_mode=False)
    except Refusal as refusal:
        sys.exit(f"pickwave: {explained(refusal)}")
    except click.exceptions.Exit as done:
        sys.exit(done.exit_code)
    except click.ClickException as error:
        error.show()
        sys.exit(error.exit_code)
    except (click.Abort, KeyboardInterrupt):
        sys.exit(130)
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(141)
    except OSError as error:
        sys.exit(f"pickwave: {error.strerror or error}: {error.filename or ''}".rstrip(": "))


if __name__ == "__main__":
    main()
