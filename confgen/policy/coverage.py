"""Which waivers hold on a day, and which of them answers for which finding. Pure."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import TYPE_CHECKING

from confgen.model.dialling import Route
from confgen.model.name_pattern import is_pattern

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence
    from datetime import date

    from confgen.model.finding import Finding
    from confgen.model.inventory import Include, Pbx
    from confgen.model.policy import Waiver
    from confgen.policy.rule import Rule

_LONGEST = timedelta(days=731)  # two years with a leap day
_NO_PATTERN = re.compile(r"[^*?\[]*")


def is_too_far_away(day: date, today: date) -> bool:
    """Whether nobody may waive anything up to this day: it is more than two years from now."""
    return day - today > _LONGEST


def can_waive(waiver: Waiver, rules: Mapping[str, Rule]) -> bool:
    """Whether there is such a rule, and it may be waived; its day aside."""
    return waiver.code in rules and rules[waiver.code].is_waivable


def in_force(waivers: Iterable[Waiver], today: date, rules: Mapping[str, Rule]) -> tuple[Waiver, ...]:
    """Those that waive something today: the last day counts, and one that is too far away makes it void."""
    return tuple(
        waiver
        for waiver in waivers
        if can_waive(waiver, rules) and today <= waiver.until and not is_too_far_away(waiver.until, today)
    )


def names_like_patterns(pbxs: Iterable[Pbx]) -> frozenset[str]:
    """What is there by a name with `*` or `?` in it, as the numbers of a route are: `*X.`."""
    names = (name for pbx in pbxs for named in (pbx.routes, pbx.includes) for name in map(_name, named))
    return frozenset(filter(is_pattern, names))


class Found:
    """Findings by what waivers say of them, so that one for each of very many phones costs no time."""

    def __init__(self, findings: Iterable[Finding], names: Collection[str]) -> None:
        """`names` are those that are there and look like patterns."""
        self._names = names
        self._by_code: dict[str, list[Finding]] = {}
        self._by_subject: dict[tuple[str, str | None], list[Finding]] = {}
        for finding in findings:
            self._by_code.setdefault(finding.code, []).append(finding)
            self._by_subject.setdefault((finding.code, finding.subject), []).append(finding)

    def of_code(self, code: str) -> Sequence[Finding]:
        """All that a rule found."""
        return self._by_code.get(code, ())

    def is_named(self, waiver: Waiver) -> bool:
        """Whether its subject is the name of something, whatever else it would fit as a pattern."""
        return waiver.subject in self._names or bool(self._named(waiver))

    def covered(self, waiver: Waiver) -> Sequence[Finding]:
        """What a waiver is written for, its day aside: what it names sign by sign, or else whatever its pattern fits.

        Who writes a name that is there and looks like a pattern means that alone.
        """
        if self.is_named(waiver) or _NO_PATTERN.fullmatch(waiver.subject):
            return self._named(waiver)
        there = self.of_code(waiver.code)
        return [found for found in there if waiver.is_for(found.pbx) and waiver.fits(found)]

    def _named(self, waiver: Waiver) -> Sequence[Finding]:
        there = self._by_subject.get((waiver.code, waiver.subject), ())
        return [found for found in there if waiver.is_for(found.pbx)]


def answered(waivers: Iterable[Waiver], found: Found) -> Mapping[Finding, Waiver]:
    """The one waiver that each finding is shown with: what names it before what fits it, then what ends last."""
    answers: dict[Finding, Waiver] = {}
    for waiver in waivers:
        for finding in found.covered(waiver):
            if finding not in answers or _rank(waiver, finding) > _rank(answers[finding], finding):
                answers[finding] = waiver
    return answers


def _name(named: Route | Include) -> str:
    return named.numbers if isinstance(named, Route) else named.file


def _rank(waiver: Waiver, finding: Finding) -> tuple[bool, date]:
    return waiver.names(finding), waiver.until
