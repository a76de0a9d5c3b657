"""Whether a 3CX's list of countries names those that may be called, or those that may not. Pure.

Its console calls them allowed, and the parameter behind the list is named NOTALLOWED_COUNTRYCODES; no description says
which of the two the list in the API is. A new PBX lets its own country be called and no other: so a short list that
has it allows, and a long one that lacks it refuses. Everything else tells nothing, and then nothing is written.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING

from confgen.model.words import count, listed

if TYPE_CHECKING:
    from collections.abc import Collection

PARAMETER = "NOTALLOWED_COUNTRYCODES"
_FEWEST = 100  # codes that the world has at the least: who knows fewer cannot tell a long list from a short one
_SHOWN = 5  # codes
_LONGEST = 20  # letters of each
_SEPARATORS = re.compile(r"[\s,;|]+")
_CODE = re.compile(r"[1-9][0-9]*")


class Meaning(Enum):
    """Of CountryCodes."""

    ALLOWED = "allowed"  # those that may be called
    REFUSED = "refused"  # those that may not


@dataclass(frozen=True, slots=True, kw_only=True)
class CountryEvidence:
    """What a PBX tells of its countries, by their codes."""

    build: str  # of 3CX; empty where it is not told
    listed: frozenset[str]  # CountryCodes
    parameter: frozenset[str] | None  # NOTALLOWED_COUNTRYCODES; None where it is not told, or of an unknown form
    own: frozenset[str]  # of the PBX's own country; empty where it is not told
    known: frozenset[str]  # all that there are

    def __str__(self) -> str:
        own = ", ".join(sorted(self.own)) or "not told"
        told = "not told in a form that is known"
        if self.parameter is not None:
            told = "the same" if self.parameter == self.listed else count(len(self.parameter), "code")
        return (
            f"CountryCodes has {count(len(self.listed), 'code')}{self._some}, of {len(self.known)} that there are, "
            f"{PARAMETER} {told}; "
            f"its own country is {own}, and CountryCodes {self._has_own}"
        )

    @property
    def is_consistent(self) -> bool:
        """Whether the list and the parameter are one, or the list is what a parameter of those not allowed leaves."""
        if self.parameter is None:
            return False
        if self.listed == self.parameter:
            return True
        is_rest = not self.listed & self.parameter and self.known <= self.listed | self.parameter
        return is_rest and self._by_own_country is not Meaning.REFUSED  # both of the vendor's words would be wrong

    @property
    def meaning(self) -> Meaning | None:
        """What the list means by what is seen here; None where that is not to be told."""
        return self._by_own_country if self.is_consistent else None

    @property
    def _by_own_country(self) -> Meaning | None:
        if not self.own or not self.own <= self.known or len(self.known) < _FEWEST:
            return None
        share = len(self.listed & self.known) / len(self.known)
        if self.own <= self.listed and share < 1 / 2:
            return Meaning.ALLOWED
        return Meaning.REFUSED if not self.own & self.listed and share > 1 / 2 else None

    @property
    def _some(self) -> str:
        """What they look like, for nobody here has seen a list of a PBX."""
        words = ["".join(sign for sign in code if sign.isprintable())[:_LONGEST] for code in sorted(self.listed)]
        return f" ({listed(words, _SHOWN)})" if words else ""

    @property
    def _has_own(self) -> str:
        return "has it" if self.own and self.own <= self.listed else "does not have it"


def allowed_by(evidence: CountryEvidence, meaning: Meaning) -> frozenset[str]:
    """The countries that may be called."""
    return evidence.listed if meaning is Meaning.ALLOWED else evidence.known - evidence.listed


def listed_for(allowed: Collection[str], evidence: CountryEvidence, meaning: Meaning) -> frozenset[str]:
    """What the list must be so that these may be called and no others; what it has besides the known stays refused."""
    if meaning is Meaning.ALLOWED:
        return frozenset(allowed)
    return (evidence.known - frozenset(allowed)) | (evidence.listed - evidence.known)


def codes_in(text: object) -> frozenset[str] | None:
    """The codes in the value of a parameter; None where it is of another form."""
    if not isinstance(text, str):
        return None
    words = [word for word in _SEPARATORS.split(text) if word]
    return frozenset(words) if all(map(_CODE.fullmatch, words)) else None
