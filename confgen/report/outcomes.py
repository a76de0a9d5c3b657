"""How the work on each PBX ended, in a line; how all of them did, in another."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from confgen.model.result import Outcome, Result
from confgen.report import paint
from confgen.report.answer import Answer
from confgen.report.visible import one_line
from confgen.report.words import count


def headline(result: Result) -> str:
    """`branch: undone: message`."""
    message = one_line(result.message).removeprefix(f"{result.pbx}: ")
    told = "" if message in {"", result.outcome.value} else f": {message}"
    return f"{paint.strong(result.pbx)}: {word(result.outcome)}{told}"


def word(outcome: Outcome) -> str:
    """The outcome's word in the colour of what it means."""
    told = outcome.value
    match outcome:
        case Outcome.PROVEN:
            return paint.good(told)
        case Outcome.UNCHANGED | Outcome.PREPARED | Outcome.RESTORED:
            return told
        case Outcome.PLANNED | Outcome.PENDING | Outcome.NOT_CHECKED | Outcome.UNKNOWN:
            return paint.doubtful(told)
        case Outcome.NOT_PROVEN | Outcome.REFUSED | Outcome.INTERRUPTED:
            return paint.bad(told)
        case Outcome.LEFT | Outcome.UNDONE | Outcome.UNDO_FAILED:
            return paint.bad(told)


def summary(answer: Answer) -> str:
    """`3 PBXs: 2 proven, 1 undone; 1 leg: 1 proven`."""
    told = [_tally(answer.pbxs, "PBX")]
    if answer.legs:
        told.append(_tally(answer.legs, "leg"))
    if answer.not_begun:
        told.append(paint.doubtful(f"not begun: {', '.join(answer.not_begun)}"))
    return "; ".join(told)


def _tally(results: Iterable[Result], noun: str) -> str:
    numbers = Counter(result.outcome for result in results)
    told = ", ".join(f"{numbers[outcome]} {word(outcome)}" for outcome in Outcome if numbers[outcome])
    return f"{count(numbers.total(), noun)}: {told}"
