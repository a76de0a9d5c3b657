"""What the answer to a case proves. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING

from confgen.verify.negative_cases import CalledBy, Expected
from confgen.verify.wire.user_agent import CHALLENGES, FIRST_FAILURE, OK

if TYPE_CHECKING:
    from confgen.model.check import Check, Question
    from confgen.verify.negative_cases import OfferCase
    from confgen.verify.wire.sdp import Answer, Media
    from confgen.verify.wire.user_agent import Outcome

NOT_ACCEPTABLE = 488
_DTLS_PROFILES = frozenset({"UDP/TLS/RTP/SAVPF", "UDP/TLS/RTP/SAVP"})
_KEY_PROFILES = frozenset({"RTP/AVP", "RTP/SAVP", "RTP/AVPF", "RTP/SAVPF"})
_ENCRYPTING_SUITES = frozenset(  # RFC 4568 §6.2, RFC 6188, RFC 7714
    {
        "AES_CM_128_HMAC_SHA1_80",
        "AES_CM_128_HMAC_SHA1_32",
        "F8_128_HMAC_SHA1_80",
        "AES_192_CM_HMAC_SHA1_80",
        "AES_192_CM_HMAC_SHA1_32",
        "AES_256_CM_HMAC_SHA1_80",
        "AES_256_CM_HMAC_SHA1_32",
        "AEAD_AES_128_GCM",
        "AEAD_AES_256_GCM",
    }
)
_STRANGER_REFUSED = frozenset({*CHALLENGES, 403})
_NO_SUCH_NUMBER = frozenset({403, 404, 604})
# Who is told one of these was let in as far as the number, or the offer.
_LOOKED_AT = frozenset({404, 415, 420, 480, 484, 486, 488, 604, 606})

_PUSH = "push again: media_encryption is not what was pushed"
_OPEN = "push again: who has no password, and the probe, must reach no number that costs money"


def verdict(question: Question, case: OfferCase, expected: Expected, outcome: Outcome) -> Check:
    """How a case was answered, beside how it must be; an answer that says nothing of it is unknown."""
    match expected:
        case Expected.REFUSED:
            return _refused(question, outcome, may_be_encrypted=False)
        case Expected.REFUSED_OR_ENCRYPTED:
            return _refused(question, outcome, may_be_encrypted=True)
        case Expected.REFUSED_BEFORE_ANY_LEG:
            return _before_any_leg(question, case.caller, outcome)


def protection(media: Media) -> str | None:
    """How a stream of an answer is encrypted, in words; None where it is not."""
    if media.profile in _DTLS_PROFILES and media.fingerprint is not None:
        return f"{media.profile} with a fingerprint"
    if media.profile not in _KEY_PROFILES or not media.crypto:
        return None
    for crypto in media.crypto:
        weakened = [word for word in crypto.session_parameters if word.startswith("UN")]
        if crypto.suite not in _ENCRYPTING_SUITES or weakened:
            return None
    return f"{media.profile} with a key for {media.crypto[0].suite}"


def _refused(question: Question, outcome: Outcome, *, may_be_encrypted: bool) -> Check:
    if outcome.status == NOT_ACCEPTABLE:
        return question.passed("refused with 488")
    if not OK <= outcome.status < FIRST_FAILURE:
        return question.unknown(f"answered {outcome.status} {outcome.reason}, not 488")
    if outcome.answer is None:
        return question.failed(f"answered {outcome.status} without a word about media", _PUSH)
    return _taken(question, f"answered {outcome.status}", outcome.answer, may_be_encrypted=may_be_encrypted)


def _taken(question: Question, answered: str, answer: Answer, *, may_be_encrypted: bool) -> Check:
    streams = [media for media in answer.media if media.port]  # RFC 3264 §6: port 0 refuses a stream
    if not streams:
        return question.passed(f"{answered}, and every stream in it refused")
    clear = [media.profile for media in streams if protection(media) is None]
    if clear:
        return question.failed(f"{answered} with {', '.join(clear)}: a call without encryption is taken", _PUSH)
    kinds = ", ".join(str(protection(media)) for media in streams)
    if may_be_encrypted:
        return question.passed(f"{answered}, encrypted: {kinds}")
    return question.failed(f"{answered} with {kinds}: what must be refused is taken", _PUSH)


def _before_any_leg(question: Question, caller: CalledBy, outcome: Outcome) -> Check:
    refused = _STRANGER_REFUSED if caller is CalledBy.STRANGER else _NO_SUCH_NUMBER
    if outcome.has_progressed:
        return question.failed(f"a leg may have begun before it was answered {outcome.status}", _OPEN)
    if outcome.status in refused:
        return question.passed(f"refused with {outcome.status} before any leg")
    if OK <= outcome.status < FIRST_FAILURE:
        return question.failed(f"answered {outcome.status}: the call is taken", _OPEN)
    if outcome.status in _LOOKED_AT:
        return question.failed(f"answered {outcome.status} {outcome.reason}: only what was offered is refused", _OPEN)
    return question.unknown(f"answered {outcome.status} {outcome.reason}")
