"""Paths as text: who calls, and below it each way with its weakest leg, why it is that, and who holds the keys."""

from __future__ import annotations

from collections.abc import Iterator

from confgen.paths import Leg, Path, Strength
from confgen.paths.strength import weaker_first
from confgen.report import paint
from confgen.report.paths_told import PathsTold
from confgen.report.visible import one_line

_WIDTH = max(len(strength.value) for strength in Strength)


def text(told: PathsTold) -> str:
    """By caller, weakest first."""
    by_caller: dict[str, list[Path]] = {}
    for path in told.paths:
        by_caller.setdefault(path.steps[0].words, []).append(path)
    blocks = ["\n".join(_caller(caller, paths)) for caller, paths in by_caller.items()]
    return "\n\n".join([*blocks, f"{one_line(told.inventory)}: {one_line(told.tally)}"])


def _caller(caller: str, paths: list[Path]) -> Iterator[str]:
    yield paint.strong(one_line(caller))
    for path in sorted(paths, key=lambda path: weaker_first(path.weakest)):
        ways = " → ".join(step.words for step in path.steps[1:])
        yield f"  {_word(path.weakest)}  {one_line(ways)}"
        for line in _below(path):
            yield f"  {'':{_WIDTH}}  {paint.faint(one_line(line))}"


def _below(path: Path) -> Iterator[str]:
    if path.weakest is not Strength.ENCRYPTED:
        leg = path.weakest_leg
        yield f"signalling {path.signalling.value}, media {path.media.value}; weakest: {leg_words(leg)}"
        yield f"because {leg.why} ({leg.place})"
    yield f"keys: {path.key_words}"


def leg_words(leg: Leg) -> str:
    """`headquarters to the line isdn`."""
    return f"{leg.near} to {leg.far}"


def _word(strength: Strength) -> str:
    told = f"{strength.value:{_WIDTH}}"
    match strength:
        case Strength.CLEAR:
            return paint.bad(told)
        case Strength.UNKNOWN | Strength.WAIVED | Strength.NOT_ENFORCEABLE:
            return paint.doubtful(told)
        case Strength.ENCRYPTED:
            return paint.good(told)
