"""Checks: one thing that was measured on a PBX, from where, and what came of it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import Enum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime


class Verdict(Enum):
    """What a check found; unknown is not passed.

    Pending is a leg whose far end does not know this inventory yet, or is out of order; not checked is what the
    inventory says is the user's own and what nobody has asked to have checked; waived is what is wrong, and somebody
    answers for it until a day; not enforceable is what the product has no setting for. None of them proves anything,
    and none of them fails.
    """

    PASSED = "passed"
    FAILED = "failed"
    UNKNOWN = "unknown"
    PENDING = "pending"
    NOT_CHECKED = "not checked"
    WAIVED = "waived"
    NOT_ENFORCEABLE = "not enforceable"


GRAVEST_FIRST = (
    Verdict.FAILED,
    Verdict.UNKNOWN,
    Verdict.WAIVED,
    Verdict.NOT_ENFORCEABLE,
    Verdict.PENDING,
    Verdict.NOT_CHECKED,
    Verdict.PASSED,
)


CALLED_OFF = "not asked: interrupted"  # the message of what somebody kept from being asked


class Vantage(Enum):
    """From where a check looked at the PBX."""

    OPERATOR = "operator"  # from the machine that runs confgen
    HOST = "host"  # a TCP connection through the SSH connection
    INSIDE = "inside"  # CLI, sockets and files on the PBX itself


class Level(Enum):
    """The levels of proof, weakest claim first."""

    STATE = "state"
    TLS = "tls"
    CLEAR = "clear"
    DOWNGRADE = "downgrade"
    CALL = "call"


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """What was seen, word for word, with every secret blanked: a handshake, SIP messages, counts of packets."""

    title: str  # `INVITE without SRTP`
    text: str  # lines


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """One measurement: `subject` names what was looked at, `message` what was seen, `mend` what to do if it failed."""

    code: str
    level: Level
    subject: str
    verdict: Verdict
    vantage: Vantage
    message: str
    mend: str = ""
    evidence: tuple[Evidence, ...] = ()
    ends_at: datetime | None = None  # when what was looked at ends by itself, as a certificate does

    def with_evidence(self, *evidence: Evidence) -> Check:
        """The same, and what it rests on."""
        return replace(self, evidence=(*self.evidence, *evidence))


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """What is about to be measured; its methods turn the answer into a check."""

    code: str
    level: Level
    subject: str
    vantage: Vantage

    def passed(self, message: str) -> Check:
        """It is as it should be."""
        return self._check(Verdict.PASSED, message)

    def failed(self, message: str, mend: str) -> Check:
        """It is not as it should be."""
        return self._check(Verdict.FAILED, message, mend)

    def unknown(self, message: str, mend: str = "") -> Check:
        """It could not be told."""
        return self._check(Verdict.UNKNOWN, message, mend)

    def pending(self, message: str) -> Check:
        """It cannot be asked yet."""
        return self._check(Verdict.PENDING, message)

    def not_checked(self, message: str) -> Check:
        """It is the user's own, and not asked for."""
        return self._check(Verdict.NOT_CHECKED, message)

    def waived(self, waiver: str, message: str) -> Check:
        """It is wrong, and somebody answers for it: `waiver` reads `waived until 2027-03-31 by Ann`."""
        return self._check(Verdict.WAIVED, f"{waiver}: {message}")

    def not_enforceable(self, reason: str, message: str) -> Check:
        """It is wrong, and no setting of the product mends it."""
        return self._check(Verdict.NOT_ENFORCEABLE, f"{reason}: {message}")

    def _check(self, verdict: Verdict, message: str, mend: str = "") -> Check:
        return Check(
            code=self.code,
            level=self.level,
            subject=self.subject,
            verdict=verdict,
            vantage=self.vantage,
            message=message,
            mend=mend,
        )
