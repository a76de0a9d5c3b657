"""`confgen show`: the values that hold for a PBX, and where each was said."""

from __future__ import annotations

from enum import Enum
from typing import TYPE_CHECKING

import click

from confgen.cli import output
from confgen.cli.exit_code import DONE, FINDINGS
from confgen.cli.options import example, inventory_argument, limit_option
from confgen.cli.work import work_of

if TYPE_CHECKING:
    from pathlib import Path


class ShowFormat(Enum):
    """How values are written: as an inventory, too."""

    TEXT = "text"
    YAML = "yaml"
    JSON = "json"


@click.command(epilog=example("confgen show --limit hq", "confgen show sites/ --limit branch --format yaml"))
@inventory_argument
@limit_option
@click.option(
    "--format",
    "output_format",
    type=click.Choice(ShowFormat, case_sensitive=False),
    default=ShowFormat.TEXT,
    help="A table (text, the default), an inventory with comments (yaml), or for programs (json).",
)
@click.pass_context
def show(ctx: click.Context, inventory: Path, limit: tuple[str, ...], output_format: ShowFormat) -> None:
    """Show which values hold for each PBX, and where each was said.

    After defaults, groups, included files, tables and what is built in. Asks no PBX; of a secret it shows where it is
    found, never what it is. Values that are refused are left out, and told aside.
    """
    from confgen.cli import session
    from confgen.report import effective

    work = work_of(ctx)
    loaded = work.load(inventory)
    session.mention(loaded.findings)
    names = [pbx.name for pbx in work.select(loaded.inventory, limit)]
    values = work.effective(inventory, names)
    match output_format:
        case ShowFormat.TEXT:
            output.words(effective.text(values))
        case ShowFormat.YAML:
            output.words(effective.yaml(values))  # `\x23` is YAML's spelling too
        case ShowFormat.JSON:
            output.data(effective.as_json(values, str(inventory)))
    ctx.exit(FINDINGS if session.has_errors(loaded.findings) else DONE)
