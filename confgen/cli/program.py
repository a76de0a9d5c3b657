"""The program `confgen`: its commands, and one line for everything that stops them."""

from __future__ import annotations

import io
import os
import sys
import traceback
from pathlib import Path

import click

from confgen import __version__
from confgen.cli import output
from confgen.cli.commands.bootstrap import bootstrap
from confgen.cli.commands.doctor import doctor
from confgen.cli.commands.explain import explain
from confgen.cli.commands.history import history
from confgen.cli.commands.init import init
from confgen.cli.commands.paths import paths
from confgen.cli.commands.plan import plan
from confgen.cli.commands.push import push
from confgen.cli.commands.render import render
from confgen.cli.commands.rollback import rollback
from confgen.cli.commands.schema import schema
from confgen.cli.commands.show import show
from confgen.cli.commands.validate import validate
from confgen.cli.commands.verify import verify
from confgen.cli.exit_code import COULD_NOT_TELL, INTERRUPTED

_COMMANDS = (
    init,
    validate,
    paths,
    show,
    render,
    plan,
    push,
    verify,
    rollback,
    history,
    bootstrap,
    doctor,
    schema,
    explain,
)
_EPILOG = """
\b
First steps:
  confgen init                  write an inventory to begin with
  confgen validate              is it right? asks no PBX
  confgen plan                  what would change? writes nothing
  confgen push                  change it, prove it, or undo it

\b
Exit codes: 0 done, 1 findings, 2 usage or unreadable input, 3 changes pending,
4 could not tell, 5 undone, 6 undo failed: act, 130 interrupted.

\b
Completion in bash (zsh and fish likewise):
  eval "$(_CONFGEN_COMPLETE=bash_source confgen)"
"""


class Program(click.Group):
    """The commands in the order of the work, under one handler of errors."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002, as click calls it
        return list(self.commands)

    def invoke(self, ctx: click.Context) -> object:
        try:
            return super().invoke(ctx)
        except (click.ClickException, click.exceptions.Exit):
            raise  # click ends these itself
        except (KeyboardInterrupt, click.Abort):
            click.echo("interrupted", err=True)
            ctx.exit(INTERRUPTED)
        except Exception as error:  # noqa: BLE001, the last one who can say it in a line
            output.aside(_told(error))
            ctx.exit(_exit_code(error))


@click.group(cls=Program, epilog=_EPILOG, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="confgen", message="%(prog)s %(version)s")
@click.pass_context
def main(ctx: click.Context) -> None:
    """Encrypted telephony from one inventory: checked, rendered, pushed over SSH and proven on the wire."""
    output.check()
    if "NO_COLOR" in os.environ or os.environ.get("TERM") == "dumb":
        ctx.color = False
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")  # a sign the terminal lacks is no reason to fail


for _command in _COMMANDS:
    main.add_command(_command)


def _exit_code(error: Exception) -> int:
    """Exceptions of confgen carry theirs."""
    code = getattr(error, "exit_code", COULD_NOT_TELL)
    return code if isinstance(code, int) else COULD_NOT_TELL


def _told(error: Exception) -> str:
    from confgen.model.driver import PushRefused
    from confgen.report import findings
    from confgen.report.visible import one_line

    if isinstance(error, PushRefused):
        return findings.text([error.finding])
    if hasattr(error, "exit_code"):
        return one_line(str(error))
    if isinstance(error, OSError) and error.strerror:
        where = f"{one_line(str(error.filename))}: " if error.filename else ""
        return f"{where}{error.strerror}"
    if os.environ.get("CONFGEN_DEBUG"):
        return "".join(traceback.format_exception(error))
    # The message of an exception that is not ours may hold anything, a secret too: its kind and place are enough.
    place = traceback.extract_tb(error.__traceback__)[-1]
    kind = f"{type(error).__name__} at {Path(place.filename).name}:{place.lineno}"
    return f"this is a bug in confgen: {kind}; run again with CONFGEN_DEBUG=1 for the traceback"
