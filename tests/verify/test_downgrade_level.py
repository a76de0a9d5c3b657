"""A refused clear call counts only beside an encrypted one that was answered."""

from __future__ import annotations

import ssl
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from confgen.model.check import Check, Level, Verdict
from confgen.model.driver import Material
from confgen.model.inventory import Pbx
from confgen.verify.downgrade_level import downgrade_checks
from confgen.verify.wire.sip import Request
from tests.verify.conftest import PASSWORD, failing, target_at
from tests.verify.wire.certificates import make_authority
from tests.verify.wire.servers import server_context, serving, shaking_hands
from tests.verify.wire.sip_server import ANSWER, Connection, FakePbx

Invite = Callable[[Connection, Request], None]
GOOD_ANSWER = ANSWER.replace(b"inline:AAAA", b"inline:" + b"A" * 40)


def with_answer(body: bytes) -> Invite:
    """Encrypted offers are answered with this, all others refused."""

    def on_invite(connection: Connection, request: Request) -> None:
        offer = request.body
        is_encrypted = b"RTP/SAVP " in offer and b"AES_CM_128_HMAC_SHA1_80" in offer and b"_SRTP" not in offer
        if is_encrypted:
            connection.reply(request, 200, "OK", body=body)
        else:
            connection.reply(request, 488, "Not Acceptable Here")

    return on_invite


def always(status: int, body: bytes = b"") -> Invite:
    return lambda connection, request: connection.reply(request, status, "So be it", body=body)


STRICT = with_answer(GOOD_ANSWER)


def judged(
    fake: FakePbx, certificate: tuple[Path, Path], pbx: Pbx, material: Material
) -> list[tuple[str, str, Verdict]]:
    context = server_context(certificate, ssl.TLSVersion.TLSv1_2)
    with serving(shaking_hands(context, fake.serve)) as address:
        found = list(downgrade_checks(target_at(address), pbx, material, "127.0.0.1"))
    assert {check.level for check in found} == {Level.DOWNGRADE}
    return [(check.code, check.subject, check.verdict) for check in found]


def verdicts(found: list[tuple[str, str, Verdict]]) -> dict[str, set[Verdict]]:
    return {code: {verdict for its, _, verdict in found if its == code} for code, _, _ in found}


def test_a_pbx_that_takes_only_encrypted_calls_of_known_callers_passes(
    certificate: tuple[Path, Path], probed: Pbx, material: Material
) -> None:
    found = judged(FakePbx(password=PASSWORD, on_invite=STRICT), certificate, probed, material)
    assert [(code, verdict) for code, _, verdict in found] == [
        ("AUTH-02", Verdict.PASSED),
        ("AUTH-03", Verdict.PASSED),
        ("SRTP-05", Verdict.PASSED),
        ("SRTP-06", Verdict.PASSED),
        ("SRTP-06", Verdict.PASSED),
        ("SRTP-07", Verdict.PASSED),
        ("SRTP-07", Verdict.PASSED),
        ("SRTP-07", Verdict.PASSED),
    ]


def test_a_pbx_that_takes_every_call_is_told(certificate: tuple[Path, Path], probed: Pbx, material: Material) -> None:
    fake = FakePbx(password=PASSWORD, on_invite=always(200, GOOD_ANSWER))
    found = verdicts(judged(fake, certificate, probed, material))
    assert found["SRTP-05"] == {Verdict.PASSED}
    assert found["SRTP-06"] == found["SRTP-07"] == {Verdict.FAILED}


def test_a_pbx_that_asks_nobody_for_a_password_is_told(
    certificate: tuple[Path, Path], probed: Pbx, material: Material
) -> None:
    found = verdicts(judged(FakePbx(on_invite=STRICT), certificate, probed, material))
    assert found["AUTH-02"] == found["AUTH-03"] == {Verdict.FAILED}


@pytest.mark.parametrize(
    "answer",
    [
        always(404),
        always(488),
        always(503),
        with_answer(b"v=0\r\nc=IN IP4 127.0.0.1\r\nm=audio 20014 RTP/AVP 0\r\n"),
        with_answer(b"v=0\r\nc=IN IP4 127.0.0.1\r\nm=audio 20014 RTP/SAVP 0\r\n"),
        with_answer(GOOD_ANSWER.rstrip() + b" UNENCRYPTED_SRTP\r\n"),
    ],
)
def test_where_the_encrypted_call_is_not_answered_as_it_should_be_refusals_prove_nothing(
    certificate: tuple[Path, Path], probed: Pbx, material: Material, answer: Invite
) -> None:
    found = verdicts(judged(FakePbx(password=PASSWORD, on_invite=answer), certificate, probed, material))
    assert found["SRTP-05"] == {Verdict.FAILED}
    assert found["SRTP-06"] == found["SRTP-07"] == {Verdict.UNKNOWN}


def test_another_refusal_than_488_is_unknown(certificate: tuple[Path, Path], probed: Pbx, material: Material) -> None:
    def on_invite(connection: Connection, request: Request) -> None:
        if b"_SRTP" in request.body or b"NULL" in request.body or b"a=crypto" not in request.body:
            connection.reply(request, 403, "Forbidden")
        else:
            connection.reply(request, 200, "OK", body=GOOD_ANSWER)

    found = verdicts(judged(FakePbx(password=PASSWORD, on_invite=on_invite), certificate, probed, material))
    assert found["SRTP-06"] == found["SRTP-07"] == {Verdict.UNKNOWN}


def test_a_probe_whose_password_is_refused_is_told(
    certificate: tuple[Path, Path], probed: Pbx, material: Material
) -> None:
    fake = FakePbx(password="another", on_invite=STRICT)
    found = verdicts(judged(fake, certificate, probed, material))
    assert found["SRTP-05"] == {Verdict.FAILED}
    assert found["SRTP-06"] == {Verdict.UNKNOWN}


def test_without_a_probe_or_a_number_for_it_to_call_nothing_is_known(probed: Pbx, material: Material) -> None:
    for pbx in (replace(probed, probe=None), replace(probed, echo_number=None)):
        assert unknown_only(list(downgrade_checks(target_at(), pbx, material, "127.0.0.1")))


def test_without_the_probes_secret_nothing_is_known(probed: Pbx, material: Material) -> None:
    assert unknown_only(list(downgrade_checks(target_at(), probed, replace(material, probe_secret=None), "127.0.0.1")))


def test_where_no_connection_comes_about_nothing_is_known(probed: Pbx, material: Material) -> None:
    target = target_at(dial=failing(ConnectionRefusedError("refused")))
    assert unknown_only(list(downgrade_checks(target, probed, material, "127.0.0.1")))


def test_the_password_is_not_told_to_a_server_that_no_authority_vouches_for(
    certificate: tuple[Path, Path], probed: Pbx, material: Material
) -> None:
    fake = FakePbx(password=PASSWORD, on_invite=STRICT)
    found = judged(fake, certificate, probed, replace(material, authority=make_authority("another").pem))
    assert verdicts(found) == {"SRTP-05": {Verdict.UNKNOWN}}
    assert fake.received == []


@pytest.mark.parametrize("pem", ["", "garbage"])
def test_without_an_authority_nothing_is_known(
    certificate: tuple[Path, Path], probed: Pbx, material: Material, pem: str
) -> None:
    fake = FakePbx(password=PASSWORD, on_invite=STRICT)
    found = judged(fake, certificate, probed, replace(material, authority=pem))
    assert verdicts(found) == {"SRTP-05": {Verdict.UNKNOWN}}
    assert fake.received == []


def unknown_only(found: list[Check]) -> bool:
    return [check.verdict for check in found] == [Verdict.UNKNOWN]
