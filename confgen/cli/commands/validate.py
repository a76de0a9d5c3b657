"""`confgen validate`: everything that is wrong with an inventory, at once."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from confgen.cli.exit_code import DONE, FINDINGS
from confgen.cli.options import ReportFormat, example, findings_format_option, inventory_argument
from confgen.cli.work import work_of

if TYPE_CHECKING:
    from pathlib import Path

    from confgen.load import Unreadable
    from confgen.report.answer import Answer

_SEVERITIES = ("error", "warning", "note")  # gravest first


@click.command(
    epilog=example(
        "confgen validate",
        "confgen validate sites/ --fail-on warning",
        "confgen validate --format sarif > confgen.sarif",
    )
)
@inventory_argument
@click.option(
    "--fail-on",
    type=click.Choice(_SEVERITIES),
    default="error",
    show_default=True,
    help="The least grave finding that makes the command fail; what is waived never does.",
)
@click.option(
    "--with-secrets",
    is_flag=True,
    help="Resolve every secret too, and look whether it can be guessed, is used twice, or fits its certificate.",
)
@click.option("-q", "--quiet", "is_quiet", is_flag=True, help="A line for each finding, and nothing else.")
@findings_format_option
@click.pass_context
def validate(
    ctx: click.Context,
    inventory: Path,
    fail_on: str,
    output_format: ReportFormat,
    *,
    with_secrets: bool,
    is_quiet: bool,
) -> None:
    """Tell everything that is wrong with an inventory.

    Schema, references, versions, policy, and certificates that lie in plain files: every mistake at once, each with its
    place and how to mend it. Asks no PBX, and resolves no secret unless told to.
    """
    from confgen.cli import quoting, writing
    from confgen.load import Unreadable
    from confgen.model.finding import Severity
    from confgen.report import findings
    from confgen.report.answer import Answer

    if is_quiet and output_format is not ReportFormat.TEXT:
        raise click.UsageError("--quiet is for people; leave it out, or leave --format out")
    try:
        loaded = work_of(ctx).validate(inventory, with_secrets=with_secrets)
    except Unreadable as unreadable:
        ctx.exit(_refuse(unreadable, str(inventory), output_format))
    grave = frozenset(map(Severity, _SEVERITIES[: _SEVERITIES.index(fail_on) + 1]))
    every = (*loaded.findings, *loaded.unchecked)
    fails = any(finding.severity in grave and not finding.waiver for finding in every)
    told = Answer(
        command="validate",
        inventory=str(inventory),
        findings=every,
        judged=tuple(pbx.name for pbx in loaded.inventory.pbxs),
        grave=grave,
        exit_code=FINDINGS if fails else DONE,
    )

    def as_text(told: Answer) -> str:
        if is_quiet:
            return findings.brief(told.findings)
        quotes = quoting.quotes(told.findings, told.inventory)
        verdict = findings.verdict(told.inventory, loaded.inventory, loaded.findings)
        return "\n".join(filter(None, (findings.text(told.findings, quotes), verdict)))

    ctx.exit(writing.write(told, as_text, output_format=output_format, pbxs=loaded.inventory.pbxs))


def _refuse(unreadable: Unreadable, inventory: str, output_format: ReportFormat) -> int:
    """Tell what keeps the inventory from being read; programs get it in their format, as any other finding."""
    from confgen.cli import output, writing
    from confgen.report.answer import Answer
    from confgen.report.visible import one_line

    finding = unreadable.finding
    if output_format is not ReportFormat.TEXT:
        told = Answer(command="validate", inventory=inventory, findings=(finding,), exit_code=unreadable.exit_code)
        return writing.write(told, str, output_format=output_format)
    output.aside(one_line(str(unreadable)))
    return unreadable.exit_code
