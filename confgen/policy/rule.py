"""A rule: a code, how much it weighs in each profile, and what it finds."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from confgen.model.finding import Finding, Severity
from confgen.model.policy import Profile
from confgen.policy.company import Company

Check = Callable[[Company], Iterable[Finding]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """What `policy:` may weigh otherwise and waive; what it means is said by `confgen explain`.

    `check` gives findings of this code alone, whose severity counts for nothing: the weight is the rule's. It is None
    where loading or a driver finds it.
    """

    code: str
    severity: Severity | None  # in the baseline; None: off there
    profiles: Mapping[Profile, Severity | None] = field(default_factory=lambda: MappingProxyType({}))  # where otherwise
    check: Check | None = None

    def weight(self, profile: Profile) -> Severity | None:
        """Its severity in a profile; None where it is off."""
        return self.profiles.get(profile, self.severity)
