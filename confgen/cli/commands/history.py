"""`confgen history`: what was done when by whom."""

from __future__ import annotations

from pathlib import Path

import click

from confgen.cli import output
from confgen.cli.exit_code import DONE
from confgen.cli.options import OutputFormat, example, format_option, limit_option


@click.command(
    epilog=example("confgen history", "confgen history sites.yaml --limit branch --last 1", "confgen history --last 0")
)
@click.argument("inventory", type=click.Path(path_type=Path), required=False)
@limit_option
@click.option(
    "--last",
    metavar="NUMBER",
    type=click.IntRange(min=0),
    default=20,
    show_default=True,
    help="So many runs at most; 0 is all of them.",
)
@format_option
@click.pass_context
def history(
    ctx: click.Context, inventory: Path | None, limit: tuple[str, ...], last: int, output_format: OutputFormat
) -> None:
    """Tell what was done when by whom.

    Every push and rollback of this user on this machine, newest first: of one inventory, or of all. A run that was
    killed is unfinished; `confgen push --resume` does what it has left. Reads the journal below
    `$XDG_STATE_HOME/confgen` (`~/.local/state/confgen`), and nothing else.
    """
    from dataclasses import replace

    from confgen.cli.work import work_of
    from confgen.model.words import count
    from confgen.report import history as as_told

    found = work_of(ctx).history(inventory, limit)
    shown = replace(found, runs=found.runs[:last] if last else found.runs)
    match output_format:
        case OutputFormat.TEXT:
            output.words(as_told.text(shown))
            for path in found.unreadable:
                output.aside(f"{path}: this is no journal that this confgen can read")
            if len(found.runs) > len(shown.runs):
                older = count(len(found.runs) - len(shown.runs), "older run")
                output.aside(f"{older}: `--last 0` shows all")
        case OutputFormat.JSON:
            output.data(as_told.json_form(shown))
    ctx.exit(DONE)
