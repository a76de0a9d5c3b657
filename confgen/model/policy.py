"""How strictly an inventory is judged: a profile, rules weighed otherwise, and waivers that end."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    from confgen.model.finding import Finding, Place, Severity

OFF = "off"  # what a rule is set to that is not asked


class Profile(Enum):
    """A set of weights for all rules."""

    BASELINE = "baseline"
    STRICT = "strict"
    BSI = "bsi"  # NET.4.2 and TR-02102 of the Bundesamt für Sicherheit in der Informationstechnik


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleSetting:
    """A rule that weighs something else in this inventory than in its profile."""

    code: str
    severity: Severity | None  # None: it is off
    reason: str
    place: Place


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiver:
    """An exception from one rule, which somebody answers for, up to a last day."""

    code: str
    pbx: str  # a pattern as in the shell, of names of PBXs
    subject: str  # likewise, of what the finding is about on that PBX: an extension's number, a trunk's name
    owner: str
    reason: str
    until: date  # the last day on which it holds
    place: Place

    @property
    def words(self) -> str:
        """`waived until 2027-03-31 by Ann: the carrier moves in March`."""
        return f"waived until {self.until.isoformat()} by {self.owner}: {self.reason}"

    def covers(self, finding: Finding) -> bool:
        """Whether the finding is what it is written for, its day aside."""
        is_of_subject = fnmatchcase(finding.subject or "", self.subject)
        return finding.code == self.code and self.is_for(finding.pbx) and is_of_subject

    def is_for(self, pbx: str | None) -> bool:
        """Whether it is written for this PBX, or for what is about none where it is for all."""
        return fnmatchcase(pbx or "", self.pbx)


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy:
    """What `policy:` says; without a word, the baseline."""

    profile: Profile = Profile.BASELINE
    settings: Mapping[str, RuleSetting] = field(default_factory=dict, hash=False)  # by code
    waivers: tuple[Waiver, ...] = ()
