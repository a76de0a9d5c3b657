"""`confgen validate`: everything that is wrong with an inventory, at once."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from confgen.cli import output
from confgen.cli.exit_code import DONE, FINDINGS
from confgen.cli.options import OutputFormat, example, format_option, inventory_argument
from confgen.cli.work import work_of

if TYPE_CHECKING:
    from pathlib import Path

_SEVERITIES = ("error", "warning", "note")  # gravest first


@click.command(epilog=example("confgen validate", "confgen validate sites/ --fail-on warning"))
@inventory_argument
@click.option(
    "--fail-on",
    type=click.Choice(_SEVERITIES),
    default="error",
    show_default=True,
    help="The least grave finding that makes the command fail.",
)
@click.option(
    "--with-secrets",
    is_flag=True,
    help="Resolve every secret too, and look whether it can be guessed, is used twice, or fits its certificate.",
)
@format_option
@click.pass_context
def validate(
    ctx: click.Context, inventory: Path, fail_on: str, output_format: OutputFormat, *, with_secrets: bool
) -> None:
    """Tell everything that is wrong with an inventory.

    Schema, references, versions, policy, and certificates that lie in plain files: every mistake at once, each with its
    place and how to mend it. Asks no PBX, and resolves no secret unless told to.
    """
    from confgen.report import findings, json_form
    from confgen.report.answer import Answer

    loaded = work_of(ctx).validate(inventory, with_secrets=with_secrets)
    told_of = (*loaded.findings, *loaded.unchecked)  # which makes nothing fail
    grave = _SEVERITIES[: _SEVERITIES.index(fail_on) + 1]
    fails = any(finding.severity.value in grave for finding in loaded.findings)
    exit_code = FINDINGS if fails else DONE
    match output_format:
        case OutputFormat.TEXT:
            verdict = findings.verdict(str(inventory), loaded.inventory, loaded.findings)
            output.data("\n".join(filter(None, (findings.text(told_of), verdict))))
        case OutputFormat.JSON:
            told = Answer(command="validate", inventory=str(inventory), findings=told_of, exit_code=exit_code)
            output.data(json_form.answer(told))
    ctx.exit(exit_code)
