"""What no setting of a product can bring about."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from confgen.model.check import Check, Question, Verdict

if TYPE_CHECKING:
    from collections.abc import Iterable


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """By the codes of checks, and why, in one line each.

    What fails there reads "not enforceable", and what passes passes. `known` are those of them that are so even where
    it could not be seen; `standing` is so whatever is measured.
    """

    reasons: Mapping[str, str] = field(default_factory=dict)
    known: frozenset[str] = frozenset()
    standing: tuple[Check, ...] = ()

    def applied(self, checks: Iterable[Check]) -> tuple[Check, ...]:
        """The checks as they are told of this product."""
        return (*map(self._told, checks), *self.standing)

    def _told(self, check: Check) -> Check:
        reason = self.reasons.get(check.code)
        is_unseen = check.verdict is Verdict.UNKNOWN and check.code in self.known
        if reason is None or not (check.verdict is Verdict.FAILED or is_unseen):
            return check
        question = Question(code=check.code, level=check.level, subject=check.subject, vantage=check.vantage)
        return replace(question.not_enforceable(reason, check.message), evidence=check.evidence, ends_at=check.ends_at)
