"""`confgen explain`: what a code means and how to mend it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from confgen.cli import output
from confgen.cli.options import OutputFormat, example, format_option

if TYPE_CHECKING:
    from collections.abc import Mapping

    from confgen.model.codes.explanation import Explanation


@click.command(epilog=example("confgen explain LOAD-10", "confgen explain --list"))
@click.argument("code", required=False, metavar="[CODE]")
@click.option("--list", "is_list", is_flag=True, help="Every code, a line for each, with its weight in each profile.")
@format_option
def explain(code: str | None, output_format: OutputFormat, *, is_list: bool) -> None:
    """Tell what a finding's CODE means and how to mend it."""
    from confgen.model.codes import EXPLANATIONS
    from confgen.policy.rules import RULES
    from confgen.report import explanations, json_form

    if is_list == (code is not None):
        raise click.UsageError("name one CODE, or write --list")
    if code is None:
        told = [EXPLANATIONS[known] for known in sorted(EXPLANATIONS)]
        as_text = explanations.listing(told, RULES)
    else:
        told = [_explanation(code.upper(), EXPLANATIONS)]
        as_text = explanations.text(told[0], RULES.get(told[0].code))
    match output_format:
        case OutputFormat.TEXT:
            output.data(as_text)
        case OutputFormat.JSON:
            output.data(json_form.explanations(told, RULES))


def _explanation(code: str, known: Mapping[str, Explanation]) -> Explanation:
    from difflib import get_close_matches

    if code in known:
        return known[code]
    nearest = get_close_matches(code, known, n=1)
    hint = f"is it {nearest[0]}?" if nearest else "`confgen explain --list` names them all"
    raise click.UsageError(f"there is no code {code}; {hint}")
