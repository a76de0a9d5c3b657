"""`confgen plan`: what a push would change."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from confgen.cli.options import OutputFormat, example, format_option, inventory_argument, limit_option

if TYPE_CHECKING:
    from confgen.cli.session import Run
    from confgen.cli.work import Work
    from confgen.model.inventory import Inventory, Pbx
    from confgen.model.result import Result
    from confgen.report.answer import Answer


@click.command(
    epilog=example(
        "confgen plan",
        "confgen plan --limit branch,old-* --diff",
        "confgen plan --out friday.plan          (then, once it is agreed to)",
        "confgen push --plan friday.plan",
    )
)
@inventory_argument
@limit_option
@click.option(
    "--diff/--no-diff",
    "wants_diffs",
    default=None,
    help="Show what changes in each text too, or leave it out of JSON; secrets are masked.",
)
@click.option(
    "--out",
    "file",
    metavar="FILE",
    type=click.Path(path_type=Path),
    help="Save the plan, so that `push --plan FILE` does exactly that, or refuses. No secret is in it.",
)
@format_option
@click.pass_context
def plan(
    ctx: click.Context,
    inventory: Path,
    limit: tuple[str, ...],
    file: Path | None,
    output_format: OutputFormat,
    *,
    wants_diffs: bool | None,
) -> None:
    """Tell what a push would change; writes nothing on the PBXs.

    Reads them, and tells apart what somebody changed there by hand. Ends with 0 when there is nothing to change and
    with 3 when there is.
    """
    from confgen.cli import plan_file, saving, session
    from confgen.report import plans

    said: list[str] = []

    def look(work: Work, loaded: Inventory, pbxs: tuple[Pbx, ...], run: Run) -> tuple[Result, ...]:
        results = work.plan(loaded, pbxs, run.watcher, stop=run.stop)
        if file is not None:
            results, words = saving.save(file, loaded, pbxs, results)
            said.append(words)
        return results

    def as_text(told: Answer) -> str:
        return "\n\n".join([plans.text(told, with_diffs=wants_diffs is True), *said])

    if file is not None:
        plan_file.check(file)
    session.answer(
        ctx,
        session.Request(
            inventory=inventory, limit=limit, output_format=output_format, with_diffs=wants_diffs is not False
        ),
        look,
        as_text,
    )
