"""From an inventory to an answer: what plan, push, verify and rollback have in common."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from confgen.cli import output
from confgen.cli.exit_code import FINDINGS, gravest
from confgen.cli.options import OutputFormat
from confgen.cli.work import work_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from pathlib import Path

    import click

    from confgen.cli.work import Work
    from confgen.fleet import Watcher
    from confgen.load import Loaded
    from confgen.model.finding import Finding
    from confgen.model.inventory import Inventory, Pbx
    from confgen.model.result import Result
    from confgen.model.saved import SavedPlan
    from confgen.report.answer import Answer


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """What the command line asked for."""

    inventory: Path
    limit: Sequence[str]
    output_format: OutputFormat = OutputFormat.TEXT
    with_diffs: bool = True
    agreed: SavedPlan | None = None

    def choose(self, work: Work, inventory: Inventory) -> tuple[Pbx, ...]:
        """The PBXs that are meant; without --limit those of a saved plan.

        A plan that holds none of this inventory chooses them all, so that each is refused.
        """
        chosen = work.select(inventory, self.limit)
        if self.agreed is None or self.limit:
            return chosen
        return tuple(pbx for pbx in chosen if self.agreed.of(pbx.name) is not None) or chosen


def answer(
    ctx: click.Context,
    request: Request,
    do: Callable[[Work, Inventory, tuple[Pbx, ...], Watcher], tuple[Result, ...]],
    as_text: Callable[[Answer], str],
) -> None:
    """Load, refuse what is wrong, do the work under progress, say what came of it, and end with its exit code."""
    from confgen.cli.progress import progress
    from confgen.report.answer import Answer

    work = work_of(ctx)
    loaded = load(ctx, work, request)
    pbxs = request.choose(work, loaded.inventory)
    with progress(is_coloured=ctx.color is not False) as watcher:
        results = do(work, loaded.inventory, pbxs, watcher)
    told = Answer.of_results(
        results,
        command=ctx.info_name or "",
        inventory=str(request.inventory),
        findings=loaded.findings,
        pbx_names=[pbx.name for pbx in pbxs],
        exit_code=gravest(result.exit_code for result in results),
    )
    _say(request, told, as_text)
    ctx.exit(told.exit_code)


def load(ctx: click.Context, work: Work, request: Request) -> Loaded:
    """The inventory; the command ends here, with nothing touched, when it has errors. Warnings are said aside."""
    from confgen.report.answer import Answer

    loaded = work.load(request.inventory)
    if has_errors(loaded.findings):
        refused = Answer(
            command=ctx.info_name or "",
            inventory=str(request.inventory),
            findings=loaded.findings,
            exit_code=FINDINGS,
        )
        _say(request, refused, lambda told: refusal(told.findings))
        ctx.exit(refused.exit_code)
    if request.output_format is OutputFormat.TEXT:
        mention(loaded.findings)
    return loaded


def has_errors(findings: Iterable[Finding]) -> bool:
    """Whether any of them stops the command."""
    from confgen.model.finding import Severity

    return any(finding.severity is Severity.ERROR for finding in findings)


def mention(findings: Sequence[Finding]) -> None:
    """Say findings beside the data."""
    from confgen.report import findings as as_text

    if findings:
        output.aside(as_text.text(findings))


def refusal(findings: Sequence[Finding]) -> str:
    """Findings that end the command before it has done anything."""
    from confgen.report import findings as as_text

    return f"{as_text.text(findings)}\n{as_text.summary(findings)}: nothing was touched"


def _say(request: Request, told: Answer, as_text: Callable[[Answer], str]) -> None:
    from confgen.report import json_form

    match request.output_format:
        case OutputFormat.TEXT:
            output.data(as_text(told))
        case OutputFormat.JSON:
            output.data(json_form.answer(told, with_diffs=request.with_diffs))
