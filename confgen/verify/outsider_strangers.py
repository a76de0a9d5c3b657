"""What a stranger gets from a PBX of which nothing is known: nobody is let in, and nobody's name is told."""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING

from confgen import __version__
from confgen.model.check import CALLED_OFF, Level, Question
from confgen.streams.tcp import Address, WireError, dialled
from confgen.streams.tls import shake_hands_unverified
from confgen.verify.target import TIMEOUT
from confgen.verify.wire import sdp
from confgen.verify.wire.user_agent import CHALLENGES, FIRST_FAILURE, OK, Caller, UserAgent

if TYPE_CHECKING:
    from collections.abc import Iterator

    from confgen.model.check import Check
    from confgen.verify.target import Target
    from confgen.verify.wire.user_agent import Outcome

REQUESTS = 2  # of a name that nobody has, without a password: what intrusion detection may count of a run
_FORBIDDEN = 403
_NAMES_ARE_TOLD = frozenset({404, 410, 604})
_PORT = 40000  # stands in the offer; no media is sent


def stranger_checks(target: Target, local: str) -> Iterator[Check]:
    """One call and one registration by a name made up just now, to a number made up too, so that no phone rings."""
    call = _question(target, "AUTH-02", "INVITE without a password")
    name = f"confgen-{secrets.token_hex(4)}"
    caller = Caller(user=name, domain=target.domain, local=Address(host=local, port=_PORT), confgen_version=__version__)
    try:
        with dialled(target.dial, target.address, TIMEOUT) as carrier:
            # Nothing secret is said: whoever answers may hear it.
            stream, _ = shake_hands_unverified(carrier, server_name=target.domain, timeout=TIMEOUT)
            agent = UserAgent(stream, caller, TIMEOUT)
            registered = agent.bindings()  # without a contact: where anybody is let in, nothing of ours stays
            yield _registration(target, registered)
            yield _enumeration(target, registered)
            if target.is_called_off():
                yield call.unknown(CALLED_OFF)
                return
            yield _call(call, agent.invite(sdp.savp(local, _PORT), name))
    except WireError as error:
        yield call.unknown(f"the connection broke: {error}")


def _registration(target: Target, outcome: Outcome) -> Check:
    question = _question(target, "AUTH-03", "REGISTER without a password")
    if outcome.status in CHALLENGES or outcome.status == _FORBIDDEN or outcome.status in _NAMES_ARE_TOLD:
        return question.passed(f"refused with {outcome.status}")
    if OK <= outcome.status < FIRST_FAILURE:
        return question.failed(f"answered {outcome.status}: anybody may register", "demand a password of every name")
    return question.unknown(f"answered {outcome.status} {outcome.reason}, which is no refusal")


def _enumeration(target: Target, outcome: Outcome) -> Check:
    question = _question(target, "OUT-03", "a name that nobody has")
    if outcome.status in CHALLENGES:
        return question.passed(f"asked for a password with {outcome.status}, as a real one is")
    if outcome.status in _NAMES_ARE_TOLD:
        return question.failed(
            f"answered {outcome.status}: whoever tries names learns which ones there are",
            "ask for a password whatever the name is (chan_sip: alwaysauthreject=yes)",
        )
    return question.unknown(f"answered {outcome.status} {outcome.reason}: a real name may be answered otherwise")


def _call(question: Question, outcome: Outcome) -> Check:
    if outcome.status in CHALLENGES or outcome.status == _FORBIDDEN:
        return question.passed(f"refused with {outcome.status}")
    if OK <= outcome.status < FIRST_FAILURE:
        return question.failed(f"answered {outcome.status}: anybody may call", "demand a password of every caller")
    return question.unknown(
        f"answered {outcome.status} {outcome.reason}, without asking who calls",
        "is there an endpoint for callers without a name (`anonymous`, allowguest)?",
    )


def _question(target: Target, code: str, subject: str) -> Question:
    return Question(code=code, level=Level.DOWNGRADE, subject=subject, vantage=target.vantage)
