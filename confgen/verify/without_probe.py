"""Level *downgrade* of a PBX on which confgen makes no probe: what strangers get, and no more."""

from __future__ import annotations

import secrets
from functools import partial
from typing import TYPE_CHECKING

from confgen import __version__
from confgen.model.check import Level, Question
from confgen.streams.tcp import Address, WireError, dialled
from confgen.streams.tls import shake_hands_unverified
from confgen.verify.interview import Interview
from confgen.verify.negative_cases import offer_cases
from confgen.verify.outsider_strangers import stranger_checks
from confgen.verify.probe import MEDIA_PORT
from confgen.verify.target import TIMEOUT
from confgen.verify.wire.transcript import Transcript
from confgen.verify.wire.user_agent import CHALLENGES, FIRST_FAILURE, OK, Caller, UserAgent

if TYPE_CHECKING:
    from collections.abc import Iterator

    from confgen.model.check import Check
    from confgen.verify.negative_cases import OfferCase
    from confgen.verify.target import Target
    from confgen.verify.wire.user_agent import Outcome

_FORBIDDEN = 403
_PLAIN = "plain"  # the case of an offer without any key


def checks_without_probe(target: Target, local: str) -> Iterator[Check]:
    """What names made up just now are told; an offer without SRTP by a phone of the PBX's is not made."""
    yield from stranger_checks(target, local)
    case = next(case for case in offer_cases() if case.name == _PLAIN)
    question = _question(target, "AUTH-02", "INVITE without SRTP and without a password")
    name = f"confgen-{secrets.token_hex(4)}"
    caller = Caller(
        user=name, domain=target.domain, local=Address(host=local, port=MEDIA_PORT), confgen_version=__version__
    )
    try:
        with dialled(target.dial, target.address, TIMEOUT) as carrier:
            stream, _ = shake_hands_unverified(carrier, server_name=target.domain, timeout=TIMEOUT)
            transcript = Transcript()
            stranger = Interview(
                agent=UserAgent(stream, caller, TIMEOUT, transcript),
                transcript=transcript,
                is_called_off=target.is_called_off,
            )
            yield stranger.check(
                question,
                partial(UserAgent.invite, offer=case.to(local, MEDIA_PORT), number=name),
                partial(_judged, question, case),
            )
    except WireError as error:
        yield question.unknown(f"the connection broke: {error}")
    yield _question(target, "OUT-04", "calls without encryption").not_checked(
        "not made by a phone of this PBX's, where confgen has no probe: what strangers are told says nothing of phones"
    )


def _judged(question: Question, case: OfferCase, outcome: Outcome) -> Check:
    if outcome.has_progressed:
        return question.failed(f"{case.title}: a leg may have begun before it was answered {outcome.status}", _MEND)
    if outcome.status in CHALLENGES or outcome.status == _FORBIDDEN:
        return question.passed(f"refused with {outcome.status} before any leg")
    if OK <= outcome.status < FIRST_FAILURE:
        return question.failed(f"{case.title}: answered {outcome.status}: anybody may call", _MEND)
    return question.unknown(f"answered {outcome.status} {outcome.reason}, without asking who calls")


_MEND = "demand a password of every caller"


def _question(target: Target, code: str, subject: str) -> Question:
    return Question(code=code, level=Level.DOWNGRADE, subject=subject, vantage=target.vantage)
