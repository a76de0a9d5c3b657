"""`confgen plan`: what a push would change."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from confgen.cli.options import OutputFormat, example, format_option, inventory_argument, limit_option

if TYPE_CHECKING:
    from pathlib import Path

    from confgen.report.answer import Answer


@click.command(epilog=example("confgen plan", "confgen plan --limit branch,old-* --no-diff"))
@inventory_argument
@limit_option
@click.option(
    "--diff/--no-diff", "with_diffs", default=True, help="Show what changes in each text; secrets are masked."
)
@format_option
@click.pass_context
def plan(
    ctx: click.Context, inventory: Path, limit: tuple[str, ...], output_format: OutputFormat, *, with_diffs: bool
) -> None:
    """Tell what a push would change; writes nothing.

    Reads the PBXs. Ends with 0 when there is nothing to change and with 3 when there is.
    """
    from confgen.cli import session
    from confgen.report import plans

    def as_text(told: Answer) -> str:
        return plans.text(told, with_diffs=with_diffs)

    session.answer(
        ctx,
        session.Request(inventory=inventory, limit=limit, output_format=output_format, with_diffs=with_diffs),
        lambda work, loaded, pbxs, run: work.plan(loaded, pbxs, run.watcher, stop=run.stop),
        as_text,
    )
