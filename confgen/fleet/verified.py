"""What the checks of a PBX mean together, when it was verified. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING

from confgen.model.check import Verdict
from confgen.model.result import Outcome
from confgen.push import is_proof, outcome_of_proof, proven_words, unproven

if TYPE_CHECKING:
    from collections.abc import Collection

    from confgen.model.check import Check, Level


def verified(checks: Collection[Check], asked: frozenset[Level], left_out: frozenset[Level]) -> tuple[Outcome, str]:
    """The outcome, and that in a line.

    `left_out` are levels that the inventory asks for and the operator does not. What is not checked proves nothing:
    a level of which nothing passed makes it a proof in part, and where nothing passed at all it is unknown. What the
    product cannot be made to do is no fault, and makes it a proof in part as well.
    """
    verdicts = {check.verdict for check in checks}
    if Verdict.FAILED in verdicts:
        return Outcome.NOT_PROVEN, "not proven"
    if Verdict.UNKNOWN in verdicts:
        return Outcome.UNKNOWN, "some of it could not be told"
    if not is_proof(checks):
        return Outcome.UNKNOWN, "nothing was proven"
    in_part = left_out or unproven(checks, asked)
    outcome = Outcome.PROVEN_IN_PART if in_part else outcome_of_proof(checks)
    return outcome, proven_words(checks, asked, left_out)
