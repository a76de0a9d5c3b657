"""Differences in the product's words as lines for people: what many objects share stands in one line."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from confgen.model.plan import Difference
from confgen.model.words import listed
from confgen.report.visible import one_line

_MOST_LINES = 40
MOST_NAMES = 4


def lines(differences: Sequence[Difference]) -> Sequence[str]:
    """`extension 101, extension 102: media_encryption no -> sdes`, in the order of the first of each."""
    told: dict[tuple[str, str], list[str]] = {}
    for subject, words in _by_subject(differences):
        kind = subject if "," in subject else subject.partition(" ")[0]  # as in `dialplan context phones, 600`
        told.setdefault((kind, words), []).append(subject)
    found = [f"{listed(subjects, MOST_NAMES)}{words}" for (_, words), subjects in told.items()]
    if len(found) > _MOST_LINES:
        found[_MOST_LINES:] = [f"and {len(found) - _MOST_LINES} more, all of which `--format json` tells"]
    return [one_line(line) for line in found]


def _by_subject(differences: Sequence[Difference]) -> Iterable[tuple[str, str]]:
    """What came to one option of one subject, and what went from it, in one line each."""
    values: dict[tuple[str, str, str], list[str]] = {}
    for difference in differences:
        key = (difference.subject, difference.option, _ending(difference))
        values.setdefault(key, []).append(_value(difference))
    for (subject, option, ending), found in values.items():
        if option:
            words = " ".join(filter(None, (option, listed([value for value in found if value], MOST_NAMES))))
            yield subject, f": {words}{ending}"
        else:
            yield subject, ending


def _ending(difference: Difference) -> str:
    if difference.before is None:
        return " added"
    if difference.after is None:
        return " removed"
    return "" if difference.option else " changed"


def _value(difference: Difference) -> str:
    match difference.before, difference.after:
        case None, after:
            return after or ""
        case before, None:
            return before or ""
        case before, after:
            return f"{before or 'nothing'} -> {after or 'nothing'}"
