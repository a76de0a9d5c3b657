"""Level *downgrade*: a call without SRTP is refused, and so is whoever does not say who it is."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from confgen import __version__
from confgen.model.check import Check, Level, Question, Verdict
from confgen.verify.target import TIMEOUT
from confgen.verify.wire import sdp
from confgen.verify.wire.digest import Credentials
from confgen.verify.wire.handshake import shake_hands
from confgen.verify.wire.stream import Address, WireError, dialled
from confgen.verify.wire.user_agent import CHALLENGES, FIRST_FAILURE, OK, Caller, UserAgent

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from confgen.model.driver import Material
    from confgen.model.inventory import Pbx
    from confgen.model.secret import Secret
    from confgen.verify.target import Target
    from confgen.verify.wire.user_agent import Outcome

_NOT_ACCEPTABLE = 488
_PORT = 40000  # stands in our offers; no media is sent on this level

# What is offered, and the code that speaks of it. Each must be refused with 488.
_OFFERS: tuple[tuple[str, str, Callable[[str, int], sdp.Offer]], ...] = (
    ("SRTP-06", "plain RTP", sdp.plain),
    ("SRTP-06", "SAVP without a key", sdp.savp_without_crypto),
    ("SRTP-07", "the NULL suite", sdp.null_suite),
    ("SRTP-07", "UNENCRYPTED_SRTP", sdp.unencrypted_srtp),
    ("SRTP-07", "UNAUTHENTICATED_SRTP", sdp.unauthenticated_srtp),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Probe:
    """Who calls, whom, and from where."""

    target: Target
    authority: str
    name: str
    secret: Secret
    echo_number: str
    local: str  # our own address, for what our SIP messages say

    @contextmanager
    def agent(self, *, has_password: bool) -> Iterator[UserAgent]:
        """A user agent on a TLS connection of its own."""
        caller = Caller(
            user=self.name,
            domain=self.target.domain,
            local=Address(host=self.local, port=_PORT),
            confgen_version=__version__,
            credentials=Credentials(username=self.name, password=self.secret) if has_password else None,
        )
        with dialled(self.target.dial, self.target.address, TIMEOUT) as carrier:
            stream, _ = shake_hands(
                carrier,
                server_name=self.target.domain,
                authority=self.authority,
                timeout=TIMEOUT,
                client_certificate=self.target.client_certificate,
            )
            yield UserAgent(stream, caller, TIMEOUT)


def downgrade_checks(target: Target, pbx: Pbx, material: Material, local: str) -> Iterator[Check]:
    """Strangers first, then the probe: one encrypted call as the control, and offers that must be refused."""
    if pbx.probe is None or pbx.echo_number is None or material.probe_secret is None:
        yield _question(target, "SRTP-05", "probe").unknown("there is no probe to call with", "give the PBX a `probe`")
        return
    probe = _Probe(
        target=target,
        authority=material.authority,
        name=pbx.probe.name,
        secret=material.probe_secret,
        echo_number=pbx.echo_number,
        local=local,
    )
    try:
        yield from _stranger_checks(probe)
        yield from _probe_checks(probe)
    except WireError as error:
        yield _question(target, "SRTP-05", str(target)).unknown(f"the connection broke: {error}")


def _stranger_checks(probe: _Probe) -> Iterator[Check]:
    with probe.agent(has_password=False) as agent:
        call = agent.invite(sdp.savp(probe.local, _PORT), probe.echo_number)
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


def _probe_checks(probe: _Probe) -> Iterator[Check]:
    with probe.agent(has_password=True) as agent:
        encrypted = agent.invite(sdp.savp(probe.local, _PORT), probe.echo_number)
        control = _control(_question(probe.target, "SRTP-05", "an encrypted call"), encrypted)
        yield control
        for code, words, offer in _OFFERS:
            question = _question(probe.target, code, words)
            if control.verdict is Verdict.PASSED:
                yield _refusal(question, agent.invite(offer(probe.local, _PORT), probe.echo_number))
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
