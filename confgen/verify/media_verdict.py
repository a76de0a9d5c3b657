"""What the packets of one call prove. Pure: they have been counted.

A network loses, doubles and reorders packets, and no good PBX may fail for that; a single packet that should not have
come back is enough to fail a bad one. Silence proves nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from confgen.model.check import Check, Evidence, Question
from confgen.verify.media import ENOUGH, ENOUGH_AFTERWARDS, NEVER
from confgen.verify.wire.listener import Sort
from confgen.verify.wire.speaker import Purpose
from confgen.verify.wire.tone import tone_share

if TYPE_CHECKING:
    from collections.abc import Iterator

    from confgen.verify.media import Media

_PUSH_AGAIN = "push again: the media encryption of this endpoint is not what was pushed"
_UP_TO_DATE = "is the PBX up to date? its SRTP does not do what it should"
_FIREWALL = "may this machine reach the PBX's RTP ports by UDP, and they it?"
_SPEAKS_FIRST = "does the number say something first? It must answer and echo at once"
_WORDS = {
    Sort.IN_CLEAR: "with our audio in clear",
    Sort.OWN_SOURCE: "naming us as the source",
    Sort.FOREIGN: "from another address or port than answered",
    Sort.NOT_AUTHENTIC: "not authentic under the answered key",
}


def encrypted(question: Question, media: Media, how: str) -> Check:
    """Whether what was sent came back encrypted, and nothing came that was not."""
    speaker, listener = media.speaker, media.listener
    faults = _faults(media)
    if faults:
        return question.failed(f"there came {'; '.join(faults)}", _PUSH_AGAIN)
    exact, sent = listener.count(Purpose.PROOF), speaker.count(Purpose.PROOF)
    if not listener.total:
        return question.unknown(f"{sent} packets were sent, and nothing came back", _FIREWALL)
    if exact < ENOUGH and listener.counts[Sort.OTHER_AUDIO]:
        other = _many(listener.counts[Sort.OTHER_AUDIO])
        return question.unknown(f"{exact} of {sent} packets came back, and {other} of other sound", _SPEAKS_FIRST)
    if exact < ENOUGH:
        return question.unknown(f"only {exact} of {sent} packets came back: too few", _FIREWALL)
    share = tone_share(payload for payload, spoken in listener.exact.items() if spoken.purpose is Purpose.PROOF)
    return question.passed(
        f"{exact} of {sent} packets came back exactly, encrypted with {how}; {share:.1%} of the sound is our tone"
    )


def _faults(media: Media) -> tuple[str, ...]:
    """What came and should not have come; RTCP is judged apart."""
    counts = media.listener.counts
    faults = [f"{_many(counts[sort])} {_WORDS[sort]}" for sort in NEVER if counts[sort]]
    exact = media.listener.count(Purpose.PROOF)
    if counts[Sort.REFLECTED] > exact:
        faults.append(f"{_many(counts[Sort.REFLECTED])} of our own, as they were")
    return tuple(faults)


def slipped_in(question: Question, media: Media) -> Check:
    """Whether what was slipped into the running stream was played."""
    speaker, listener = media.speaker, media.listener
    played = [
        f"{_many(count)} {purpose.value}"
        for purpose in (Purpose.CLEAR, Purpose.FORGED)
        if (count := listener.count(purpose))
    ]
    if played:
        return question.failed(f"{' and '.join(played)} came back: what is slipped in is played", _UP_TO_DATE)
    if listener.count(Purpose.PROOF, media.after_slipping_in) < ENOUGH_AFTERWARDS:
        return question.unknown("too little came back afterwards to tell whether they were played", _FIREWALL)
    return question.passed(
        f"none of {_many(speaker.count(Purpose.CLEAR))} in clear and {speaker.count(Purpose.FORGED)} with a wrong tag "
        "was played, and the call went on"
    )


def rekeyed(question: Question, media: Media) -> Check:
    """Whether the new key is in force, and the old one is not; where nothing comes any more, that is not told."""
    speaker, listener = media.speaker, media.listener
    old, new = listener.count(Purpose.OLD_KEY), listener.count(Purpose.NEW_KEY)
    if old:
        return question.failed(f"{_many(old)} under the old key came back: it still counts", _UP_TO_DATE)
    if not new:
        sent = speaker.count(Purpose.NEW_KEY)
        return question.unknown(f"it was agreed on, and none of {_many(sent)} under it came back", _FIREWALL)
    if new < ENOUGH_AFTERWARDS or not listener.count(Purpose.NEW_KEY, media.after_old_key):
        return question.unknown(f"only {new} packets under the new key came back: too few", _FIREWALL)
    return question.passed(
        f"{new} packets under the new key came back, and none of {speaker.count(Purpose.OLD_KEY)} under the old one"
    )


def control_checks(question: Question, media: Media, *, is_long: bool) -> Iterator[Check]:
    """Whether all RTCP was encrypted and authentic; in a short call none comes, and then nothing is said of it."""
    counts = media.listener.counts
    if counts[Sort.CONTROL_IN_CLEAR]:
        words = f"there came {_many(counts[Sort.CONTROL_IN_CLEAR])} of RTCP not encrypted, or not authentic"
        yield question.failed(words, _PUSH_AGAIN).with_evidence(packets(media))
    elif counts[Sort.CONTROL]:
        words = f"{_many(counts[Sort.CONTROL])} of RTCP came, encrypted and authentic"
        yield question.passed(words).with_evidence(packets(media))
    elif is_long and media.is_proven:
        yield question.unknown("no RTCP came", _FIREWALL)


def _many(count: int) -> str:
    return "1 packet" if count == 1 else f"{count} packets"


def packets(media: Media) -> Evidence:
    """What was sent and what came, counted."""
    return Evidence(title="packets", text="\n".join(_lines(media)))


def _lines(media: Media) -> Iterator[str]:
    for purpose in Purpose:
        if sent := media.speaker.count(purpose):
            yield f"sent {sent} {purpose.value}: {media.listener.count(purpose)} came back authentic and exact"
    for sort in Sort:
        if counted := media.listener.counts[sort]:
            yield f"received {counted}: {sort.value}"
    if not media.listener.total:
        yield "received no media"
