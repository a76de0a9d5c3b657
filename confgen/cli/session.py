"""From an inventory to an answer: what plan, push, verify and rollback have in common."""

from __future__ import annotations

from contextlib import ExitStack
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, NoReturn

from confgen.cli import output, writing
from confgen.cli.exit_code import COULD_NOT_TELL, FINDINGS, INTERRUPTED, gravest
from confgen.cli.options import OutputFormat, ReportFormat
from confgen.cli.work import work_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from pathlib import Path

    import click

    from confgen.cli.progress import Progress
    from confgen.cli.work import Work
    from confgen.fleet import Journal, Places, Stop
    from confgen.load import Loaded
    from confgen.model.cluster import SchedulerAccess
    from confgen.model.finding import Finding
    from confgen.model.inventory import Inventory, Pbx
    from confgen.model.result import Result
    from confgen.model.saved import SavedPlan
    from confgen.report.answer import Answer, Measure


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """What the command line asked for."""

    inventory: Path
    limit: Sequence[str]
    output_format: OutputFormat | ReportFormat = OutputFormat.TEXT
    page: Path | None = None  # where the answer is written as HTML besides
    with_diffs: bool = True
    agreed: SavedPlan | None = None
    changes: bool = False  # PBXs, so that a journal is kept
    retold: Callable[[Answer, Sequence[Pbx]], Answer] = lambda told, _pbxs: told  # before it is said
    resume: bool = False  # only what the last push that did not finish has left
    scheduler: SchedulerAccess | None = None  # of the cluster whose workers do the work

    def choose(self, work: Work, inventory: Inventory) -> tuple[Pbx, ...]:
        """The PBXs that are meant; without --limit those of a saved plan.

        A plan that holds none of this inventory chooses them all, so that each is refused.
        """
        chosen = work.select(inventory, self.limit)
        if self.agreed is None or self.limit:
            return chosen
        return tuple(pbx for pbx in chosen if self.agreed.of(pbx.name) is not None) or chosen


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """Who is told how the work goes on, who may stop it, where it is written down, and where it is done."""

    watcher: Progress
    stop: Stop
    journal: Journal
    executor: Places | None = None  # None: from here


def answer(
    ctx: click.Context,
    request: Request,
    do: Callable[[Work, Inventory, tuple[Pbx, ...], Run], tuple[Result, ...]],
    as_text: Callable[[Answer], str],
) -> None:
    """Load, refuse what is wrong, do the work under progress, say what came of it, and end with its exit code."""
    work = work_of(ctx)
    loaded = load(ctx, work, request)
    pbxs = _chosen(ctx, work, request, loaded)
    with ExitStack() as stack:
        executor = _executor(ctx, work, request, loaded, pbxs, stack)
        told = _done(ctx, work, request, loaded, pbxs, executor, do)
        exit_code = _write(request, request.retold(told, pbxs), pbxs, as_text)  # leaving a cluster may go wrong
    ctx.exit(exit_code)


def _executor(
    ctx: click.Context, work: Work, request: Request, loaded: Loaded, pbxs: tuple[Pbx, ...], stack: ExitStack
) -> Places | None:
    """The workers of a cluster, until the stack ends; the command ends here where they do not do."""
    from confgen.model.driver import PushRefused

    if request.scheduler is None:
        return None
    try:
        return stack.enter_context(work.on_cluster(request.scheduler, loaded.inventory, pbxs))
    except PushRefused as refused:
        _refuse(ctx, request, refused.findings, said=loaded.findings)


def _done(
    ctx: click.Context,
    work: Work,
    request: Request,
    loaded: Loaded,
    pbxs: tuple[Pbx, ...],
    executor: Places | None,
    do: Callable[[Work, Inventory, tuple[Pbx, ...], Run], tuple[Result, ...]],
) -> Answer:
    """The work under progress, written down where it may change something."""
    from confgen.cli.interruption import interruptions
    from confgen.cli.progress import progress
    from confgen.fleet import Journal, Stop
    from confgen.report import saved_form
    from confgen.report.answer import Answer

    stop = Stop()
    journal = Journal.nowhere()
    if request.changes:
        plan_digest = None if request.agreed is None else saved_form.digest(request.agreed)
        journal = work.keep_journal(ctx.info_name or "", request.inventory, loaded.inventory.digest, plan_digest)
    with interruptions(stop, changes=request.changes):
        with progress(is_coloured=ctx.color is not False) as watcher:
            run = Run(watcher=watcher, stop=stop, journal=journal, executor=executor)
            results = do(work, loaded.inventory, pbxs, run)
        told = Answer.of_results(
            results,
            command=ctx.info_name or "",
            inventory=str(request.inventory),
            findings=loaded.findings,
            pbx_names=[pbx.name for pbx in pbxs],
            exit_code=gravest(result.exit_code for result in results),
        )
        told = _with_interruption(told, stop)
        asides: list[Finding] = []
        if executor is not None and executor.is_lost and _is_cut_off(told):
            told, asides = _cut_off(told)
        journal.end(exit_code=told.exit_code, not_begun=told.not_begun)
    if journal.warning is not None:
        asides.append(journal.warning)
    if writing.is_for_people(request.output_format):
        mention(asides)
    return replace(told, findings=(*told.findings, *asides))


def _is_cut_off(told: Answer) -> bool:
    """Whether anything is missing of what was to be done."""
    results = (*told.pbxs, *told.put_back, *told.legs)
    return bool(told.not_begun) or any(result.exit_code == COULD_NOT_TELL for result in results)


def _cut_off(told: Answer) -> tuple[Answer, list[Finding]]:
    """The answer of a run whose scheduler was lost, and what is said of it."""
    from confgen.model.finding import Finding, Severity

    resumed = {
        "push": "; `confgen push --resume` goes on with what is left",
        # Those that went back would go back once more.
        "rollback": "; then see `confgen history`, and roll back with --limit what is left",
    }.get(told.command, "")
    finding = Finding(
        code="CLU-06",
        message="the scheduler was lost, and with it what was under way; "
        f"not begun: {len(told.not_begun)} of {len(told.not_begun) + len(told.pbxs)}",
        mend=f"see to the scheduler{resumed}",
        severity=Severity.WARNING,
    )
    return replace(told, exit_code=gravest((told.exit_code, COULD_NOT_TELL))), [finding]


def answer_without_inventory(
    ctx: click.Context,
    names: Sequence[str],
    findings: tuple[Finding, ...],
    measure: Measure,
    do: Callable[[Work, Run], tuple[Result, ...]],
    as_text: Callable[[Answer], str],
    *,
    output_format: ReportFormat,
    page: Path | None,
) -> None:
    """Do what needs no inventory, with what has these names, under progress; say what came of it, and end.

    `findings` are of what the command line names, and `measure` is what it says of what is expected.
    """
    from confgen.cli.interruption import interruptions
    from confgen.cli.progress import progress
    from confgen.fleet import Journal, Stop
    from confgen.report.answer import Answer

    work, stop = work_of(ctx), Stop()
    if writing.is_for_people(output_format):
        mention(findings)
    with interruptions(stop, changes=False), progress(is_coloured=ctx.color is not False) as watcher:
        results = do(work, Run(watcher=watcher, stop=stop, journal=Journal.nowhere()))
    told = Answer.of_results(
        results,
        command=ctx.info_name or "",
        inventory="",
        findings=findings,
        pbx_names=names,
        exit_code=gravest(result.exit_code for result in results),
    )
    told = _with_interruption(replace(told, measured_against=measure), stop)
    ctx.exit(writing.write(told, as_text, output_format=output_format, page=page))


def _with_interruption(told: Answer, stop: Stop) -> Answer:
    """An interruption counts where it kept something from being begun, or a PBX from being asked."""
    if not stop.is_asked or not (told.not_begun or _was_cut_short(told)):
        return told
    return replace(told, exit_code=gravest((told.exit_code, INTERRUPTED)))


def _was_cut_short(told: Answer) -> bool:
    from confgen.model.check import CALLED_OFF

    return any(check.message == CALLED_OFF for result in (*told.pbxs, *told.legs) for check in result.checks)


def _chosen(ctx: click.Context, work: Work, request: Request, loaded: Loaded) -> tuple[Pbx, ...]:
    """The PBXs that are meant; the command ends here where nothing is left of what is to be resumed."""
    from confgen.model.driver import PushRefused

    pbxs = request.choose(work, loaded.inventory)
    if not request.resume:
        return pbxs
    try:
        return work.left(request.inventory, loaded.inventory.digest, pbxs)
    except PushRefused as refused:
        _refuse(ctx, request, refused.findings, said=loaded.findings)


def _refuse(
    ctx: click.Context, request: Request, findings: tuple[Finding, ...], *, said: tuple[Finding, ...] = ()
) -> NoReturn:
    """End the command; what was said aside before is not said twice."""
    from confgen.report.answer import Answer

    refused = Answer(
        command=ctx.info_name or "", inventory=str(request.inventory), findings=(*said, *findings), exit_code=FINDINGS
    )
    ctx.exit(_write(request, refused, (), lambda _: refusal(findings, str(request.inventory))))


def load(ctx: click.Context, work: Work, request: Request) -> Loaded:
    """The inventory; the command ends here, with nothing touched, when it has errors. Warnings are said aside."""
    loaded = work.load(request.inventory)
    if has_errors(loaded.findings):
        _refuse(ctx, request, loaded.findings)
    if writing.is_for_people(request.output_format):
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


def refusal(findings: Sequence[Finding], inventory: str) -> str:
    """Findings that end the command before it has done anything."""
    from confgen.cli.quoting import quotes
    from confgen.report import findings as as_text

    return f"{as_text.text(findings, quotes(findings, inventory))}\n{as_text.summary(findings)}: nothing was touched"


def _write(request: Request, told: Answer, pbxs: Sequence[Pbx], as_text: Callable[[Answer], str]) -> int:
    return writing.write(
        told,
        as_text,
        output_format=request.output_format,
        pbxs=pbxs,
        page=request.page,
        with_diffs=request.with_diffs,
    )
