"""Offers say exactly what they are for, and answers are read line by line."""

from __future__ import annotations

import base64

import pytest

from confgen.verify.wire import sdp
from confgen.verify.wire.sdp import Fingerprint, MalformedSdp, Offer, parse_answer

FINGERPRINT = Fingerprint(hash_function="sha-256", value="AB:CD")


@pytest.mark.parametrize(
    ("offer", "profile", "suite"),
    [
        (sdp.savp("192.0.2.1", 4000), "RTP/SAVP", "AES_CM_128_HMAC_SHA1_80"),
        (sdp.dtls("192.0.2.1", 4000, FINGERPRINT), "UDP/TLS/RTP/SAVPF", None),
    ],
)
def test_each_offer_says_what_it_is_for(offer: Offer, profile: str, suite: str | None) -> None:
    (media,) = parse_answer(offer.body()).media
    assert (media.kind, media.port, media.address, media.formats) == ("audio", 4000, "192.0.2.1", ("0",))
    assert media.profile == profile
    assert [crypto.suite for crypto in media.crypto] == ([suite] if suite else [])
    assert all(len(crypto.key_and_salt) == 30 for crypto in media.crypto)
    assert media.fingerprint == (FINGERPRINT if "TLS" in profile else None)


def test_each_offer_has_a_key_of_its_own() -> None:
    first, second = sdp.savp("192.0.2.1", 1), sdp.savp("192.0.2.1", 1)
    assert first.crypto is not None
    assert second.crypto is not None
    assert first.crypto.key_and_salt != second.crypto.key_and_salt


def test_a_fingerprint_of_no_certificate_never_begins_with_the_byte_that_asterisk_takes_for_none() -> None:
    values = [Fingerprint.of_no_certificate().value for _ in range(3000)]

    assert all(len(value.split(":")) == 32 for value in values)
    assert len(set(values)) == len(values)
    assert not [value for value in values if value.startswith("00:")]


def test_a_key_shows_in_no_repr() -> None:
    offer = sdp.savp("192.0.2.1", 1)
    assert offer.crypto is not None
    key = offer.crypto.key_and_salt
    assert base64.b64encode(key).decode() not in repr(offer)
    assert repr(key) not in repr(offer)


def test_an_ipv6_address_is_named_as_such() -> None:
    assert b"c=IN IP6 2001:db8::1\r\n" in sdp.savp("2001:db8::1", 4000).body()


ANSWER = b"""v=0\r
o=- 1 1 IN IP4 192.0.2.9\r
s=Asterisk\r
c=IN IP4 192.0.2.9\r
t=0 0\r
a=fingerprint:SHA-256 ab:cd\r
m=audio 20014 RTP/SAVP 0 101\r
a=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:AAAA|2^20|1:4 UNENCRYPTED_SRTP KDR=1\r
a=crypto:2 AES_CM_128_HMAC_SHA1_32 inline:BBBB\r
a=setup:active\r
a=rtcp-mux\r
m=video 0 RTP/AVP 99\r
c=IN IP4 192.0.2.10/127\r
"""


def test_an_answer_is_read_stream_by_stream() -> None:
    audio, video = parse_answer(ANSWER).media
    assert (audio.kind, audio.port, audio.profile, audio.formats) == ("audio", 20014, "RTP/SAVP", ("0", "101"))
    assert [(c.tag, c.suite, c.session_parameters) for c in audio.crypto] == [
        (1, "AES_CM_128_HMAC_SHA1_80", ("UNENCRYPTED_SRTP", "KDR=1")),
        (2, "AES_CM_128_HMAC_SHA1_32", ()),
    ]
    assert audio.fingerprint == Fingerprint(hash_function="sha-256", value="AB:CD")
    assert audio.setup == "active"
    assert audio.has_rtcp_mux
    assert (audio.address, video.address) == ("192.0.2.9", "192.0.2.10")
    assert (video.port, video.profile, video.crypto, video.has_rtcp_mux) == (0, "RTP/AVP", (), False)


def test_what_a_stream_says_goes_before_what_the_session_says() -> None:
    session = b"v=0\r\nc=IN IP4 192.0.2.1\r\na=setup:active\r\na=setup:passive\r\n"
    first, second = parse_answer(session + b"m=audio 1 P 0\r\na=setup:holdconn\r\nm=audio 1 P 0\r\n").media
    assert (first.setup, second.setup) == ("holdconn", "active")
    assert first.address == second.address == "192.0.2.1"


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"\xff",
        b"SIP/2.0 200 OK",
        b"v=0\r\nm=audio x RTP/AVP 0\r\n",
        b"v=0\r\n" + 17 * b"m=audio 0 RTP/AVP 0\r\n",
        b"v=0\r\n" + 2**13 * b"a=b:cde\r\n",
        b"v=0\r\nm=audio 65536 RTP/AVP 0\r\n",
        b"v=0\r\nm=audio 99999 RTP/AVP 0\r\n",
        b"v=0\r\nm=audio 1 RTP/SAVP 0\r\na=crypto:1 SUITE inline:SENTINELKEY!\r\n",
        b"v=0\r\nm=audio 1 RTP/SAVP 0\r\na=crypto:1 SUITE inline:SENTINELKEY=A\r\n",
        b"v=0\r\nm=audio 1 RTP/SAVP 0\r\na=fingerprint:sha-256\r\n",
    ],
)
def test_a_broken_answer_is_refused_without_telling_keys(body: bytes) -> None:
    with pytest.raises(MalformedSdp) as raised:
        parse_answer(body)
    assert "SENTINEL" not in str(raised.value)
