"""A rule: a code, how much it weighs in each profile, and what it finds."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from confgen.model.finding import Finding, Severity
from confgen.model.policy import OFF, Policy, Profile
from confgen.policy.company import Company

Check = Callable[[Company], Iterable[Finding]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Together:
    """How many findings of a rule about one PBX are told as one: each is waived by itself before."""

    message: str  # with `{who}`, their subjects, and `{pbx}`
    apart: int = 20  # so many at most are told one by one
    named: int = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """What `policy:` may weigh otherwise, and mostly waive too; what it means is said by `confgen explain`.

    `check` gives findings of this code alone, whose severity counts for nothing: the weight is the rule's. It is None
    where loading, a driver or the judgement itself finds it; such a finding may weigh less than its rule by itself, and
    keeps that where the inventory and its profile leave the rule as it is.
    """

    code: str
    severity: Severity | None  # in the baseline; None: off there
    profiles: Mapping[Profile, Severity | None] = field(default_factory=lambda: MappingProxyType({}))  # where otherwise
    check: Check | None = None
    together: Together | None = None  # None: each is told by itself, however many there are
    is_waivable: bool = True  # False: neither waived nor weakened; it has a waiver of its own form, or is about waivers

    def weight(self, profile: Profile) -> Severity | None:
        """Its severity in a profile; None where it is off."""
        return self.profiles.get(profile, self.severity)

    def weight_by(self, policy: Policy) -> Severity | None:
        """Its severity in an inventory; None where it is off. What must not be weakened, or not so, is not."""
        weight = self.weight(policy.profile)
        setting = policy.settings.get(self.code)
        if setting is None:
            return weight
        if is_weaker(setting.severity, weight) and not (self.is_waivable and setting.reason):
            return weight
        return setting.severity


def is_weaker(one: Severity | None, other: Severity | None) -> bool:
    """Whether one weighs less than the other; None, which is off, weighs nothing."""
    return _ORDER.index(one) > _ORDER.index(other)


def weight_words(weight: Severity | None) -> str:
    """As `policy:` has it."""
    return OFF if weight is None else weight.value


_ORDER: tuple[Severity | None, ...] = (*Severity, None)  # gravest first
