"""`confgen plan`: what a push would change."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import click

from confgen.cli.options import OutputFormat, example, format_option, inventory_argument, limit_option
from confgen.cli.scheduler import access_of, scheduler_options
from confgen.cli.sections import SectionedCommand
from confgen.cli.terms import pace_of, plan_options

if TYPE_CHECKING:
    from confgen.cli.session import Run
    from confgen.cli.work import Work
    from confgen.model.inventory import Inventory, Pbx
    from confgen.model.result import Result
    from confgen.report.answer import Answer


@click.command(
    cls=SectionedCommand,
    epilog=example(
        "confgen plan",
        "confgen plan --limit branch,old-* --diff",
        "confgen plan --out friday.plan          (then, once it is agreed to)",
        "confgen push --plan friday.plan",
    ),
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
@plan_options
@scheduler_options
@click.pass_context
def plan(
    ctx: click.Context,
    /,
    inventory: Path,
    limit: tuple[str, ...],
    file: Path | None,
    output_format: OutputFormat,
    *,
    wants_diffs: bool | None,
    **told: object,
) -> None:
    """Tell what a push would change; writes nothing on the PBXs.

    Reads them, and tells apart what somebody changed there by hand. Ends with 0 when there is nothing to change and
    with 3 when there is. Each PBX is told as soon as it has been looked at; JSON comes at the end, in the order of the
    inventory, and holds every diff until then unless --no-diff says that nobody wants them.
    """
    from confgen.cli import keeping, plan_file, saving, session, writing
    from confgen.cli.progress import Telling
    from confgen.report import outcomes, plans

    is_told_as_it_comes = writing.is_for_people(output_format)
    said: list[str] = []

    def look(work: Work, loaded: Inventory, pbxs: tuple[Pbx, ...], run: Run) -> tuple[Result, ...]:
        by_name = {pbx.name: pbx for pbx in pbxs}

        def judged(result: Result) -> Result:
            return result if file is None else saving.judged(result, by_name[result.pbx])

        def part(result: Result) -> str:
            return plans.part(judged(result), with_diffs=wants_diffs is True) + "\n"

        def keep(result: Result) -> Result:
            result = judged(result)
            savable = None if file is None else result.savable
            if is_told_as_it_comes:
                return replace(keeping.outcome_alone(result), savable=savable)
            return replace(keeping.without_texts(result) if wants_diffs is False else result, savable=savable)

        watcher = Telling(run.watcher, part) if is_told_as_it_comes else run.watcher
        results = work.plan(loaded, pbxs, watcher, pace=pace_of(told), stop=run.stop, keep=keep, executor=run.executor)
        if file is not None:
            said.append(saving.save(file, loaded, pbxs, results))
        return results

    def as_text(told: Answer) -> str:
        return "\n\n".join([outcomes.summary(told), *said])

    if file is not None:
        plan_file.check(file)
    session.answer(
        ctx,
        session.Request(
            inventory=inventory,
            limit=limit,
            output_format=output_format,
            with_diffs=wants_diffs is not False,
            scheduler=access_of(told),
        ),
        look,
        as_text,
    )
