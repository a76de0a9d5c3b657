"""How strictly an inventory is judged: a profile, rules weighed otherwise, and waivers that end."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum
from typing import TYPE_CHECKING

from confgen.model.name_pattern import fits

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
    pbx: str  # a name or a pattern of names of PBXs
    subject: str  # likewise, of what the finding is about on that PBX: an extension's number, a trunk's name
    owner: str
    reason: str
    until: date  # the last day on which it holds
    place: Place

    @property
    def words(self) -> str:
        """`waived until 2027-03-31 by Ann: the carrier moves in March`."""
        return f"waived until {self.until.isoformat()} by {self.owner}: {self.reason}"

    def words_at(self, place: Place | None) -> str:
        """The same beside a finding at this place; of a waiver that stands in another file, with where it does."""
        is_beside = place is not None and place.file == self.place.file
        return self.words if is_beside else f"{self.words} ({self.place})"

    def names(self, finding: Finding) -> bool:
        """Whether its subject is that of the finding, sign by sign."""
        return finding.subject == self.subject

    def fits(self, finding: Finding) -> bool:
        """Whether it is written for the subject of the finding, by a name or by a pattern."""
        return self.names(finding) or fits(self.subject, finding.subject or "")

    def is_for(self, pbx: str | None) -> bool:
        """Whether it is written for this PBX, or for what is about none where it is for all."""
        return fits(self.pbx, pbx or "")


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy:
    """What `policy:` says; without a word, the baseline."""

    profile: Profile = Profile.BASELINE
    settings: Mapping[str, RuleSetting] = field(default_factory=dict, hash=False)  # by code
    waivers: tuple[Waiver, ...] = ()
