"""Only what is authentic, new and encrypted is taken, whoever it was encrypted by."""

from __future__ import annotations

import os

import pylibsrtp
import pytest

from confgen.verify.wire.rtp import Header
from confgen.verify.wire.srtp import Incoming, Outgoing, Refusal, UnusableKey
from tests.verify.media_pbx import REPORT
from tests.verify.wire.srtp_by_hand import authentic_rtcp_in_clear, authentic_rtp_in_clear

KEY = bytes(range(30))
# The packet that libsrtp tests itself with; its key is that of RFC 3711 §B.3.
VECTOR_KEY = bytes.fromhex("e1f97a0d3e018be0d64fa32c06de41390ec675ad498afeebb6960b3aabe6")
VECTOR_CLEAR = bytes.fromhex("800f1234decafbadcafebabe" + "ab" * 16)
VECTOR_ENCRYPTED = bytes.fromhex("800f1234decafbadcafebabe4e55dc4ce79978d88ca4d215949d2402b78d6acc99ea179b8dbb")


def packet(sequence: int = 1) -> bytes:
    return Header(sequence=sequence, timestamp=sequence * 160, source=7).build() + os.urandom(160)


def test_libsrtps_own_vector() -> None:
    assert Outgoing(VECTOR_KEY).protect(VECTOR_CLEAR) == VECTOR_ENCRYPTED
    assert Incoming(VECTOR_KEY).unprotect(VECTOR_ENCRYPTED) == VECTOR_CLEAR


def test_what_is_protected_is_taken_once_whatever_its_order() -> None:
    outgoing, incoming = Outgoing(KEY), Incoming(KEY)
    sent = [packet(number) for number in range(10)]
    protected = [outgoing.protect(one) for one in sent]
    assert [incoming.unprotect(one) for one in reversed(protected)] == sent[::-1]
    assert {incoming.unprotect(one) for one in protected} == {Refusal.REPLAYED}


def test_a_wrong_key_a_changed_bit_and_a_clear_packet_are_not_authentic() -> None:
    sent = packet()
    protected = Outgoing(KEY).protect(sent)
    wrong = [sent, sent + os.urandom(10), protected[:-1] + bytes([protected[-1] ^ 1]), protected[:40], bytes(2000)]
    assert {Incoming(KEY).unprotect(one) for one in wrong} == {Refusal.NOT_AUTHENTIC}
    assert Incoming(os.urandom(30)).unprotect(protected) is Refusal.NOT_AUTHENTIC


def test_a_packet_that_is_authentic_and_clear_does_not_come_out_as_it_went_in() -> None:
    sent = packet()
    assert Incoming(KEY).unprotect(authentic_rtp_in_clear(KEY, sent)) not in {sent, Refusal.NOT_AUTHENTIC}


def test_rtcp_is_taken_only_when_it_is_authentic_and_encrypted() -> None:
    session = pylibsrtp.Session(pylibsrtp.Policy(key=KEY, ssrc_type=pylibsrtp.Policy.SSRC_ANY_OUTBOUND))
    protected = session.protect_rtcp(REPORT)
    incoming = Incoming(KEY)
    assert incoming.unprotect_control(protected) == REPORT
    assert incoming.unprotect_control(protected) is Refusal.REPLAYED
    wrong = [REPORT, protected[:-1] + bytes([protected[-1] ^ 1]), authentic_rtcp_in_clear(KEY, REPORT), b"\x80\xc8"]
    assert {Incoming(KEY).unprotect_control(one) for one in wrong} == {Refusal.NOT_AUTHENTIC}


@pytest.mark.parametrize("length", [0, 16, 29, 31, 46])
def test_a_key_of_another_length_is_none(length: int) -> None:
    with pytest.raises(UnusableKey):
        Outgoing(bytes(length))
    with pytest.raises(UnusableKey):
        Incoming(bytes(length))
