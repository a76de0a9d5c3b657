"""A leg between two PBXs by one call through it: what both ends saw of that very call. Pure."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from confgen.model.check import Check, Evidence, Level, Question, Vantage
from confgen.model.inventory import Peering
from confgen.model.leg import Bound, Called, NotCalled, NotRegistered, Witness

if TYPE_CHECKING:
    from collections.abc import Callable

    from confgen.model.inventory import TrunkEnd

_SLACK = 1.0  # seconds: both clocks tell whole ones
_PUSH = "push both ends again"
NOBODY_CALLS = "LEG-04"  # of a direction in which no call can be made: it says nothing of the leg


def peer_questions(pbx: str, trunk: TrunkEnd) -> tuple[Question, Question]:
    """Signalling and media of a call from a PBX to the peer at the other end of its trunk."""
    subject = f"{trunk.name}: {pbx} to {trunk.peer}"
    return (
        Question(code="CALL-01", level=Level.CALL, subject=subject, vantage=Vantage.INSIDE),
        Question(code="CALL-02", level=Level.CALL, subject=subject, vantage=Vantage.INSIDE),
    )


def peer_checks(
    pbx: str,
    trunk: TrunkEnd,
    called: Called | NotCalled | NotRegistered,
    heard: Witness | Bound | NotCalled | None,
    *,
    seconds: float,
) -> tuple[Check, Check]:
    """Whether signalling and media were encrypted: by the word of both ends, or it is not proven.

    `heard` is the newest call that the peer remembers of this trunk, None where it remembers none; `seconds` have gone
    by since the call was begun. One end at least has to be a witness of the call.
    """
    signalling, media = peer_questions(pbx, trunk)
    if isinstance(called, NotCalled):
        return signalling.unknown(called.reason, called.mend), media.unknown(called.reason, called.mend)
    if isinstance(called, NotRegistered):
        return signalling.failed(called.reason, called.mend), media.unknown("no call came about")
    if called.seen is None:
        checks = _unanswered(signalling, media, trunk, called, heard, seconds)
    else:
        far = _of_the_same_call(trunk, called.seen, heard, seconds)
        checks = _answered(signalling, media, pbx, trunk, called, called.seen, far)
    evidence = Evidence(title=f"call from {pbx} to {trunk.peer}", text=_told(pbx, trunk, called, heard))
    return checks[0].with_evidence(evidence), checks[1].with_evidence(evidence)


def nobody_calls(pbx: str, trunk: TrunkEnd, called: NotCalled) -> Check:
    """Of a PBX whose product makes no calls: it is no fault, and proves nothing. The call the other way does."""
    signalling, _ = peer_questions(pbx, trunk)
    return replace(signalling, code=NOBODY_CALLS).not_checked(called.reason)


def _unanswered(
    signalling: Question,
    media: Question,
    trunk: TrunkEnd,
    called: Called,
    heard: Witness | Bound | NotCalled | None,
    seconds: float,
) -> tuple[Check, Check]:
    not_answered = signalling.failed(
        f"a call through the trunk was not answered ({called.contact or 'no contact'})",
        f"is {trunk.peer} up, and does it let calls of this trunk reach its echo number?"
        if trunk.peering is Peering.PEER_REGISTERS
        else f"is {trunk.peer} up, does {trunk.peer_domain} resolve here, and does its certificate carry that name?",
    )
    if isinstance(heard, Witness) and _is_of_now(heard, seconds) and heard.is_media_secure is False:
        return not_answered, media.failed(f"{trunk.peer} was called without SRTP, and hung up", _PUSH)
    return not_answered, media.unknown("no call came about")


def _answered(
    signalling: Question,
    media: Question,
    pbx: str,
    trunk: TrunkEnd,
    called: Called,
    seen: Witness | Bound,
    far: Witness | Bound | NotCalled,
) -> tuple[Check, Check]:
    def judge(question: Question, what: str, of: Callable[[Witness | Bound], bool | None], proven: str) -> Check:
        near_says = of(seen)
        if isinstance(far, NotCalled):
            if near_says is False:
                return question.failed(f"{pbx} made the call with {what} in clear", _PUSH)
            return replace(question, code="LEG-01").unknown(far.reason, far.mend)
        if isinstance(far, Bound) and of(far) is False:
            return question.failed(f"{trunk.peer} may have {what} in clear: {far.said}", f"push {trunk.peer} again")
        return _judged(question, what, {pbx: near_says, trunk.peer: of(far)}, proven)

    signalled = judge(
        signalling,
        "signalling",
        lambda witness: witness.is_signalling_secure,
        f"TLS at both ends of a call to {trunk.peer}, by the connection on which it has proven its password"
        if trunk.peering is Peering.PEER_REGISTERS
        else f"TLS at both ends of a call to {trunk.peer_domain}, whose certificate was verified",
    )
    return (
        _with_verification(signalling, signalled, pbx, trunk, called),
        judge(media, "media", lambda witness: witness.is_media_secure, "SRTP at both ends of the call"),
    )


def _of_the_same_call(
    trunk: TrunkEnd, seen: Witness | Bound, heard: Witness | Bound | NotCalled | None, seconds: float
) -> Witness | Bound | NotCalled:
    """What the called end tells, where one of the two is a witness of this very call.

    A call of an end that tells of no single one is the newest by the trunk to the echo number, begun since.
    """
    match heard:
        case NotCalled():
            return NotCalled(reason=f"{trunk.peer}, which was called, does not tell: {heard.reason}", mend=heard.mend)
        case None:
            return NotCalled(reason=f"{trunk.peer}, which was called, tells of no call", mend=_PUSH)
        case Bound() if isinstance(seen, Bound):
            return NotCalled(reason=f"neither end tells of the call; {trunk.peer} tells {heard.words}")
        case Bound():
            return heard
        case Witness():
            is_the_same = _is_of_now(heard, seconds) if isinstance(seen, Bound) else _has_one_name(seen, heard)
            if is_the_same:
                return heard
            return NotCalled(
                reason=f"{trunk.peer}, which was called, tells of another call, not of this one", mend=_PUSH
            )


def _has_one_name(seen: Witness, heard: Witness) -> bool:
    return bool(seen.call) and heard.call == seen.call


def _is_of_now(heard: Witness, seconds: float) -> bool:
    return heard.age is not None and heard.age <= seconds + _SLACK


def _judged(question: Question, what: str, says: dict[str, bool | None], proven: str) -> Check:
    """What the two ends make of one half of the leg; `says` is by the name of the PBX."""
    in_clear = [name for name, is_secure in says.items() if is_secure is False]
    silent = [name for name, is_secure in says.items() if is_secure is None]
    if len(in_clear) == len(says):
        return question.failed(f"{what} in clear, as both ends tell", _PUSH)
    if in_clear and not silent:
        (encrypted,) = (name for name in says if name not in in_clear)
        return replace(question, code="LEG-02").failed(
            f"{what} was encrypted at {encrypted} and in clear at {in_clear[0]}: the two do not see the same call",
            "something between them takes the call apart; let them reach each other without it",
        )
    if in_clear:
        return question.failed(f"{in_clear[0]} tells of {what} in clear", _PUSH)
    if silent:
        return replace(question, code="LEG-01").unknown(
            f"{' and '.join(silent)} did not tell whether {what} was encrypted", _PUSH
        )
    return question.passed(proven)


def _with_verification(question: Question, check: Check, pbx: str, trunk: TrunkEnd, called: Called) -> Check:
    """TLS with whoever answers is not TLS with the peer."""
    if check != question.passed(check.message) or called.is_verifying:
        return check
    question = replace(question, code="LEG-03")
    if called.is_verifying is None:
        return question.unknown(f"{pbx} did not tell whether it verifies the certificate of {trunk.peer}")
    return question.failed(
        f"{pbx} does not verify the certificate of {trunk.peer_domain}", f"verify_server = yes: push {pbx} again"
    )


def _told(pbx: str, trunk: TrunkEnd, called: Called, heard: Witness | Bound | NotCalled | None) -> str:
    match heard:
        case None:
            far = "no call"
        case NotCalled():
            far = heard.reason
        case Witness() | Bound():
            far = heard.words
    near = called.contact or "no contact" if called.seen is None else called.seen.words
    lines = [f"{pbx}, which called: {near}", f"{trunk.peer}, which was called: {far}"]
    return "\n".join([*lines, *([f"TLS of {pbx}: {called.said}"] if called.said else [])])
