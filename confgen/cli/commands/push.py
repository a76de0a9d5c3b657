"""`confgen push`: change the PBXs, and keep only what is proven."""

from __future__ import annotations

from pathlib import Path

import click

from confgen.cli.options import OutputFormat, example, format_option, inventory_argument, limit_option
from confgen.cli.scheduler import access_of, scheduler_options
from confgen.cli.sections import SectionedCommand
from confgen.cli.terms import pace_of, push_options, strategy_of, terms_of


@click.command(
    cls=SectionedCommand,
    epilog=example(
        "confgen push                            (what `confgen plan` shows)",
        "confgen push --limit branch --adopt     (the first push)",
        "confgen push --canary lab --batch 1,5,25% --max-failures 2",
        "confgen push --resume                   (what that one has left)",
        "confgen push --scheduler tls://scheduler.example.net:8786 --batch 1,100%",
    ),
)
@inventory_argument
@limit_option
@push_options
@click.option(
    "--plan",
    "plan",
    metavar="FILE",
    type=click.Path(path_type=Path),
    help="Do what `plan --out FILE` saved and nothing else; refuse where anything moved since.",
)
@format_option
@scheduler_options
@click.pass_context
def push(
    ctx: click.Context,
    /,
    inventory: Path,
    limit: tuple[str, ...],
    plan: Path | None,
    output_format: OutputFormat,
    *,
    resume: bool,
    **told: object,
) -> None:
    """Change the PBXs; keep only what is proven.

    A PBX that is as it should be gets nothing written and no reload. One whose new state cannot be proven on the
    wire goes back to the old one. The first PBX is the canary: the others are begun when it is proven, one after the
    other unless --batch says otherwise, and none after a failure unless --max-failures does.

    Ctrl-C once: nothing new is begun, and what is under way is finished or undone. Twice: confgen is gone at once, and
    the hosts undo by themselves what was not confirmed. `confgen history` tells what was done.
    """
    from confgen.cli import keeping, plan_file, session
    from confgen.report import results

    agreed = None if plan is None else plan_file.read(plan)
    session.answer(
        ctx,
        session.Request(
            inventory=inventory,
            limit=limit,
            agreed=agreed,
            output_format=output_format,
            changes=True,
            resume=resume,
            scheduler=access_of(told),
        ),
        lambda work, loaded, pbxs, run: work.push(
            loaded,
            pbxs,
            run.watcher,
            terms=terms_of(told),
            strategy=strategy_of(told),
            stop=run.stop,
            journal=run.journal,
            agreed=agreed,
            pace=pace_of(told),
            keep=keeping.for_table(output_format),
            executor=run.executor,
        ),
        results.text,
    )
