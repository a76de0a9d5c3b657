"""`confgen plan`: what a push would change."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from confgen.cli.options import OutputFormat, example, format_option, inventory_argument, limit_option

if TYPE_CHECKING:
    from pathlib import Path

    from confgen.report.answer import Answer


@click.command(epilog=example("confgen plan", "confgen plan --limit branch,old-* --diff"))
@inventory_argument
@limit_option
@click.option(
    "--diff/--no-diff",
    "wants_diffs",
    default=None,
    help="Show what changes in each text too, or leave it out of JSON; secrets are masked.",
)
@format_option
@click.pass_context
def plan(
    ctx: click.Context,
    inventory: Path,
    limit: tuple[str, ...],
    output_format: OutputFormat,
    *,
    wants_diffs: bool | None,
) -> None:
    """Tell what a push would change; writes nothing.

    Reads the PBXs, and tells apart what somebody changed there by hand. Ends with 0 when there is nothing to change
    and with 3 when there is.
    """
    from confgen.cli import session
    from confgen.report import plans

    def as_text(told: Answer) -> str:
        return plans.text(told, with_diffs=wants_diffs is True)

    session.answer(
        ctx,
        session.Request(
            inventory=inventory, limit=limit, output_format=output_format, with_diffs=wants_diffs is not False
        ),
        lambda work, loaded, pbxs, watcher: work.plan(loaded, pbxs, watcher),
        as_text,
    )
