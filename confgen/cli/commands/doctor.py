"""`confgen doctor`: what was found, to be attached to a report of a fault."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from confgen.cli.options import OutputFormat, example, format_option, inventory_argument, limit_option
from confgen.cli.terms import doctor_options

if TYPE_CHECKING:
    from collections.abc import Sequence

    from confgen.model.inventory import Pbx
    from confgen.report.answer import Answer


@click.command(
    epilog=example(
        "confgen doctor",
        "confgen doctor --limit branch",
        "confgen doctor --anonymous > report.txt          (to be attached to a bug report)",
        "confgen doctor --format json",
    )
)
@inventory_argument
@limit_option
@format_option
@click.option(
    "--anonymous",
    "is_anonymous",
    is_flag=True,
    help="Put made-up names in the place of names, addresses and homes; the same ones for the same ones.",
)
@doctor_options
@click.pass_context
def doctor(
    ctx: click.Context,
    inventory: Path,
    limit: tuple[str, ...],
    output_format: OutputFormat,
    *,
    is_anonymous: bool,
    parallel: int,
) -> None:
    """Tell what each PBX is, and what is wrong with it.

    Changes nothing. Version, host, clock, rights, what confgen keeps there, what listens; of a 3CX also its licence,
    what the API client may read, and which fields this build of 3CX lacks. Each question is asked by itself, and what
    is not told is told too.

    It proves nothing: `confgen verify` does. Safe to attach to a bug report: no password, key or token is in it.

    Ends with 0 where nothing is wrong, with 1 where something is, and with 4 where something could not be told.
    """
    from dataclasses import replace

    from confgen.cli import session
    from confgen.cli.machine import machine
    from confgen.model.terms import Pace
    from confgen.report import anonymous, examinations

    def retold(told: Answer, pbxs: Sequence[Pbx]) -> Answer:
        told = replace(told, about=machine())
        return anonymous.anonymous(told, pbxs) if is_anonymous else told

    session.answer(
        ctx,
        session.Request(inventory=inventory, limit=limit, output_format=output_format, retold=retold),
        lambda work, loaded, pbxs, run: work.examine(
            loaded, pbxs, run.watcher, pace=Pace(parallel=parallel), stop=run.stop
        ),
        lambda told: examinations.text(told, is_anonymous=is_anonymous),
    )
