"""A call with DTLS-SRTP (RFC 5763): proven, and then tried with a certificate that was not announced."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from confgen.model.check import CALLED_OFF, Check, Level, Question, Verdict
from confgen.streams.tcp import TimedOut
from confgen.verify.encrypted_call import address_of, call
from confgen.verify.media_verdict import control_checks, encrypted, packets, slipped_in
from confgen.verify.wire import sdp
from confgen.verify.wire.dtls import DtlsEnd, DtlsFailed, RefusedByAlert, WrongCertificate, make_certificate
from confgen.verify.wire.listener import Sort
from confgen.verify.wire.speaker import Purpose
from confgen.verify.wire.srtp import DTLS_PROFILE

if TYPE_CHECKING:
    from collections.abc import Iterator

    from confgen.verify.encrypted_call import AnsweredCall, CallRecord
    from confgen.verify.media import Media
    from confgen.verify.probe import Probe
    from confgen.verify.wire.dtls import DtlsKeys, OwnCertificate

_SUBJECT = "a call with DTLS"
_FIREWALL = "may this machine reach the PBX's RTP ports by UDP, and they it?"
_LEAST_WAIT = 0.2  # seconds; even next door a loaded machine needs its time
_ROUND_TRIPS = 4  # that silence must last to say something
_MARGIN = 0.05  # seconds
_UNHEARD = 25  # packets at most that a PBX which does not know our certificate must not play
_SAID_INTO_SILENCE = 5  # packets that say enough where nothing at all comes back
_IN_THE_RACE = 2  # of them that may be played before the certificate is compared, where the call is not ended for it
_SLOWEST_END = 3.0  # seconds that a loaded PBX may take from its first packet to hanging up


@dataclass(slots=True)
class _Handshake:
    """What became of a handshake."""

    keys: DtlsKeys | None = None
    failure: DtlsFailed | None = None
    is_silent: bool = False
    is_hung_up: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class _Wait:
    """How long what a PBX plays is waited for, measured by how long it took in the good call; all in seconds."""

    round_trip: float
    patience: float

    @property
    def seconds(self) -> float:
        """Several times what it took, and not longer than is waited for anything."""
        return min(self.patience, max(_LEAST_WAIT, _ROUND_TRIPS * self.round_trip + _MARGIN))

    @property
    def is_enough(self) -> bool:
        """Whether silence for so long says something."""
        return self.seconds >= 2 * self.round_trip

    @property
    def compared(self) -> str:
        """What silence is held against."""
        return f"with the announced certificate they came within {self.round_trip:.2g} s"


def dtls_checks(probe: Probe, *, is_long: bool) -> Iterator[Check]:
    """One call as it should be, and a short one with a wrong fingerprint; `is_long` waits for RTCP too."""
    certificate, handshake = make_certificate(), _Handshake()

    def talk(answered: AnsweredCall) -> None:
        media = _agreed(answered, certificate, handshake)
        if media is None:
            return
        media.prove()
        if is_long and media.is_proven:
            media.wait_for_control()

    record = call(probe, lambda local: sdp.dtls(local.host, local.port, certificate.fingerprint), talk)
    question = _question(probe, "CALL-13")
    proven = record.shown_with(_proven(question, record, handshake, probe))
    yield proven
    media = record.media
    if media is not None and media.is_proven:
        yield slipped_in(_question(probe, "CALL-11"), media).with_evidence(packets(media))
        yield from control_checks(_question(probe, "CALL-15"), media, is_long=is_long)
    if (
        media is not None and proven.verdict is Verdict.PASSED
    ):  # where a good certificate is not heard, that a bad one is not says nothing
        yield _stranger_check(probe, certificate, media)


def _proven(question: Question, record: CallRecord, handshake: _Handshake, probe: Probe) -> Check:
    if isinstance(handshake.failure, WrongCertificate):
        return question.failed(str(handshake.failure), "does somebody stand in the way of the media? push again")
    if handshake.failure is not None:
        return question.failed(f"no keys were agreed on: {handshake.failure}", "push again")
    if handshake.is_silent:
        return question.unknown(
            "answered as it should be, and the handshake got no answer",
            _FIREWALL,
        )
    if record.media is None or handshake.keys is None:
        return record.without_media(question, probe)
    return encrypted(question, record.media, f"{DTLS_PROFILE}, {handshake.keys.version} {handshake.keys.cipher}")


def _agreed(answered: AnsweredCall, certificate: OwnCertificate, handshake: _Handshake) -> Media | None:
    """Media with the keys of a handshake; None where none were agreed on."""
    stream = answered.stream
    if stream.fingerprint is None:
        raise ValueError("there is no fingerprint in this answer")
    # Whoever says `active` begins (RFC 4145 §4).
    pace = answered.pace
    end = DtlsEnd(answered.datagrams, address_of(stream), certificate, is_client=stream.setup == "passive")
    try:
        keys = handshake.keys = end.shake_hands(stream.fingerprint, pace.first_word, pace.handshake)
    except DtlsFailed as failure:
        handshake.failure = failure
        return None
    except TimedOut:
        handshake.is_silent = True
        return None
    media = answered.media(keys.ours, keys.theirs)
    media.hand_over(end.early, end.take)
    return media


def _stranger_check(probe: Probe, certificate: OwnCertificate, good: Media) -> Check:
    """The same certificate, and an offer that announces another one; `good` is the media of the call that was right."""
    question, handshake = _question(probe, "CALL-14", "a call with DTLS and a wrong fingerprint"), _Handshake()
    wrong = sdp.Fingerprint.of_no_certificate()
    wait = _Wait(round_trip=good.round_trip, patience=probe.pace.patience)

    def talk(answered: AnsweredCall) -> None:
        media = _agreed(answered, certificate, handshake)
        if media is not None:
            _speak_and_wait(answered, media, wait.seconds)
            handshake.is_hung_up = answered.agent.is_hung_up

    record = call(probe, lambda local: sdp.dtls(local.host, local.port, wrong), talk)
    if record.trouble == CALLED_OFF:
        return question.unknown(CALLED_OFF)
    return record.shown_with(_refused(question, record, handshake, wait))


def _speak_and_wait(answered: AnsweredCall, media: Media, seconds: float) -> None:
    """Say packets until the first had so long to come back, or the far end hangs up; longer where any was heard.

    Asterisk plays what comes before it has compared the certificate, and then hangs up.
    """
    agent, step = answered.agent, answered.pace.packet
    waited = math.ceil(seconds / step)
    for said in range(_UNHEARD + waited):
        if said < _UNHEARD:
            media.say_one()
        agent.attend(step)
        media.hear()
        if agent.is_hung_up or _is_played(media, is_hung_up=True):
            return
        if said >= _SAID_INTO_SILENCE + waited and not media.listener.total:
            return
    if _is_played(media, is_hung_up=False):
        agent.attend(_SLOWEST_END)
        media.hear()


def _is_played(media: Media, *, is_hung_up: bool) -> bool:
    """Whether anything came but what may win the race with the comparison: exact, authentic, and the first packets.

    Where the far end has hung up for it, they are those that were said until then: where every one of them came back,
    it did not stop hearing because of the certificate.
    """
    exact = media.listener.exact.values()
    has_stopped = is_hung_up and len(exact) < _UNHEARD
    early = len(exact) if has_stopped else sum(spoken.number < _IN_THE_RACE for spoken in exact)
    return media.listener.total - media.listener.counts[Sort.REPEATED] > early


def _refused(question: Question, record: CallRecord, handshake: _Handshake, wait: _Wait) -> Check:
    if record.outcome is None or record.faults or isinstance(handshake.failure, WrongCertificate):
        why = record.trouble or "; ".join(record.faults) or str(handshake.failure)
        return question.unknown(f"the call did not come so far: {why}")
    if isinstance(handshake.failure, RefusedByAlert):
        return question.passed(f"refused in the handshake: {handshake.failure}")
    if handshake.failure is not None:
        return question.unknown(f"no keys were agreed on: {handshake.failure}")
    if handshake.is_silent:  # a firewall may open only some of the PBX's RTP ports
        return question.unknown("the handshake got no answer", _FIREWALL)
    if record.media is None:
        return question.unknown(f"answered {record.outcome.status} {record.outcome.reason}: {record.trouble}")
    return _unheard(question, record.media, handshake, wait, record.trouble)


def _unheard(question: Question, media: Media, handshake: _Handshake, wait: _Wait, trouble: str) -> Check:
    if _is_played(media, is_hung_up=handshake.is_hung_up):
        sent = media.speaker.count(Purpose.PROOF)
        return question.failed(
            f"{media.listener.total} packets came of {sent} that were said, though the certificate was not the "
            "announced one",
            "push again: dtls_verify is not what was pushed",
        )
    if handshake.is_hung_up:
        return question.passed(f"the PBX hung up{_early(media)}")
    if trouble:
        return question.unknown(f"it could not be told to its end: {trouble}")
    heard = len(media.listener.exact) or "none"
    sent = media.speaker.count(Purpose.PROOF)
    if not wait.is_enough:
        return question.unknown(
            f"{heard} of {sent} packets came back within {wait.seconds:.1f} s, and {wait.compared}: too short to tell"
        )
    return question.passed(
        f"not heard: {heard} of {sent} packets came back within {wait.seconds:.1f} s{_early(media)}; {wait.compared}"
    )


def _early(media: Media) -> str:
    exact = len(media.listener.exact)
    return f"; {exact} packets came back before the certificate was compared" if exact else ""


def _question(probe: Probe, code: str, subject: str = _SUBJECT) -> Question:
    return Question(code=code, level=Level.CALL, subject=subject, vantage=probe.target.vantage)
