"""Each case against a small PBX: as Asterisk answers it, wrongly, and with what says nothing."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial

import pytest

from confgen.model.check import Check, Level, Question, Vantage, Verdict
from confgen.model.inventory import MediaEncryption
from confgen.model.secret import Secret
from confgen.streams.tcp import Address, connect
from confgen.verify.case_verdicts import protection, verdict
from confgen.verify.interview import Interview
from confgen.verify.negative_cases import Called, CalledBy, OfferCase, offer_cases
from confgen.verify.wire.digest import Credentials
from confgen.verify.wire.sdp import parse_answer
from confgen.verify.wire.sip import Request
from confgen.verify.wire.transcript import Transcript
from confgen.verify.wire.user_agent import Caller, UserAgent
from tests.verify.wire.servers import serving
from tests.verify.wire.sip_server import Connection, FakePbx

PASSWORD = "correct horse"
KEY = "a=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:" + "A" * 40
FINGERPRINT = "a=fingerprint:sha-256 AB:CD"
PLAIN = "m=audio 20014 RTP/AVP 0"
SAVP = f"m=audio 20014 RTP/SAVP 0\r\n{KEY}"
DTLS = f"m=audio 20014 UDP/TLS/RTP/SAVPF 0\r\n{FINGERPRINT}"
REFUSED_STREAM = "m=audio 0 RTP/AVP 0"

# What Asterisk 22 and 16 answer to these; all others are refused.
_ANSWERED = {
    "key-on-plain": f"{PLAIN}\r\n{KEY}",
    "lifetime-beyond": SAVP,
    "short-tags": SAVP.replace("_80", "_32"),
    "plain-second": f"{SAVP}\r\n{REFUSED_STREAM}",
    "plain-second-dtls": f"{DTLS}\r\n{REFUSED_STREAM}",
    "dtls-without-fingerprint": DTLS,
    "dtls-weak-fingerprint": DTLS,
}
_ASKED = [(case, encryption) for case in offer_cases() for encryption in case.expected]

Invite = Callable[[Connection, Request], None]


def described(streams: str) -> bytes:
    return f"v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=-\r\nc=IN IP4 127.0.0.1\r\nt=0 0\r\n{streams}\r\n".encode()


def replying(status: int, streams: str = "") -> Invite:
    body = described(streams) if streams else b""
    return lambda connection, request: connection.reply(request, status, "So be it", body=body)


def ringing_first(status: int) -> Invite:
    def on_invite(connection: Connection, request: Request) -> None:
        connection.reply(request, 180, "Ringing")
        connection.reply(request, status, "So be it")

    return on_invite


def as_asterisk(case: OfferCase, encryption: MediaEncryption) -> Invite:
    if case.number is Called.OUTSIDE:
        return replying(404)
    is_of_sdes = case.name in {"key-on-plain", "short-tags"}
    if case.name in _ANSWERED and not (is_of_sdes and encryption is MediaEncryption.DTLS):
        return replying(200, _ANSWERED[case.name])
    return replying(488)


@contextmanager
def calling(pbx: FakePbx, case: OfferCase, timeout: float = 5) -> Iterator[Callable[[MediaEncryption], Check]]:
    """Put the case to the PBX, on a plain connection: what TLS does, its own tests show."""
    credentials = Credentials(username="probe", password=Secret(PASSWORD)) if case.caller is CalledBy.PROBE else None
    with serving(pbx.serve) as address:
        stream = connect(address.host, address.port, 5)
        caller = Caller(
            user="probe",
            domain="pbx.example.test",
            local=Address(host="127.0.0.1", port=9),
            confgen_version="1.2.3",
            credentials=credentials,
        )
        transcript = Transcript()
        interview = Interview(agent=UserAgent(stream, caller, timeout, transcript), transcript=transcript)
        question = Question(code=case.code, level=Level.DOWNGRADE, subject=case.title, vantage=Vantage.OPERATOR)

        def put(encryption: MediaEncryption) -> Check:
            return interview.check(
                question,
                partial(UserAgent.invite, offer=case.to("127.0.0.1", 9), number="600"),
                partial(verdict, question, case, case.expected[encryption]),
            )

        yield put
        stream.close()


cases = pytest.mark.parametrize(
    ("case", "encryption"), _ASKED, ids=[f"{case.name}-{encryption.value}" for case, encryption in _ASKED]
)


@cases
def test_as_asterisk_answers_it_a_case_passes_and_shows_the_conversation(
    case: OfferCase, encryption: MediaEncryption
) -> None:
    pbx = FakePbx(password=PASSWORD, on_invite=as_asterisk(case, encryption))
    with calling(pbx, case) as put:
        check = put(encryption)
    assert check.verdict is Verdict.PASSED, check.message
    (evidence,) = check.evidence
    assert evidence.title == case.title
    assert ">>>" in evidence.text
    assert "SIP/2.0" in evidence.text
    keys = [
        line.split("inline:")[1] for line in pbx.requests("INVITE")[-1].body.decode().split("\r\n") if "inline" in line
    ]
    assert not [key for key in keys if key.partition("|")[0].partition(" ")[0] in evidence.text]


@cases
def test_taken_wrongly_a_case_fails(case: OfferCase, encryption: MediaEncryption) -> None:
    wrong = [replying(200, PLAIN), replying(200), replying(200, f"{SAVP} UNENCRYPTED_SRTP")]
    wrong += [replying(200, SAVP.replace("AES_CM_128", "NULL")), replying(200, DTLS.replace(FINGERPRINT, "a=x"))]
    if case.number is Called.OUTSIDE:
        wrong = [replying(488), replying(486), replying(200, SAVP), ringing_first(404), ringing_first(403)]
    elif case.expected[encryption].value == "refused":
        wrong += [replying(200, SAVP), replying(200, DTLS)]
    else:
        wrong.append(replying(200, f"{SAVP}\r\n{PLAIN}"))  # one stream of two is clear
    pbx = FakePbx(password=PASSWORD if case.caller is CalledBy.PROBE else None)
    with calling(pbx, case) as put:
        for pbx.on_invite in wrong:
            check = put(encryption)
            assert check.verdict is Verdict.FAILED, check.message
            assert check.mend


@cases
def test_what_says_nothing_of_a_case_is_unknown(case: OfferCase, encryption: MediaEncryption) -> None:
    answers = [replying(500), replying(408), replying(503)]
    if case.number is Called.ECHO:
        answers += [replying(403), replying(404)]
    garbled = replying(200, "m=audio x RTP/SAVP 0")
    pbx = FakePbx(password=PASSWORD if case.caller is CalledBy.PROBE else None)
    with calling(pbx, case, timeout=0.5) as put:
        for pbx.on_invite in (*answers, garbled):
            assert put(encryption).verdict is Verdict.UNKNOWN


def test_silence_is_unknown_and_ends_the_conversation() -> None:
    case = next(case for case in offer_cases() if case.name == "plain")
    pbx = FakePbx(password=PASSWORD, on_invite=lambda _connection, _request: None)
    with calling(pbx, case, timeout=0.05) as put:
        silent = put(MediaEncryption.SDES)
        pbx.on_invite = replying(488)
        after = put(MediaEncryption.SDES)
    assert silent.verdict is after.verdict is Verdict.UNKNOWN
    assert silent.evidence
    assert "not asked" in after.message


def test_an_answer_that_refuses_every_stream_is_a_refusal() -> None:
    case = next(case for case in offer_cases() if case.name == "plain-with-feedback")
    with calling(FakePbx(password=PASSWORD, on_invite=replying(200, REFUSED_STREAM)), case) as put:
        assert put(MediaEncryption.DTLS).verdict is Verdict.PASSED


@pytest.mark.parametrize(
    ("streams", "words"),
    [
        (SAVP, "RTP/SAVP with a key for AES_CM_128_HMAC_SHA1_80"),
        (f"{PLAIN}\r\n{KEY}", "RTP/AVP with a key for AES_CM_128_HMAC_SHA1_80"),
        (DTLS, "UDP/TLS/RTP/SAVPF with a fingerprint"),
        (PLAIN, None),
        (f"{PLAIN}\r\n{FINGERPRINT}", None),
        (f"{SAVP} UNAUTHENTICATED_SRTP", None),
        (f"{SAVP} UNENCRYPTED_SRTCP", None),
        (f"{SAVP}\r\n{KEY.replace('AES_CM', 'NULL')}", None),
        ("m=audio 20014 UDP/TLS/RTP/SAVPF 0", None),
        (f"m=audio 20014 TCP/MRCP 0\r\n{KEY}", None),
    ],
)
def test_a_stream_is_encrypted_by_a_key_or_a_fingerprint_that_counts(streams: str, words: str | None) -> None:
    assert protection(parse_answer(described(streams)).media[0]) == words
