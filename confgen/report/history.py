"""Past runs as text and as JSON.

`confgen history --format json` writes one object: format_version, runs (newest first) and unreadable (paths of
journals). A run has at, command, who, confgen (its version), inventory, inventory_digest, plan_digest, pbxs, terms,
strategy, generation (of a rollback), state ("finished", "unfinished" or "under way"), exit_code (null unless finished),
left (names of the PBXs that are not as the run would have had them) and work: for each PBX that was begun pbx, outcome
(null where it came to no end), message, generation, codes and is_put_back.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict
from typing import Any

from confgen.fleet import History, PastRun, PastWork
from confgen.model.result import Outcome
from confgen.report import outcomes, paint
from confgen.report.json_text import json_text
from confgen.report.visible import one_line

FORMAT_VERSION = 1
_INDENT = "    "


def text(history: History) -> str:
    """A paragraph for each run."""
    if not history.runs:
        return "no run stands in the journal"
    return "\n\n".join("\n".join(_lines(run)) for run in history.runs)


def json_form(history: History) -> str:
    """The object as described above."""
    return json_text(
        {
            "format_version": FORMAT_VERSION,
            "runs": [_run(run) for run in history.runs],
            "unreadable": list(history.unreadable),
        },
    )


def _lines(run: PastRun) -> Iterable[str]:
    backwards = "" if run.generation is None else f" to generation {run.generation}"
    yield (
        f"{paint.strong(run.at)}  {paint.strong(f'{run.command}{backwards}')} of {one_line(run.inventory)} "
        f"by {one_line(run.who)}: {_ended(run)}"
    )
    reason = run.terms.get("allow_weaker")
    if reason is not None:
        yield f"{_INDENT}a weaker PBX was allowed: {one_line(str(reason))}"
    yield from (f"{_INDENT}{_work(work)}" for work in run.work)
    not_begun = [name for name in run.pbxs if name not in {work.pbx for work in run.work}]
    if not_begun:
        yield f"{_INDENT}{outcomes.not_begun(not_begun)}"


def _ended(run: PastRun) -> str:
    match state(run):
        case "finished":
            return f"exit code {run.exit_code}"
        case other:
            return paint.doubtful(other)


def state(run: PastRun) -> str:
    """Whether it came to its end."""
    if run.exit_code is not None:
        return "finished"
    return "under way" if run.is_under_way else "unfinished"


def _work(work: PastWork) -> str:
    name = f"{one_line(work.pbx)}{' (put back)' if work.is_put_back else ''}"
    if work.outcome is None:
        return f"{name}: {paint.doubtful('begun, and no word of its end')}"
    generation = "" if work.generation is None else paint.faint(f" (generation {work.generation})")
    known = {outcome.value: outcome for outcome in Outcome}
    word = outcomes.word(known[work.outcome]) if work.outcome in known else one_line(work.outcome)
    codes = f" {', '.join(work.codes)}" if work.codes else ""
    message = one_line(work.message)
    told = "" if message in {"", work.outcome, f"generation {work.generation} is {work.outcome}"} else f": {message}"
    return f"{name}: {word}{generation}{told}{paint.faint(codes)}"


def _run(run: PastRun) -> Mapping[str, Any]:
    return {
        "at": run.at,
        "command": run.command,
        "who": run.who,
        "confgen": run.version,
        "inventory": run.inventory,
        "inventory_digest": run.inventory_digest,
        "plan_digest": run.plan_digest,
        "pbxs": list(run.pbxs),
        "terms": run.terms,
        "strategy": run.strategy,
        "generation": run.generation,
        "state": state(run),
        "exit_code": run.exit_code,
        "left": list(run.left),
        "work": [asdict(work) for work in run.work],
    }
