"""Which waivers hold on a day, and which of them answers for which finding. Pure."""

from __future__ import annotations

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


def covered(waiver: Waiver, findings: Iterable[Finding], names: Collection[str]) -> tuple[Finding, ...]:
    """What a waiver is written for, its day aside: what it names sign by sign, or else whatever its pattern fits.

    `names` are those that are there and look like patterns: who writes one of them means that alone.
    """
    there = [finding for finding in findings if finding.code == waiver.code and waiver.is_for(finding.pbx)]
    named = tuple(filter(waiver.names, there))
    return named if named or waiver.subject in names else tuple(filter(waiver.fits, there))


def answered(
    waivers: Iterable[Waiver], findings: Sequence[Finding], names: Collection[str]
) -> Mapping[Finding, Waiver]:
    """The one waiver that each finding is shown with: what names it before what fits it, then what ends last."""
    by_code: dict[str, list[Finding]] = {}
    for finding in findings:
        by_code.setdefault(finding.code, []).append(finding)
    found: dict[Finding, Waiver] = {}
    for waiver in waivers:
        for finding in covered(waiver, by_code.get(waiver.code, ()), names):
            if finding not in found or _rank(waiver, finding) > _rank(found[finding], finding):
                found[finding] = waiver
    return found


def _name(named: Route | Include) -> str:
    return named.numbers if isinstance(named, Route) else named.file


def _rank(waiver: Waiver, finding: Finding) -> tuple[bool, date]:
    return waiver.names(finding), waiver.until
