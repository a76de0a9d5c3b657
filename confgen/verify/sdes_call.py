"""A call with keys in SDP (RFC 4568): proven, disturbed, and given another key while it goes on."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from confgen.model.check import Check, Level, Question
from confgen.verify.answered import faults_of_answer
from confgen.verify.encrypted_call import address_of, call
from confgen.verify.media_verdict import control_checks, encrypted, packets, rekeyed, slipped_in
from confgen.verify.wire import sdp
from confgen.verify.wire.user_agent import OK

if TYPE_CHECKING:
    from collections.abc import Iterator

    from confgen.verify.encrypted_call import AnsweredCall
    from confgen.verify.media import Media
    from confgen.verify.probe import Probe
    from confgen.verify.wire.user_agent import Outcome

_SUBJECT = "a call with SDES"


@dataclass(slots=True)
class _NewKey:
    """What became of the second offer."""

    outcome: Outcome | None = None
    faults: tuple[str, ...] = ()


def sdes_checks(probe: Probe, *, is_long: bool) -> Iterator[Check]:
    """One call, hung up as soon as all is proven; `is_long` waits for RTCP too."""
    new_key = _NewKey()

    def talk(answered: AnsweredCall) -> None:
        media = answered.media(_offered_key(answered.offer), _key(answered.stream))
        media.prove()
        if media.is_proven:
            _change_key(answered, media, new_key)
            if is_long:
                media.wait_for_control()

    record = call(probe, lambda local: sdp.savp(local.host, local.port), talk)
    media, question = record.media, _question(probe, "CALL-10")
    if media is None:
        yield record.shown_with(record.without_media(question, probe))
        return
    yield record.shown_with(encrypted(question, media, sdp.AES_CM_128_HMAC_SHA1_80))
    if media.is_proven:
        counted = packets(media)
        yield slipped_in(_question(probe, "CALL-11"), media).with_evidence(counted)
        yield _new_key_check(_question(probe, "CALL-12"), media, new_key, record.trouble).with_evidence(counted)
    yield from control_checks(_question(probe, "CALL-15"), media, is_long=is_long)


def _change_key(answered: AnsweredCall, media: Media, new_key: _NewKey) -> None:
    offer = answered.offer.with_new_key()
    outcome = new_key.outcome = answered.agent.offer_again(offer)
    if outcome.status != OK:
        return
    new_key.faults = faults_of_answer(offer, outcome.answer)
    if outcome.answer is not None and not new_key.faults:
        stream = outcome.answer.media[0]
        media.change_keys(address_of(stream), _offered_key(offer), _key(stream))


def _new_key_check(question: Question, media: Media, new_key: _NewKey, trouble: str) -> Check:
    if new_key.outcome is None:
        return question.unknown(f"it could not be asked for: {trouble}")
    if new_key.outcome.status != OK:
        return question.unknown(f"answered {new_key.outcome.status} {new_key.outcome.reason}: the call kept its key")
    if new_key.faults:
        return question.failed(f"answered, and {'; '.join(new_key.faults)}", "push again")
    return rekeyed(question, media)


def _offered_key(offer: sdp.Offer) -> bytes:
    if offer.crypto is None:
        raise ValueError("there is no key in this offer")
    return offer.crypto.key_and_salt


def _key(stream: sdp.Media) -> bytes:
    return stream.crypto[0].key_and_salt


def _question(probe: Probe, code: str) -> Question:
    return Question(code=code, level=Level.CALL, subject=_SUBJECT, vantage=probe.target.vantage)
