"""What counts as proof."""

from __future__ import annotations

from typing import TYPE_CHECKING

from confgen.model.check import Check, Level, Verdict
from confgen.model.depth import level_words
from confgen.model.result import Outcome

if TYPE_CHECKING:
    from collections.abc import Collection

NO_PROOF = frozenset({Verdict.FAILED, Verdict.UNKNOWN})


def is_proof(checks: Collection[Check]) -> bool:
    """Something passed, and nothing else but what cannot be asked yet."""
    verdicts = {check.verdict for check in checks}
    return Verdict.PASSED in verdicts and not verdicts & NO_PROOF


def outcome_of_proof(checks: Collection[Check]) -> Outcome:
    """Of checks that are a proof: what the product cannot be made to do leaves it a proof in part."""
    in_part = any(check.verdict is Verdict.NOT_ENFORCEABLE for check in checks)
    return Outcome.PROVEN_IN_PART if in_part else Outcome.PROVEN


def unproven(checks: Collection[Check], asked: frozenset[Level]) -> frozenset[Level]:
    """Levels that were asked for, and of which nothing passed."""
    return asked - _levels(checks, Verdict.PASSED)


def proven_words(checks: Collection[Check], asked: frozenset[Level], left_out: frozenset[Level] = frozenset()) -> str:
    """`proven`, and what is not: what of the user's own nobody has looked at, what is wrong and waived.

    What the product cannot be made to do makes it `proven in part`. Where not every level is proven, it says which
    are: `proven: tls, clear; not asked for: downgrade`. A level of which something else than a pass was told is proven
    in part.
    """
    told = [outcome_of_proof(checks).value]
    missing = unproven(checks, asked)
    if left_out or missing:
        passed = _levels(checks, Verdict.PASSED) & asked
        in_part = passed & _levels(checks, *(verdict for verdict in Verdict if verdict is not Verdict.PASSED))
        told = [
            f"{words}: {level_words(levels)}"
            for words, levels in (
                ("proven", passed - in_part),
                ("proven in part", in_part),
                ("not asked for", left_out),
            )
            if levels
        ]
    silent = [level.value for level in Level if level in missing - {check.level for check in checks}]
    for verdict, more in ((Verdict.WAIVED, []), (Verdict.NOT_ENFORCEABLE, []), (Verdict.NOT_CHECKED, silent)):
        subjects = sorted({check.subject for check in checks if check.verdict is verdict})
        if subjects or more:
            told.append(f"{verdict.value}: {', '.join((*more, *subjects))}")
    return "; ".join(told)


def _levels(checks: Collection[Check], *verdicts: Verdict) -> frozenset[Level]:
    return frozenset(check.level for check in checks if check.verdict in verdicts)
