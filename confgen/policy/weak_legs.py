"""A leg that is not encrypted as a finding: the whole paths that lead over it, its line, and its mend. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING

from confgen.model.finding import Finding
from confgen.model.words import count

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from confgen.paths import Leg, Path
    from confgen.policy.company import Company

_MOST = 3  # paths that are told


def weak_leg_findings(company: Company, code: str, is_meant: Callable[[Leg], bool], what: str) -> Iterator[Finding]:
    """A finding for each leg that is meant; `what` says it with `{pbx}` and `{far}` of the leg.

    What only emergency calls take is told by DIAL-14, and never in their way.
    """
    for leg, paths in company.calls.weak_legs.items():
        told = [path for path in paths if not path.is_emergency]
        if told and is_meant(leg):
            yield Finding(
                code=code,
                message=f"{what.format(pbx=leg.pbx, far=leg.far, near=leg.near)}: {leg.why}: {_told(told)}",
                mend=leg.mend,
                place=leg.place,
                pbx=leg.pbx,
                subject=leg.subject or None,
            )


def _told(paths: Sequence[Path]) -> str:
    shown = _unlike(paths)[:_MOST]
    left = len(paths) - len(shown)
    words = "; or ".join(path.words for path in shown)
    return words if left == 0 else f"{words}; and {count(left, 'way')} more"


def _unlike(paths: Iterable[Path]) -> list[Path]:
    """One of each manner first: dialled, forwarded, from outside, by so many PBXs."""
    by_manner: dict[tuple[bool, bool, int], list[Path]] = {}
    for path in paths:
        first = path.steps[0]
        manner = (any(step.is_forward for step in path.steps), len(first.legs) > 1, len(path.key_holders))
        by_manner.setdefault(manner, []).append(path)
    firsts = [alike[0] for alike in by_manner.values()]
    return [*firsts, *(path for alike in by_manner.values() for path in alike[1:])]
