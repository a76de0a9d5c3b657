"""One call with an encrypted offer, whatever its keys come from, and what is to be said where no media came of it."""

from __future__ import annotations

import ipaddress
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from confgen.model.check import CALLED_OFF, Check, Question, Vantage
from confgen.streams.tcp import Address, WireError
from confgen.verify.answered import faults_of_answer
from confgen.verify.media import Media
from confgen.verify.media_verdict import packets
from confgen.verify.probe import MEDIA_PORT
from confgen.verify.wire.datagrams import bound
from confgen.verify.wire.transcript import Transcript
from confgen.verify.wire.user_agent import CHALLENGES, OK

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from confgen.verify.probe import Pace, Probe
    from confgen.verify.wire import sdp
    from confgen.verify.wire.datagrams import Datagrams
    from confgen.verify.wire.user_agent import Outcome, UserAgent

_NO_DATAGRAMS = "no datagram goes through SSH: verify from a machine that reaches the PBX's RTP ports"


@dataclass(slots=True, kw_only=True)
class CallRecord:
    """What has become of a call; it is filled in while the call goes on, so that nothing is lost when it breaks."""

    transcript: Transcript = field(default_factory=Transcript)
    outcome: Outcome | None = None
    faults: tuple[str, ...] = ()  # of the answer
    media: Media | None = None
    trouble: str = ""  # what ended it early

    def shown_with(self, check: Check) -> Check:
        """The call's check with the messages, the packets counted, and what else went wrong, if it does not say so."""
        messages = self.transcript.evidence("SIP messages")
        shown = check.with_evidence(messages, packets(self.media)) if self.media else check.with_evidence(messages)
        if not self.trouble or self.trouble in check.message:
            return shown
        # Such as a BYE without answer: no failure of what was asked, and nothing to be silent about.
        return replace(shown, message=f"{check.message}; and then: {self.trouble}")

    def without_media(self, question: Question, probe: Probe) -> Check:
        """What is to be said where no media was agreed on."""
        if self.outcome is None:
            is_called_off = self.trouble == CALLED_OFF
            return question.unknown(CALLED_OFF if is_called_off else f"no call came about: {self.trouble}")
        if self.outcome.status != OK:
            return _refused(question, probe, self.outcome)
        if self.faults:
            return question.failed(f"answered, and {'; '.join(self.faults)}", "push again")
        if question.vantage is not Vantage.OPERATOR:
            return question.not_checked(f"answered as it should be; {_NO_DATAGRAMS}")
        return question.unknown(f"answered, and then: {self.trouble}")


def _refused(question: Question, probe: Probe, outcome: Outcome) -> Check:
    if outcome.status in CHALLENGES:
        return question.failed("the probe's password is refused", "push again: it is not the pushed one")
    if (check := probe.not_reached(question, outcome)) is not None:
        return check
    return question.failed(
        f"answered {outcome.status} {outcome.reason}",
        "does the probe reach the echo number, and is res_srtp loaded?",
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class AnsweredCall:
    """A call that is up, answered as it should be, with sockets for its media."""

    pace: Pace
    agent: UserAgent
    datagrams: Datagrams
    offer: sdp.Offer
    stream: sdp.Media
    record: CallRecord

    def media(self, ours: bytes, theirs: bytes) -> Media:
        """Its media under these keys."""
        media = self.record.media = Media(self.datagrams, address_of(self.stream), ours, theirs, self.pace)
        return media


def call(probe: Probe, describe: Callable[[Address], sdp.Offer], talk: Callable[[AnsweredCall], None]) -> CallRecord:
    """Call the echo number with an offer of media at our address, and talk while the call is up."""
    record, is_over = CallRecord(), False
    if probe.target.is_called_off():
        record.trouble = CALLED_OFF
        return record
    try:
        with _sockets(probe) as datagrams, probe.agent(transcript=record.transcript) as agent:
            local = datagrams.local if datagrams else Address(host=probe.local, port=MEDIA_PORT)
            offer = describe(local)
            with agent.call(offer, probe.echo_number) as outcome:
                record.outcome = outcome
                if outcome.status == OK:
                    record.faults = faults_of_answer(offer, outcome.answer)
                if outcome.answer is not None and not record.faults and datagrams is not None:
                    stream = outcome.answer.media[0]
                    talk(
                        AnsweredCall(
                            pace=probe.pace,
                            agent=agent,
                            datagrams=datagrams,
                            offer=offer,
                            stream=stream,
                            record=record,
                        )
                    )
                is_over = True
    except WireError as error:
        record.trouble = f"hanging up was not answered: {error}" if is_over else str(error)
    return record


def address_of(stream: sdp.Media) -> Address:
    """Where a stream is expected, its address written as the system writes it."""
    return Address(host=str(ipaddress.ip_address(stream.address or "")), port=stream.port)


@contextmanager
def _sockets(probe: Probe) -> Iterator[Datagrams | None]:
    """Sockets for media where datagrams reach the PBX."""
    if probe.target.vantage is not Vantage.OPERATOR:
        yield None
        return
    with bound(probe.local) as datagrams:
        yield datagrams
