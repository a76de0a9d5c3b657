"""`confgen rollback`: back to a generation that the hosts kept."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from confgen.cli.options import OutputFormat, example, format_option, inventory_argument, limit_option
from confgen.cli.scheduler import access_of, scheduler_options
from confgen.cli.sections import SectionedCommand
from confgen.cli.terms import pace_of, rollback_options, strategy_of, terms_of

if TYPE_CHECKING:
    from pathlib import Path


@click.command(
    cls=SectionedCommand,
    epilog=example("confgen rollback --limit branch", "confgen rollback --limit branch --to 0"),
)
@inventory_argument
@limit_option
@click.option(
    "--to",
    "generation",
    metavar="GENERATION",
    type=click.IntRange(min=0),
    help="The generation to go back to; 0 is what was there before confgen. The one before, when not given.",
)
@rollback_options
@format_option
@scheduler_options
@click.pass_context
def rollback(
    ctx: click.Context,
    /,
    inventory: Path,
    limit: tuple[str, ...],
    generation: int | None,
    output_format: OutputFormat,
    **told: object,
) -> None:
    """Go back to a generation that the hosts kept.

    With the same proof and undo as a push, and the canary first as there. It restarts the PBX whatever differs, which
    drops its calls: --wait-idle and --max-calls spare them.
    """
    from confgen.cli import keeping, session
    from confgen.report import results

    session.answer(
        ctx,
        session.Request(
            inventory=inventory, limit=limit, output_format=output_format, changes=True, scheduler=access_of(told)
        ),
        lambda work, loaded, pbxs, run: work.rollback(
            loaded,
            pbxs,
            run.watcher,
            generation=generation,
            terms=terms_of(told),
            strategy=strategy_of(told),
            stop=run.stop,
            journal=run.journal,
            pace=pace_of(told),
            keep=keeping.for_table(output_format),
            executor=run.executor,
        ),
        results.text,
    )
