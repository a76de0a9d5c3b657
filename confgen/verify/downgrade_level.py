"""Level *downgrade*: a call without SRTP is refused, and so is whoever does not say who it is."""

from __future__ import annotations

from typing import TYPE_CHECKING

from confgen.model.check import Check, Level, Question, Verdict
from confgen.verify.probe import MEDIA_PORT, probe_of
from confgen.verify.wire import sdp
from confgen.verify.wire.stream import WireError
from confgen.verify.wire.user_agent import CHALLENGES, FIRST_FAILURE, OK

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from confgen.model.driver import Material
    from confgen.model.inventory import Pbx
    from confgen.verify.probe import Probe
    from confgen.verify.target import Target
    from confgen.verify.wire.user_agent import Outcome

_NOT_ACCEPTABLE = 488

# What is offered, and the code that speaks of it. Each must be refused with 488.
_OFFERS: tuple[tuple[str, str, Callable[[str, int], sdp.Offer]], ...] = (
    ("SRTP-06", "plain RTP", sdp.plain),
    ("SRTP-06", "SAVP without a key", sdp.savp_without_crypto),
    ("SRTP-07", "the NULL suite", sdp.null_suite),
    ("SRTP-07", "UNENCRYPTED_SRTP", sdp.unencrypted_srtp),
    ("SRTP-07", "UNAUTHENTICATED_SRTP", sdp.unauthenticated_srtp),
)


def downgrade_checks(target: Target, pbx: Pbx, material: Material, local: str) -> Iterator[Check]:
    """Strangers first, then the probe: one encrypted call as the control, and offers that must be refused."""
    probe = probe_of(target, pbx, material, local)
    if probe is None:
        yield _question(target, "SRTP-05", "probe").unknown("there is no probe to call with", "give the PBX a `probe`")
        return
    try:
        yield from _stranger_checks(probe)
        yield from _probe_checks(probe)
    except WireError as error:
        yield _question(target, "SRTP-05", str(target)).unknown(f"the connection broke: {error}")


def _stranger_checks(probe: Probe) -> Iterator[Check]:
    with probe.agent(has_password=False) as agent:
        call = agent.invite(sdp.savp(probe.local, MEDIA_PORT), probe.echo_number)
        yield _stranger(_question(probe.target, "AUTH-02", "INVITE without a password"), call)
        yield _stranger(_question(probe.target, "AUTH-03", "REGISTER without a password"), agent.register())


def _stranger(question: Question, outcome: Outcome) -> Check:
    if outcome.status in CHALLENGES:
        return question.passed(f"refused with {outcome.status}")
    if OK <= outcome.status < FIRST_FAILURE:
        return question.failed(f"answered {outcome.status}", "push again: its `auth` is missing")
    return question.unknown(
        f"answered {outcome.status} {outcome.reason}, not a challenge",
        "may the probe come from here? see `probe: {permit: …}`",
    )


def _probe_checks(probe: Probe) -> Iterator[Check]:
    with probe.agent(has_password=True) as agent:
        encrypted = agent.invite(sdp.savp(probe.local, MEDIA_PORT), probe.echo_number)
        control = _control(_question(probe.target, "SRTP-05", "an encrypted call"), encrypted)
        yield control
        for code, words, offer in _OFFERS:
            question = _question(probe.target, code, words)
            if control.verdict is Verdict.PASSED:
                yield _refusal(question, agent.invite(offer(probe.local, MEDIA_PORT), probe.echo_number))
            else:  # that a clear call is refused says nothing where an encrypted one is not answered
                yield question.unknown("not asked: the encrypted call was not answered")


def _control(question: Question, outcome: Outcome) -> Check:
    if outcome.status in CHALLENGES:
        return question.failed("the probe's password is refused", "push again: it is not the pushed one")
    if outcome.status != OK or outcome.answer is None:
        return question.failed(
            f"answered {outcome.status} {outcome.reason}",
            "does the probe reach the echo number, and is res_srtp loaded?",
        )
    media = outcome.answer.media[0]
    if media.profile != "RTP/SAVP" or len(media.crypto) != 1 or media.crypto[0].session_parameters:
        return question.failed(f"answered with {media.profile} and {len(media.crypto)} keys", "push again")
    return question.passed(f"answered with {media.profile}, {media.crypto[0].suite}")


def _refusal(question: Question, outcome: Outcome) -> Check:
    if outcome.status == _NOT_ACCEPTABLE:
        return question.passed("refused with 488")
    if OK <= outcome.status < FIRST_FAILURE:
        return question.failed(
            f"answered {outcome.status}: a call without encryption is taken",
            "push again: media_encryption is not what was pushed",
        )
    return question.unknown(f"answered {outcome.status} {outcome.reason}, not 488")


def _question(target: Target, code: str, subject: str) -> Question:
    return Question(code=code, level=Level.DOWNGRADE, subject=subject, vantage=target.vantage)
