"""A test call through a trunk to a provider, by what the PBX saw of it. Pure.

The provider has no second witness for us: what is proven is the leg up to it, and nothing beyond.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from confgen.model.check import Check, Evidence, Level, Question, Vantage
from confgen.model.leg import Bound, Called, NotCalled, Witness

if TYPE_CHECKING:
    from confgen.model.provider import ProviderTrunk

_MEND = "order TLS and SRTP from the provider, and `confgen push`"


def outside_questions(pbx: str, trunk: ProviderTrunk) -> tuple[Question, Question]:
    """Signalling and media of a test call."""
    subject = f"{trunk.name}: {pbx} to {trunk.provider.name}"
    return (
        Question(code="CALL-05", level=Level.CALL, subject=subject, vantage=Vantage.INSIDE),
        Question(code="CALL-06", level=Level.CALL, subject=subject, vantage=Vantage.INSIDE),
    )


def outside_checks(pbx: str, trunk: ProviderTrunk, called: Called | NotCalled) -> tuple[Check, Check]:
    """Whether signalling and media of the call were encrypted; a call that nobody took proves nothing."""
    signalling, media = outside_questions(pbx, trunk)
    number = trunk.test_number
    if isinstance(called, NotCalled) and called.is_by_nature:
        return signalling.not_checked(called.reason), media.not_checked(called.reason)
    if isinstance(called, NotCalled):
        return signalling.unknown(called.reason, called.mend), media.unknown(called.reason, called.mend)
    if called.seen is None:
        reason = f"nobody answered {number} ({called.contact or 'no contact'})"
        mend = "is it answered, and does the provider take SRTP? the Asterisk log tells more"
        return signalling.unknown(reason, mend), media.unknown(reason, mend)
    seen = called.seen
    evidence = Evidence(title=f"call from {pbx} to {number}", text=_told(pbx, called, seen))
    return (
        _signalling(signalling, pbx, trunk, called, seen).with_evidence(evidence),
        _half(media, seen.is_media_secure, "media", f"{number} was answered with SRTP up to {trunk.provider.name}")
        .with_evidence(evidence),
    )  # fmt: skip


def _signalling(question: Question, pbx: str, trunk: ProviderTrunk, called: Called, seen: Witness | Bound) -> Check:
    domain = trunk.provider.domain
    if seen.is_signalling_secure and called.is_verifying is not True:
        question = replace(question, code="LEG-03")
        if called.is_verifying is None:
            return question.unknown(f"{pbx} did not tell whether it verifies the certificate of {domain}")
        return question.failed(f"{pbx} does not verify the certificate of {domain}", f"push {pbx} again")
    proven = f"a call to {trunk.test_number} went over TLS to {domain}, whose certificate was verified"
    return _half(question, seen.is_signalling_secure, "signalling", proven)


def _half(question: Question, is_secure: bool | None, what: str, proven: str) -> Check:  # noqa: FBT001 -- what was told
    match is_secure:
        case True:
            return question.passed(proven)
        case False:
            return question.failed(f"the call was answered with {what} in clear", _MEND)
        case None:
            return question.unknown(f"the PBX did not tell whether {what} was encrypted")


def _told(pbx: str, called: Called, seen: Witness | Bound) -> str:
    lines = [f"{pbx}, which called: {seen.words}"]
    return "\n".join([*lines, *([f"TLS of {pbx}: {called.said}"] if called.said else [])])
