"""What a push would change on one PBX, and what it would cost: plain values that pickle."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from confgen.model.check import Check
    from confgen.model.document import Change, Impact
    from confgen.model.driver import Guarantees


class SecurityDelta(Enum):
    """Whether a plan makes the PBX stronger or weaker."""

    STRONGER = "stronger"
    SAME = "same"
    WEAKER = "weaker"


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """One thing that differs in the product's own words: `extension 1001: media_encryption sdes -> dtls`.

    Values are masked where they are sensitive. A whole object that comes or goes has no `option`.
    """

    subject: str
    option: str = ""
    before: str | None = None  # None where it is not there
    after: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CutOff:
    """A contact that is registered now and could not come back after the change."""

    extension: str
    contact: str  # where it is: `udp 192.0.2.7:5060`
    reason: str  # `registers over UDP`


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What a push would change on one PBX, and what it would cost."""

    changes: tuple[Change, ...]
    impact: Impact
    delta: SecurityDelta
    guarantees: Guarantees
    facts: Mapping[str, str]
    generation: int | None
    differences: tuple[Difference, ...] = ()  # what the inventory changes
    weaker: tuple[str, ...] = ()  # what gets weaker, each in words
    edits: tuple[Difference, ...] = ()  # what was changed by hand since confgen wrote it
    running: tuple[Check, ...] = ()  # what the PBX runs otherwise than its files say
    calls: int | None = None  # in progress when looked; None where the PBX did not tell
    registered: int = 0  # contacts, when looked
    cut_off: tuple[CutOff, ...] = ()
    irreversible: Mapping[str, str] = field(default_factory=dict)  # keys of what no undo brings back, and why
