"""What came of one PBX: plain values that pickle."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from confgen.model.check import Check
    from confgen.model.finding import Finding
    from confgen.model.found import Found
    from confgen.model.plan import Plan
    from confgen.model.saved import SavedPbx


class Outcome(Enum):
    """How the work on one PBX ended, gravest last."""

    UNCHANGED = "unchanged"  # nothing to do, and nothing was verified
    PREPARED = "prepared"  # the host, by a bootstrap; nothing that the PBX reads was written
    PLANNED = "planned"  # changes are pending
    SOUND = "sound"  # of an examination: all could be told, and nothing is wrong
    PROVEN = "proven"  # everything that had to be proven is
    PROVEN_IN_PART = "proven in part"  # the message says what is, what was not asked for, and what not checked
    PENDING = "pending"  # a leg whose other end was not part of this run, or is out of order
    NOT_CHECKED = "not checked"  # a leg that nobody asked to have checked
    RESTORED = "restored"  # back to what was there before confgen, which nothing proves
    UNKNOWN = "unknown"  # could not be reached, or could not tell
    LEFT = "left to the host"  # after the switch, and out of reach: the host goes back by itself
    FAULTY = "faulty"  # of an examination: something is wrong
    NOT_PROVEN = "not proven"  # verification failed, nothing was changed
    REFUSED = "refused"  # before the switch: nothing that the PBX reads was written
    INTERRUPTED = "interrupted"  # by the operator, before the switch
    UNDONE = "undone"  # after the switch: the PBX is as before
    UNDO_FAILED = "undo failed"  # a human must act


EXIT_CODES: Mapping[Outcome, int] = {
    Outcome.UNCHANGED: 0,
    Outcome.PREPARED: 0,
    Outcome.SOUND: 0,
    Outcome.PROVEN: 0,
    Outcome.PROVEN_IN_PART: 0,
    Outcome.PENDING: 0,
    Outcome.NOT_CHECKED: 0,
    Outcome.RESTORED: 0,
    Outcome.PLANNED: 3,
    Outcome.UNKNOWN: 4,
    Outcome.LEFT: 4,
    Outcome.FAULTY: 1,
    Outcome.NOT_PROVEN: 1,
    Outcome.REFUSED: 1,
    Outcome.INTERRUPTED: 130,
    Outcome.UNDONE: 5,
    Outcome.UNDO_FAILED: 6,
}


# After these a PBX is as it was asked to be.
SUCCEEDED = frozenset({Outcome.UNCHANGED, Outcome.PROVEN, Outcome.PROVEN_IN_PART, Outcome.RESTORED})
# After these it was proven, as far as its product lets it be.
STANDS = frozenset({Outcome.PROVEN, Outcome.PROVEN_IN_PART})


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """One PBX after a plan, push, verify, rollback or examination; what did not come to pass is empty or None."""

    pbx: str
    outcome: Outcome
    message: str  # one line for people
    plan: Plan | None = None
    checks: tuple[Check, ...] = ()
    findings: tuple[Finding, ...] = ()
    generation: int | None = None
    seconds: float = 0.0
    is_put_back: bool = False  # it had succeeded in this run, and was taken back because others had not
    savable: SavedPbx | None = None  # the plan as it can be saved
    found: tuple[Found, ...] = ()  # of an examination

    @property
    def exit_code(self) -> int:
        """What this PBX alone would make the command end with."""
        return EXIT_CODES[self.outcome]
