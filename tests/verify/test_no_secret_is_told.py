"""A far end that sends our own words back brings no secret into what is said of it."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from confgen.model.check import Check, Level, Question, Vantage
from confgen.model.driver import Material
from confgen.model.inventory import Pbx
from confgen.verify.prove import at_once
from confgen.verify.wire.sdp import MalformedSdp, parse_answer
from confgen.verify.wire.sip import MalformedSip, Request, parse
from tests.verify.test_refused_password import proven
from tests.verify.wire.sip_server import Connection, FakePbx

DIGEST = "0123456789abcdef0123456789abcdef"
KEY = "AbCdEfGhIjKlMnOpQrStUvWxYz0123456789+/AB"
ANSWERED = f'Digest username="a", response="{DIGEST}"'
CRYPTO = f"a=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:{KEY}"


@pytest.mark.parametrize(
    "head",
    [
        f"SIP/2.0 200 OK\r\n{ANSWERED}",
        f"SIP/2.0 200 OK\r\nX: {ANSWERED}\x01",
        f"SIP/2.0 200 OK\r\n{CRYPTO.replace(':', ' ').replace('inline ', 'inline:')}",
        f"{ANSWERED}\r\nX: y",
        f"{CRYPTO}\r\nX: y",
        f"inline:{KEY}{'x' * 80}\r\nX: y",
    ],
)
def test_what_cannot_be_read_is_told_without_secrets(head: str) -> None:
    with pytest.raises(MalformedSip) as raised:
        parse(f"{head}\r\nContent-Length: 0\r\n\r\n".encode())
    assert DIGEST not in str(raised.value)
    assert KEY[:8] not in str(raised.value)


@pytest.mark.parametrize("body", [CRYPTO, f"v=0\r\nm={CRYPTO}\r\n", f"inline:{KEY}"])
def test_a_session_description_that_cannot_be_read_is_told_without_its_key(body: str) -> None:
    with pytest.raises(MalformedSdp) as raised:
        parse_answer(body.encode())
    assert KEY[:8] not in str(raised.value)


def test_what_a_check_says_is_blanked_wherever_it_comes_from() -> None:
    question = Question(code="AUTH-13", level=Level.DOWNGRADE, subject="it", vantage=Vantage.OPERATOR)

    def part() -> list[Check]:
        return [question.failed(f"who exists can be told: X: {ANSWERED} and {CRYPTO}", "push again")]

    (check,) = at_once([part])[0]
    assert check.message == (
        'who exists can be told: X: Digest username="a", response=<blanked> '
        "and a=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:<blanked>"
    )


def test_a_pbx_that_sends_everything_back_is_told_of_without_secrets(
    certificate: tuple[Path, Path], probed: Pbx, material: Material
) -> None:
    secrets: set[str] = set()

    def sends_back(connection: Connection, request: Request) -> None:
        words = " ".join((*request.values("Authorization"), *request.body.decode(errors="replace").split()))
        secrets.update(re.findall(r"response=\"(\w{32})\"", words), re.findall(r"inline:([^\s|]{30,})", words))
        connection.reply(request, 403, words)

    fake = FakePbx(password="correct horse", on_invite=sends_back)
    checks = proven(fake, certificate, probed, material, (Level.DOWNGRADE,))

    told = "\n".join(text for check in checks for text in (check.message, *(one.text for one in check.evidence)))
    assert len(secrets) > 1
    assert [secret for secret in secrets if secret in told] == []
