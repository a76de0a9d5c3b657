"""How the work on each PBX ended, in a line; how all of them did, in another."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence

from confgen.model.check import Verdict
from confgen.model.result import EXIT_CODES, Outcome, Result
from confgen.model.words import count, listed
from confgen.report import paint
from confgen.report.answer import Answer
from confgen.report.visible import one_line

_MOST_NAMES = 12

# What ends a command with 0, or only says that there is something to push.
_HARMLESS = frozenset(outcome for outcome in Outcome if EXIT_CODES[outcome] in {0, 3})


def is_unsaid(result: Result) -> bool:
    """Whether it ended otherwise than well, and none of its checks says so."""
    told = any(check.verdict in {Verdict.FAILED, Verdict.UNKNOWN} for check in result.checks)
    return result.outcome not in _HARMLESS and not told


def unsaid(answer: Answer) -> tuple[str, ...]:
    """What was not proven without a check that says so, a line for each."""
    return (
        *(
            f"{one_line(result.pbx)}: {result.outcome.value}: {one_line(result.message)}"
            for result in (*answer.pbxs, *answer.put_back, *answer.legs)
            if is_unsaid(result)
        ),
        *(f"{one_line(name)}: not begun: the run did not come to it" for name in answer.not_begun),
    )


def headline(result: Result) -> str:
    """`branch: undone: message`."""
    message = one_line(result.message).removeprefix(f"{result.pbx}: ")
    told = "" if message in {"", result.outcome.value} else f": {message}"
    what = "put back: " if result.is_put_back else ""
    if result.outcome is Outcome.PROVEN_IN_PART:  # the message says what is proven and what is not
        return f"{paint.strong(result.pbx)}: {what}{message}"
    return f"{paint.strong(result.pbx)}: {what}{word(result.outcome)}{told}"


def word(outcome: Outcome) -> str:
    """The outcome's word in the colour of what it means."""
    told = outcome.value
    match outcome:
        case Outcome.PROVEN:
            return paint.good(told)
        case Outcome.PROVEN_IN_PART | Outcome.UNCHANGED | Outcome.PREPARED | Outcome.RESTORED | Outcome.SOUND:
            return told
        case Outcome.PLANNED | Outcome.PENDING | Outcome.NOT_CHECKED | Outcome.UNKNOWN:
            return paint.doubtful(told)
        case Outcome.FAULTY | Outcome.NOT_PROVEN | Outcome.REFUSED | Outcome.INTERRUPTED:
            return paint.bad(told)
        case Outcome.LEFT | Outcome.UNDONE | Outcome.UNDO_FAILED:
            return paint.bad(told)


def summary(answer: Answer) -> str:
    """`3 PBXs: 2 proven, 1 undone; put back: 2 proven; 1 leg: 1 proven; not begun: depot`."""
    told = [tally(answer.pbxs, "PBX")]
    if answer.put_back:
        told.append(f"put back: {_outcomes(answer.put_back)}")
    if answer.legs:
        told.append(tally(answer.legs, "leg"))
    if answer.not_begun:
        told.append(not_begun(answer.not_begun))
    if answer.measured_against is not None:
        told.append(one_line(str(answer.measured_against)))
    return "; ".join(told)


def not_begun(names: Sequence[str]) -> str:
    """`not begun: branch, depot`."""
    return paint.doubtful(f"not begun: {listed(names, _MOST_NAMES)}")


def tally(results: Iterable[Result], noun: str) -> str:
    """`3 PBXs: 2 proven, 1 undone`."""
    results = tuple(results)
    return f"{count(len(results), noun)}: {_outcomes(results)}"


def _outcomes(results: Iterable[Result]) -> str:
    numbers = Counter(result.outcome for result in results)
    return ", ".join(f"{numbers[outcome]} {word(outcome)}" for outcome in Outcome if numbers[outcome])
