"""`confgen rollback`: back to a generation that the hosts kept."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from confgen.cli.options import (
    OutputFormat,
    example,
    format_option,
    inventory_argument,
    limit_option,
    undo_after_option,
)

if TYPE_CHECKING:
    from pathlib import Path


@click.command(epilog=example("confgen rollback --limit branch", "confgen rollback --limit branch --to 0"))
@inventory_argument
@limit_option
@click.option(
    "--to",
    "generation",
    metavar="GENERATION",
    type=click.IntRange(min=0),
    help="The generation to go back to; 0 is what was there before confgen. The one before, when not given.",
)
@undo_after_option
@format_option
@click.pass_context
def rollback(
    ctx: click.Context,
    inventory: Path,
    limit: tuple[str, ...],
    generation: int | None,
    undo_after: int,
    output_format: OutputFormat,
) -> None:
    """Go back to a generation that the hosts kept.

    With the same proof and undo as a push.
    """
    from confgen.cli import session
    from confgen.model.terms import Strategy, Terms
    from confgen.report import results

    session.answer(
        ctx,
        session.Request(inventory=inventory, limit=limit, output_format=output_format),
        lambda work, loaded, pbxs, watcher: work.rollback(
            loaded,
            pbxs,
            watcher,
            generation=generation,
            terms=Terms(undo_after=undo_after),
            strategy=Strategy(),
        ),
        results.text,
    )
