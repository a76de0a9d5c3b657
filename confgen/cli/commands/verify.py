"""`confgen verify`: prove that the PBXs are what the inventory says, or that any PBX speaks encrypted only."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from confgen.cli.options import (
    ReportFormat,
    divided_words,
    example,
    inventory_argument,
    limit_option,
    report_format_option,
)
from confgen.cli.outside import measure, outside_options, outsiders, refuse_with_inventory, refuse_without_host, wanted
from confgen.cli.scheduler import access_of, scheduler_options
from confgen.cli.sections import SectionedCommand
from confgen.cli.terms import pace_of, verify_options
from confgen.model.check import Level
from confgen.model.depth import Depth

if TYPE_CHECKING:
    from confgen.model.finding import Finding


def _levels(_ctx: click.Context, parameter: click.Parameter, values: tuple[str, ...]) -> frozenset[Level]:
    known = {level.value: level for level in Level}
    words = divided_words(parameter, values, "levels")
    for word in words:
        if word not in known:
            raise click.BadParameter(f"{word!r} is no level; known are {', '.join(known)}")
    return frozenset(known[word] for word in words) or frozenset(Level)


@click.command(
    cls=SectionedCommand,
    epilog=example(
        "confgen verify                                   (every PBX of inventory.yaml)",
        "confgen verify --limit headquarters --evidence",
        "confgen verify --html proof.html --format junit > proof.xml",
        "confgen verify --level tls,clear                 (no calls)",
        "confgen verify --host sip.example.net            (any PBX, without an inventory)",
        "confgen verify --host '[2001:db8::1]:5061' --name sip.example.net --authority ca.crt --profile strict",
        "confgen verify --host sip.example.net --user 199 --secret-file secrets/199 --number 600",
    ),
)
@inventory_argument
@limit_option
@click.option(
    "--level",
    "levels",
    metavar="LEVELS",
    multiple=True,
    callback=_levels,
    help="No other levels than these, with commas between: state, tls, clear, downgrade, call. What the inventory "
    "declares away stays away.",
)
@click.option("--long", "is_long", is_flag=True, help="Also RTCP, which comes after five seconds.")
@report_format_option
@click.option("--evidence", "wants_evidence", is_flag=True, help="Show what was seen word for word too.")
@click.option(
    "--html",
    "page",
    metavar="FILE",
    type=click.Path(path_type=Path),
    help="Write a page too, with a drawing of every leg. It holds no secret and loads nothing.",
)
@verify_options
@outside_options
@scheduler_options
@click.pass_context
def verify(
    ctx: click.Context,
    /,
    inventory: Path,
    limit: tuple[str, ...],
    levels: frozenset[Level],
    output_format: ReportFormat,
    *,
    is_long: bool,
    wants_evidence: bool,
    page: Path | None,
    **told: object,
) -> None:
    """Prove that every leg is encrypted; changes nothing.

    Also that nothing else is let in. What could not be asked is unknown, and unknown is not passed (exit 4). Where a
    trunk to a provider has a `test_number`, it is dialled, which costs what such a call costs.

    With --host it looks at any PBX, whoever manages it, from this machine alone: TLS versions, cipher suites and
    certificate, what is open in clear text, and what a stranger gets. With --user and --number it calls, too: offers
    without encryption must be refused, and an encrypted call must come about. Without them nothing is said of calls.

    Look only at PBXs whose owner agrees. A run makes 8 connections to an address at once, and tries no password that it
    was not given. Intrusion detection may count 3 requests by a name that nobody has (2 without a login), and a
    password that is refused: once, for it is not tried again.
    """
    from confgen.cli import keeping, page_file, session
    from confgen.fleet import wholly
    from confgen.report import results

    if page is not None:
        page_file.check(page)
    as_text = results.text_with_evidence if wants_evidence else results.text
    depth = Depth(levels=levels, is_long=is_long)
    scheduler = access_of(told)
    if told["hosts"]:
        if scheduler is not None:
            raise click.UsageError("--host is looked at from this machine: leave --scheduler out")
        refuse_with_inventory(ctx, limit)
        found: list[Finding] = []
        named, asked = outsiders(told), wanted(told, depth, found.extend)
        session.answer_without_inventory(
            ctx,
            [str(outsider) for outsider in named],
            tuple(found),
            measure(told),
            lambda work, run: work.verify_outside(named, asked, run.watcher, stop=run.stop),
            as_text,
            output_format=output_format,
            page=page,
        )
    refuse_without_host(told)
    session.answer(
        ctx,
        session.Request(inventory=inventory, limit=limit, output_format=output_format, page=page, scheduler=scheduler),
        lambda work, loaded, pbxs, run: work.verify(
            loaded,
            pbxs,
            run.watcher,
            depth=depth,
            pace=pace_of(told),
            stop=run.stop,
            executor=run.executor,
            keep=wholly if wants_evidence or page is not None else keeping.for_table(output_format),
        ),
        as_text,
    )
