"""Each datagram is of one sort, and what a network does to a packet is not held against the PBX."""

from __future__ import annotations

import os

import pytest
from pylibsrtp import Policy, Session

from confgen.streams.tcp import Address
from confgen.verify.wire.datagrams import Datagram
from confgen.verify.wire.listener import Listener, Sort
from confgen.verify.wire.rtp import Header, payload_of
from confgen.verify.wire.speaker import Purpose, Speaker
from confgen.verify.wire.srtp import Incoming, Outgoing
from tests.verify.media_pbx import REPORT

REMOTE = Address(host="192.0.2.1", port=20000)
OURS, THEIRS = bytes(range(30)), bytes(range(30, 60))


class FarEnd:
    """What an honest far end would answer."""

    def __init__(self, key: bytes = THEIRS) -> None:
        self.incoming, self.outgoing, self.sequence = Incoming(OURS), Outgoing(key), 0

    def say(self, payload: bytes, source: int = 9) -> bytes:
        self.sequence += 1
        return self.outgoing.protect(Header(sequence=self.sequence, timestamp=0, source=source).build() + payload)

    def echo(self, packet: bytes) -> bytes:
        clear = self.incoming.unprotect(packet)
        assert isinstance(clear, bytes)
        return self.say(payload_of(clear))


@pytest.fixture
def speaker() -> Speaker:
    return Speaker(OURS)


@pytest.fixture
def listener(speaker: Speaker) -> Listener:
    return Listener(speaker, REMOTE, THEIRS)


def taken(listener: Listener, content: bytes, source: Address = REMOTE, *, on_control_port: bool = False) -> Sort:
    return listener.take(Datagram(content=content, source=source, is_on_control_port=on_control_port))


def test_an_echo_is_exact_and_the_same_one_again_is_repeated(speaker: Speaker, listener: Listener) -> None:
    far_end = FarEnd()
    first, second = (far_end.echo(speaker.proof()) for _ in range(2))
    assert [taken(listener, one) for one in (second, first, first, second)] == [
        Sort.EXACT, Sort.EXACT, Sort.REPEATED, Sort.REPEATED,
    ]  # fmt: skip
    assert listener.count(Purpose.PROOF) == 2
    assert listener.count(Purpose.PROOF, since=1) == 1


def test_a_payload_that_comes_back_in_two_packets_counts_once(speaker: Speaker, listener: Listener) -> None:
    far_end = FarEnd()
    payload = payload_of_last(speaker, speaker.proof())
    assert [taken(listener, far_end.say(payload)) for _ in range(2)] == [Sort.EXACT, Sort.REPEATED]


def payload_of_last(speaker: Speaker, _packet: bytes) -> bytes:
    return list(speaker.spoken)[-1]


def test_the_sorts_that_may_never_come(speaker: Speaker, listener: Listener) -> None:
    far_end, ours = FarEnd(), speaker.proof()
    payload = payload_of_last(speaker, ours)
    clear = Header(sequence=1, timestamp=0, source=9).build() + payload
    good = far_end.echo(ours)
    assert taken(listener, clear) is Sort.IN_CLEAR
    assert taken(listener, b"anything" + payload, Address(host="198.51.100.7", port=1)) is Sort.IN_CLEAR
    assert taken(listener, good, Address(host=REMOTE.host, port=REMOTE.port + 2)) is Sort.FOREIGN
    assert taken(listener, good, Address(host="192.0.2.2", port=REMOTE.port)) is Sort.FOREIGN
    assert taken(listener, FarEnd(os.urandom(30)).say(payload)) is Sort.NOT_AUTHENTIC
    assert taken(listener, os.urandom(182)[:0] + b"\x50" * 182) is Sort.NOT_AUTHENTIC
    assert taken(listener, far_end.say(payload, speaker.source)) is Sort.OWN_SOURCE
    assert taken(listener, REPORT) is Sort.CONTROL_IN_CLEAR
    assert taken(listener, REPORT, Address(host=REMOTE.host, port=20001), on_control_port=True) is Sort.CONTROL_IN_CLEAR
    assert listener.exact == {}


def test_what_anybody_may_send_is_a_stray_unless_it_is_of_this_call(speaker: Speaker, listener: Listener) -> None:
    somebody = Address(host="198.51.100.7", port=REMOTE.port)
    far_end = FarEnd()
    good = far_end.echo(speaker.proof())
    strays = [b"", b"x", bytes(20), REPORT, b"\x16\xfe\xfd" + bytes(10), FarEnd(OURS).say(bytes(160))]
    assert {taken(listener, stray, somebody) for stray in strays} == {Sort.STRAY}
    assert taken(listener, REPORT, somebody, on_control_port=True) is Sort.STRAY
    assert listener.total == 0
    assert taken(listener, good) is Sort.EXACT
    assert taken(listener, good, somebody) is Sort.FOREIGN
    assert taken(listener, far_end.say(bytes(160)), somebody) is Sort.FOREIGN
    control = Session(Policy(key=THEIRS, ssrc_type=Policy.SSRC_ANY_OUTBOUND)).protect_rtcp(REPORT)
    assert taken(listener, control, somebody) is Sort.FOREIGN
    assert taken(listener, b"x", Address(host=REMOTE.host, port=1)) is Sort.FOREIGN


def test_what_is_ours_and_comes_back_as_it_was_is_reflected(speaker: Speaker, listener: Listener) -> None:
    ours = speaker.proof()
    assert taken(listener, ours) is Sort.REFLECTED
    assert taken(listener, Header(sequence=3, timestamp=5, source=9).build() + ours[12:]) is Sort.REFLECTED


def test_what_else_comes_on_a_port_of_media_is_no_media(listener: Listener) -> None:
    assert taken(listener, b"\x16\xfe\xfd" + bytes(10)) is Sort.HANDSHAKE
    assert taken(listener, b"\x00\x01\x00\x00\x21\x12\xa4\x42" + bytes(12)) is Sort.HANDSHAKE
    assert listener.total == 0
    assert taken(listener, bytes(20)) is Sort.NOT_AUTHENTIC  # no cookie: anything, but not STUN


def test_a_key_that_stays_keeps_its_memory_and_the_last_one_is_still_known(
    speaker: Speaker, listener: Listener
) -> None:
    old, new = FarEnd(), FarEnd(bytes(30))
    first, late = (old.echo(speaker.proof()) for _ in range(2))
    taken(listener, first)
    listener.change_key(THEIRS)
    assert taken(listener, first) is Sort.REPEATED
    listener.change_key(bytes(30))
    assert taken(listener, new.echo(speaker.proof())) is Sort.EXACT
    assert taken(listener, late) is Sort.EXACT  # it was on its way


def test_who_moves_is_heard_from_both_places_and_from_no_third(speaker: Speaker, listener: Listener) -> None:
    far_end, new = FarEnd(), Address(host="192.0.2.2", port=20002)
    late, next_one = (far_end.echo(speaker.proof()) for _ in range(2))
    listener.move(new)
    assert taken(listener, next_one, new) is Sort.EXACT
    assert taken(listener, late) is Sort.EXACT  # it was on its way
    assert taken(listener, b"x", Address(host=new.host, port=REMOTE.port)) is Sort.FOREIGN
    assert taken(listener, b"x", Address(host=REMOTE.host, port=new.port)) is Sort.FOREIGN


def test_each_packet_has_a_number_of_its_own_whatever_it_is_for(speaker: Speaker) -> None:
    made = [speaker.proof(), speaker.in_clear(), speaker.forged()]
    speaker.change_key(bytes(30))
    made += [speaker.proof(), speaker.under_old_key()]
    numbers = [int.from_bytes(packet[2:4], "big") for packet in made]
    assert numbers == list(range(numbers[0], numbers[0] + 5))
    assert numbers[-1] < 2**15
    assert [spoken.purpose for spoken in speaker.spoken.values()] == [
        Purpose.PROOF, Purpose.CLEAR, Purpose.FORGED, Purpose.NEW_KEY, Purpose.OLD_KEY,
    ]  # fmt: skip
    under_first, under_second = Incoming(OURS), Incoming(bytes(30))
    assert [isinstance(under_first.unprotect(packet), bytes) for packet in made] == [True, False, False, False, True]
    assert [isinstance(under_second.unprotect(packet), bytes) for packet in made] == [False, False, False, True, False]
