"""Very many findings of one rule told as one, after each of them was weighed and waived by itself. Pure."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from confgen.model.words import listed

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from confgen.model.finding import Finding
    from confgen.policy.rule import Rule, Together


def gathered(findings: Iterable[Finding], rules: Mapping[str, Rule]) -> Iterator[Finding]:
    """The findings; of very many that a rule tells of one PBX, alike but for their subjects, the first tells of all.

    What is waived is never told together with what is not, or with what another waiver covers.
    """
    alike: dict[tuple[Together, object, object, object], list[Finding]] = {}
    for finding in findings:
        rule = rules.get(finding.code)
        together = None if rule is None else rule.together
        if together is None:
            yield finding
        else:
            alike.setdefault((together, finding.pbx, finding.severity, finding.waiver), []).append(finding)
    for (together, *_), found in alike.items():
        yield from found if len(found) <= together.apart else (_as_one(found, together),)


def _as_one(findings: Sequence[Finding], together: Together) -> Finding:
    """No waiver could name what it is about, so it has no subject."""
    in_order = sorted(findings, key=lambda finding: finding.sort_key()[:3])  # by place
    first = in_order[0]
    who = listed([str(finding.subject) for finding in in_order], together.named)
    return replace(first, message=together.message.format(who=who, pbx=first.pbx), subject=None)
