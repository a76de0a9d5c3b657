"""A refused clear call counts only beside an encrypted one that was answered."""

from __future__ import annotations

import ssl
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from confgen.model.check import Check, Level, Verdict
from confgen.model.driver import Material
from confgen.model.inventory import MediaEncryption, Pbx
from confgen.verify.call_level import call_checks
from confgen.verify.downgrade_level import downgrade_checks
from confgen.verify.negative_cases import CalledBy, name_cases, offer_cases
from confgen.verify.wire.sip import Request
from tests.model.pbxs import an_extension
from tests.verify.conftest import PASSWORD, failing, target_at
from tests.verify.wire.certificates import Identity, make_authority, make_identity
from tests.verify.wire.servers import server_context, serving, shaking_hands
from tests.verify.wire.sip_server import ANSWER, Connection, FakePbx

Invite = Callable[[Connection, Request], None]
DTLS_ANSWER = (
    b"v=0\r\nc=IN IP4 127.0.0.1\r\nm=audio 20014 UDP/TLS/RTP/SAVPF 0\r\na=setup:active\r\n"
    b"a=fingerprint:SHA-256 AB:CD\r\n"
)
GOOD_ANSWER = ANSWER.replace(b"inline:AAAA", b"inline:" + b"A" * 40)


def with_answer(body: bytes, dtls: bytes = DTLS_ANSWER) -> Invite:
    """Encrypted offers to the echo number are answered with this, all others refused."""

    def on_invite(connection: Connection, request: Request) -> None:
        offer = request.body
        is_encrypted = b"RTP/SAVP 0" in offer and b"AES_CM_128_HMAC_SHA1_80" in offer and b"_SRT" not in offer
        is_sound = b"{" not in offer and offer.count(b"m=") == 1 and b"|" not in offer and len(offer) > 190
        if "sip:600@" not in request.uri:
            connection.reply(request, 404, "Not Found")
        elif "-dtls@" in request.value("From"):
            is_dtls = b"UDP/TLS/RTP/SAVPF 0" in offer and offer.count(b"m=") == 1
            reply(connection, request, dtls if is_dtls else b"")
        else:
            reply(connection, request, body if is_encrypted and is_sound else b"")

    return on_invite


def reply(connection: Connection, request: Request, body: bytes) -> None:
    if body:
        connection.reply(request, 200, "OK", body=body)
    else:
        connection.reply(request, 488, "Not Acceptable Here")


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


@pytest.fixture
def both_kinds(material: Material) -> Material:
    """A generation that has an endpoint of the probe for each kind of media encryption."""
    return replace(material, probes={MediaEncryption.SDES: "confgen-probe", MediaEncryption.DTLS: "confgen-probe-dtls"})


def test_a_pbx_that_takes_only_encrypted_calls_of_known_callers_passes(
    certificate: tuple[Path, Path], probed: Pbx, both_kinds: Material
) -> None:
    fake = FakePbx(password=PASSWORD, on_invite=STRICT)
    found = judged(fake, certificate, probed, both_kinds)
    assert {verdict for _, _, verdict in found} == {Verdict.PASSED}
    asked = [subject for _, subject, _ in found]
    assert len(set(asked)) == len(asked)
    for encryption in MediaEncryption:
        cases = [case for case in offer_cases() if case.caller is CalledBy.PROBE and encryption in case.expected]
        expected = ["an encrypted call", *(case.title for case in cases)]
        assert [subject for subject in asked if subject.endswith(f" ({encryption.name})")] == [
            f"{title} ({encryption.name})" for title in expected
        ]
    assert {case.title for case in name_cases()} < set(asked)
    assert [code for code, _, _ in found[:3]] == ["AUTH-02", "AUTH-03", "AUTH-11"]


def test_a_run_is_polite(certificate: tuple[Path, Path], probed: Pbx, both_kinds: Material) -> None:
    fake = FakePbx(password=PASSWORD, on_invite=STRICT)
    judged(fake, certificate, probed, both_kinds)
    requests = [message for message in fake.received if isinstance(message, Request) and message.method != "ACK"]
    by_nobody = [request for request in requests if "sip:confgen-nobody-" in request.value("From")]
    assert sorted(request.method for request in by_nobody) == ["INVITE", "OPTIONS", "REGISTER"]
    with_password = [request for request in requests if request.values("Authorization")]
    assert len({request.value("From").partition(";")[0] for request in with_password}) == 2  # the probe's two names
    assert fake.passwords_refused == 0
    assert fake.challenges_answered == 2  # each re-used for all that follows on its connection
    assert fake.connections == 4  # strangers, the probe of SDES, that of DTLS, and broken names


def test_a_kind_that_the_generation_has_no_probe_for_is_not_asked_and_that_is_told(
    certificate: tuple[Path, Path], probed: Pbx, material: Material
) -> None:
    with_dtls = replace(probed, extensions=(an_extension("201", media_encryption=MediaEncryption.DTLS),))
    found = judged(FakePbx(password=PASSWORD, on_invite=STRICT), certificate, with_dtls, material)
    assert [one for one in found if "(DTLS)" in one[1]] == [
        ("SRTP-05", "an encrypted call (DTLS)", Verdict.NOT_CHECKED)
    ]
    found = judged(FakePbx(password=PASSWORD, on_invite=STRICT), certificate, probed, material)
    assert {verdict for _, _, verdict in found} == {Verdict.PASSED}


def test_a_dtls_call_that_is_not_answered_takes_nothing_from_the_cases_of_sdes(
    certificate: tuple[Path, Path], probed: Pbx, both_kinds: Material
) -> None:
    no_fingerprint = DTLS_ANSWER.partition(b"a=fingerprint")[0]
    for answer in (b"", no_fingerprint, GOOD_ANSWER):
        fake = FakePbx(password=PASSWORD, on_invite=with_answer(GOOD_ANSWER, answer))
        found = judged(fake, certificate, probed, both_kinds)
        of_dtls = [verdict for _, subject, verdict in found if subject.endswith("(DTLS)")]
        assert of_dtls[0] is Verdict.FAILED
        assert set(of_dtls[1:]) <= {Verdict.UNKNOWN, Verdict.FAILED}
        assert {verdict for _, subject, verdict in found if subject.endswith("(SDES)")} == {Verdict.PASSED}


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


def test_a_clear_call_that_is_taken_is_told_although_no_encrypted_one_is_answered(
    certificate: tuple[Path, Path], probed: Pbx, material: Material
) -> None:
    def on_invite(connection: Connection, request: Request) -> None:
        is_plain = b"RTP/AVP 0" in request.body and b"a=crypto" not in request.body
        reply(connection, request, b"v=0\r\nm=audio 20014 RTP/AVP 0\r\n" if is_plain else b"")

    found = judged(FakePbx(password=PASSWORD, on_invite=on_invite), certificate, probed, material)
    assert ("SRTP-06", "plain RTP (SDES)", Verdict.FAILED) in found
    assert ("SRTP-06", "SAVP without a key (SDES)", Verdict.UNKNOWN) in found


def test_another_refusal_than_488_is_unknown(certificate: tuple[Path, Path], probed: Pbx, material: Material) -> None:
    def on_invite(connection: Connection, request: Request) -> None:
        if b"_SRT" in request.body or b"NULL" in request.body or b"a=crypto" not in request.body:
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
    assert fake.passwords_refused == 1  # sent once, and not again for what is asked after it


def test_without_a_probe_or_a_number_for_it_to_call_nothing_is_known(probed: Pbx, material: Material) -> None:
    for pbx in (replace(probed, probe=None), replace(probed, echo_number=None)):
        assert unknown_only(list(downgrade_checks(target_at(), pbx, material, "127.0.0.1")))


def test_without_the_probes_secret_nothing_is_known(probed: Pbx, material: Material) -> None:
    assert unknown_only(list(downgrade_checks(target_at(), probed, replace(material, probe_secret=None), "127.0.0.1")))


@pytest.mark.parametrize("pushed", ["another", "garbage"])
def test_who_holds_another_certificate_of_the_authority_than_the_pushed_one_is_told_nothing(
    certificate: tuple[Path, Path], probed: Pbx, both_kinds: Material, authority: Identity, pushed: str
) -> None:
    chain = make_identity(authority, probed.domain).pem if pushed == "another" else pushed
    material = replace(both_kinds, chain=chain)
    fake = FakePbx(password=PASSWORD, on_invite=STRICT)
    with serving(shaking_hands(server_context(certificate, ssl.TLSVersion.TLSv1_2), fake.serve)) as address:
        levels = (downgrade_checks, call_checks)
        found = [list(level(target_at(address), probed, material, "127.0.0.1")) for level in levels]
    assert fake.received == []
    assert {check.verdict for checks in found for check in checks} == {Verdict.UNKNOWN}
    assert "is not the pushed one" in found[0][0].message


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
