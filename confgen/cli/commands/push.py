"""`confgen push`: change the PBXs, and keep only what is proven."""

from __future__ import annotations

from pathlib import Path

import click

from confgen.cli.options import (
    OutputFormat,
    example,
    format_option,
    inventory_argument,
    limit_option,
    undo_after_option,
)


@click.command(
    epilog=example("confgen plan && confgen push", "confgen push --limit branch --adopt     (the first push)")
)
@inventory_argument
@limit_option
@click.option("--adopt", is_flag=True, help="Take over what confgen did not write; it is kept as generation 0.")
@click.option("--overwrite-drift", is_flag=True, help="Write over what was changed on the host since the last push.")
@click.option(
    "--plan",
    "plan",
    metavar="FILE",
    type=click.Path(path_type=Path),
    help="Do what `plan --out FILE` saved and nothing else; refuse where anything moved since.",
)
@undo_after_option
@format_option
@click.pass_context
def push(
    ctx: click.Context,
    inventory: Path,
    limit: tuple[str, ...],
    plan: Path | None,
    output_format: OutputFormat,
    undo_after: int,
    *,
    adopt: bool,
    overwrite_drift: bool,
) -> None:
    """Change the PBXs; keep only what is proven.

    A PBX that is as it should be gets nothing written and no reload. One whose new state cannot be proven on the
    wire goes back to the old one.
    """
    from confgen.cli import plan_file, session
    from confgen.model.terms import Strategy, Terms
    from confgen.report import results

    agreed = None if plan is None else plan_file.read(plan)
    session.answer(
        ctx,
        session.Request(inventory=inventory, limit=limit, agreed=agreed, output_format=output_format),
        lambda work, loaded, pbxs, watcher: work.push(
            loaded,
            pbxs,
            watcher,
            terms=Terms(adopt=adopt, overwrite_drift=overwrite_drift, undo_after=undo_after),
            strategy=Strategy(),
            agreed=agreed,
        ),
        results.text,
    )
