"""A transcript shows each message, and no secret of it."""

from __future__ import annotations

import re

import pytest

from confgen.streams.blanking import blanked
from confgen.verify.wire import sdp
from confgen.verify.wire.sip import Request, Response
from confgen.verify.wire.transcript import MESSAGE_LIMIT, TRANSCRIPT_LIMIT, Transcript
from tests.verify.wire.sip_server import ANSWER, FakePbx
from tests.verify.wire.test_user_agent import PASSWORD, calling


def message(*headers: tuple[str, str], body: bytes = b"") -> Request:
    return Request(method="OPTIONS", uri="sip:pbx", headers=headers, body=body)


def test_a_call_is_told_word_for_word_without_its_secrets() -> None:
    pbx = FakePbx(password=PASSWORD)
    transcript = Transcript()
    offer = sdp.savp("127.0.0.1", 9)
    with calling(pbx, PASSWORD, transcript=transcript) as user_agent:
        user_agent.invite(offer, "600")

    evidence = transcript.evidence("a call")

    assert evidence.title == "a call"
    assert re.findall(r"^(?:>>>|<<<).*\n(\S+ \S+)", evidence.text, re.MULTILINE) == [
        "INVITE sip:600@pbx.example.test;transport=tls",
        "SIP/2.0 401",
        "ACK sip:600@pbx.example.test;transport=tls",
        "INVITE sip:600@pbx.example.test;transport=tls",
        "SIP/2.0 200",
        "ACK sip:echo@127.0.0.1:9;x=y",
        "BYE sip:echo@127.0.0.1:9;x=y",
        "SIP/2.0 200",
    ]
    assert "m=audio 9 RTP/SAVP 0" in evidence.text
    assert 'nonce="nonce1"' in evidence.text
    answers = [part for m in pbx.received for value in m.values("Authorization") for part in value.split('"')]
    secrets = [part for part in answers if re.fullmatch("[0-9a-f]{32}", part)]
    assert secrets
    assert offer.crypto is not None
    keys = [str(offer.crypto).partition("inline:")[2], ANSWER.decode().partition("inline:")[2].strip(), PASSWORD]
    assert [secret for secret in (*secrets, *keys) if secret in evidence.text] == []


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ('Authorization: Digest n=1, response="abc", q=a', "Authorization: Digest n=1, response=<blanked>, q=a"),
        ('Proxy-Authorization: Digest response = "a\\"bc",x=y', "Proxy-Authorization: Digest response = <blanked>,x=y"),
        ("authorization: digest RESPONSE=abc, x=y", "authorization: digest RESPONSE=<blanked>, x=y"),
        ('Authorization: Digest x=y, response="abc', "Authorization: Digest x=y, response=<blanked>"),
        ("Authorization: Basic cHJvYmU6eA==", "Authorization: <blanked>"),
        ('Authentication-Info: rspauth="abc"', "Authentication-Info: rspauth=<blanked>"),
        ("a=crypto:1 S inline:AB+/==|2^20|1:4 X", "a=crypto:1 S inline:<blanked>|2^20|1:4 X"),
        ("a=crypto:1 S inline:AB|2^20;inline:CD", "a=crypto:1 S inline:<blanked>|2^20;inline:<blanked>"),
        ("a=crypto:1 S INLINE: AB", "a=crypto:1 S INLINE: <blanked>"),
        ("a=key-mgmt:mikey AQAF", "a=key-mgmt:<blanked>"),
        ("k=base64:AAAA", "k=<blanked>"),
        ('Warning: 399 pbx "Authorization: response=abc"', 'Warning: 399 pbx "Authorization: response=<blanked>"'),
    ],
)  # fmt: skip
def test_what_is_secret_is_blanked_and_the_rest_stays(written: str, shown: str) -> None:
    assert blanked(written) == shown


def test_the_times_count_from_the_beginning() -> None:
    moments = iter((10.0, 10.25))
    transcript = Transcript(lambda: next(moments))
    transcript.received(Response(status=200, reason="OK", headers=()))
    assert transcript.evidence("x").text == "<<< 0.250 s\nSIP/2.0 200 OK\nContent-Length: 0"


def test_what_could_steer_a_terminal_is_written_out() -> None:
    transcript = Transcript()
    transcript.received(message(body=b"\x1b[2J\xff\x9bx\rnext"))
    assert "\\x1b[2J\ufffd\ufffdx\nnext" in transcript.evidence("x").text


def test_neither_one_message_nor_all_of_them_grow_without_end() -> None:
    transcript = Transcript()
    for _ in range(100):
        transcript.sent(message(body=b"x" * 2 * MESSAGE_LIMIT))
    text = transcript.evidence("x").text
    assert len(text) < TRANSCRIPT_LIMIT + 200
    assert text.count("more signs)") == text.count(">>>") > 1
    assert text.endswith(f"({100 - text.count('>>>')} more messages)")


def test_a_conversation_without_a_word_says_so() -> None:
    assert Transcript().evidence("x").text == "(no message)"


def test_another_conversation_begins_with_nothing() -> None:
    moments = iter((10.0, 11.0, 12.0, 12.5))
    transcript = Transcript(lambda: next(moments))
    transcript.received(Response(status=401, reason="Unauthorized", headers=()))
    transcript.begin_again()
    transcript.received(Response(status=200, reason="OK", headers=()))
    assert transcript.evidence("x").text == "<<< 0.500 s\nSIP/2.0 200 OK\nContent-Length: 0"
