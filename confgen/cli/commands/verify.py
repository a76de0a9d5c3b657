"""`confgen verify`: prove that the PBXs are what the inventory says."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from confgen.cli.options import OutputFormat, example, format_option, inventory_argument, limit_option

if TYPE_CHECKING:
    from pathlib import Path


@click.command(epilog=example("confgen verify", "confgen verify --limit headquarters --format json"))
@inventory_argument
@limit_option
@format_option
@click.pass_context
def verify(ctx: click.Context, inventory: Path, limit: tuple[str, ...], output_format: OutputFormat) -> None:
    """Prove that every leg is encrypted; changes nothing.

    Also that nothing else is let in. What could not be asked is unknown, and unknown is not passed.
    """
    from confgen.cli import session
    from confgen.report import results

    session.answer(
        ctx,
        session.Request(inventory=inventory, limit=limit, output_format=output_format),
        lambda work, loaded, pbxs, run: work.verify(loaded, pbxs, run.watcher, stop=run.stop),
        results.text,
    )
