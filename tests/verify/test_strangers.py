"""Whoever has no password is told nothing, and is told the same of a name that is there and of one that is not."""

from __future__ import annotations

import ssl
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from confgen.model.check import Check, Verdict
from confgen.model.inventory import DigestAlgorithm, Pbx
from confgen.model.secret import Secret
from confgen.verify import probe
from confgen.verify.probe import Probe
from confgen.verify.strangers import differences, known_extension, stranger_checks
from confgen.verify.wire.sip import Request
from confgen.verify.wire.user_agent import Outcome
from tests.model.pbxs import an_extension
from tests.verify.conftest import PASSWORD, target_at
from tests.verify.wire.certificates import Identity
from tests.verify.wire.servers import server_context, serving, shaking_hands
from tests.verify.wire.sip_server import Connection, FakePbx

CHALLENGE = ("WWW-Authenticate", 'Digest realm="pbx",nonce="1",opaque="2",algorithm=MD5,qop="auth"')
SHOWN = 'Digest realm="pbx",nonce=…,opaque=…,algorithm=MD5,qop="auth"'
OPEN_TO_ALL = an_extension("101", permit=())
Judged = Callable[[FakePbx, Pbx, str | None], dict[str, Check]]


@pytest.fixture
def judged(certificate: tuple[Path, Path], authority: Identity) -> Judged:
    def judge(fake: FakePbx, pbx: Pbx, outside: str | None = "201") -> dict[str, Check]:
        context = server_context(certificate, ssl.TLSVersion.TLSv1_2)
        with serving(shaking_hands(context, fake.serve)) as address:
            asked_by = Probe(
                target=target_at(address),
                authority=authority.pem,
                name="confgen-probe",
                secret=Secret(PASSWORD),
                echo_number="600",
                local="127.0.0.1",
            )
            known = known_extension(pbx, asked_by.local)
            return {f"{check.code} {check.subject}": check for check in stranger_checks(asked_by, known, outside)}

    return judge


def is_by(request: Request, name: str) -> bool:
    return f"<sip:{name}" in request.value("From")


def test_who_challenges_everybody_alike_passes_and_no_password_is_sent(judged: Judged, probed: Pbx) -> None:
    fake = FakePbx(password=PASSWORD)
    found = judged(fake, replace(probed, extensions=(OPEN_TO_ALL,)), "201")
    assert [(subject, check.verdict) for subject, check in found.items()] == [
        ("AUTH-02 INVITE without a password", Verdict.PASSED),
        ("AUTH-03 REGISTER without a password", Verdict.PASSED),
        ("AUTH-11 a call outside without a password", Verdict.PASSED),
        ("AUTH-13 REGISTER as 101 and as nobody", Verdict.PASSED),
        ("AUTH-13 INVITE as 101 and as nobody", Verdict.PASSED),
        ("AUTH-13 OPTIONS as 101 and as nobody", Verdict.PASSED),
    ]
    assert all(check.evidence for check in found.values())
    requests = [message for message in fake.received if isinstance(message, Request)]
    assert not [request for request in requests if request.values("Authorization")]
    asked = [request for request in requests if request.method != "ACK"]
    assert (
        len([request for request in asked if is_by(request, "confgen-nobody-")]) == 3
    )  # what intrusion detection counts
    assert len(asked) == 3 + 2 * 3


def test_a_phones_registration_is_asked_for_and_never_changed(judged: Judged, probed: Pbx) -> None:
    fake = FakePbx()  # whoever asks is let in
    judged(fake, replace(probed, extensions=(OPEN_TO_ALL,)), None)
    registrations = [request for request in fake.requests("REGISTER") if is_by(request, "101@")]
    assert registrations
    assert not [request for request in registrations if request.values("Contact") or request.values("Expires")]


def test_without_a_route_nothing_outside_is_asked_for(judged: Judged, probed: Pbx) -> None:
    assert not [subject for subject in judged(FakePbx(password=PASSWORD), probed, None) if "AUTH-11" in subject]


def test_a_name_that_is_answered_otherwise_than_a_strangers_is_told(judged: Judged, probed: Pbx) -> None:
    def let_in(self: Connection, request: Request) -> bool:
        if is_by(request, "confgen-nobody"):
            self.reply(request, 404, "Not Found")
            return False
        return self.is_let_in(request)

    found = judged(FakePbx(password=PASSWORD, gate=let_in), replace(probed, extensions=(OPEN_TO_ALL,)), None)
    failed = [check for subject, check in found.items() if "AUTH-13" in subject]
    assert [check.verdict for check in failed] == [Verdict.FAILED] * 3
    assert "answered 401 Unauthorized and 404 Not Found" in failed[0].message
    assert [evidence.title for evidence in failed[0].evidence] == ["a name that is there", "a name that nobody has"]


def test_a_name_that_needs_no_password_is_told(judged: Judged, probed: Pbx) -> None:
    def let_in(self: Connection, request: Request) -> bool:
        return is_by(request, "101@") or self.is_let_in(request)

    found = judged(FakePbx(password=PASSWORD, gate=let_in), replace(probed, extensions=(OPEN_TO_ALL,)), None)
    failed = [check for subject, check in found.items() if "AUTH-13" in subject]
    assert {check.verdict for check in failed} == {Verdict.FAILED}
    assert {check.message for check in failed} == {"answered 200 without a password, and nobody 401"}


def test_a_server_that_fails_tells_nothing(judged: Judged, probed: Pbx) -> None:
    def fail(self: Connection, request: Request) -> bool:
        self.reply(request, 503, "Service Unavailable")
        return False

    found = judged(FakePbx(gate=fail), probed, "201")
    assert {check.verdict for check in found.values()} == {Verdict.UNKNOWN}


def test_silence_is_waited_for_once_and_unknown(judged: Judged, probed: Pbx, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(probe, "TIMEOUT", 0.1)
    found = judged(FakePbx(gate=lambda _connection, _request: False), probed, "201")
    assert {check.verdict for check in found.values()} == {Verdict.UNKNOWN}
    assert [check.message for check in found.values()].count("not asked: the connection broke before") == 4


def test_a_name_that_would_be_taken_for_nobody_is_not_compared(judged: Judged, probed: Pbx) -> None:
    elsewhere = an_extension("102", permit=("192.0.2.0/24",))
    other_digest = an_extension("103", permit=(), digest=DigestAlgorithm.SHA_256)
    from_here = an_extension("104", permit=("127.0.0.0/8",))
    for extensions, name in (
        ((elsewhere, other_digest), "confgen-probe"),
        ((elsewhere, other_digest, from_here), "104"),
    ):
        found = judged(FakePbx(password=PASSWORD), replace(probed, extensions=extensions), None)
        assert f"AUTH-13 INVITE as {name} and as nobody" in found


def outcome(status: int = 401, *headers: tuple[str, str], reason: str = "Unauthorized") -> Outcome:
    return Outcome(status=status, reason=reason, headers=headers or (("Via", "a"), CHALLENGE, ("Server", "PBX")))


@pytest.mark.parametrize(
    ("unknown", "words"),
    [
        (outcome(), []),
        (outcome(401, ("Via", "b"), (CHALLENGE[0], CHALLENGE[1].replace('"1"', '"9"')), ("Server", "PBX")), []),
        (outcome(403, reason="Forbidden"), ["answered 401 Unauthorized and 403 Forbidden"]),
        (outcome(reason="Who?"), ["answered 401 Unauthorized and 401 Who?"]),
        (outcome(401, ("Via", "a"), CHALLENGE), ["headers Via WWW-Authenticate Server and Via WWW-Authenticate"]),
        (
            outcome(401, ("Via", "a"), (CHALLENGE[0], CHALLENGE[1].replace("MD5", "SHA-256")), ("Server", "PBX")),
            [f"WWW-Authenticate: {SHOWN} and {SHOWN.replace('MD5', 'SHA-256')}"],
        ),
        (
            outcome(401, ("Via", "a"), (CHALLENGE[0], CHALLENGE[1].replace(',opaque="2"', "")), ("Server", "PBX")),
            [f"WWW-Authenticate: {SHOWN} and {SHOWN.replace(',opaque=…', '')}"],
        ),
        (outcome(401, ("Via", "a"), CHALLENGE, ("Server", "other")), ["Server: PBX and other"]),
    ],
)  # fmt: skip
def test_answers_differ_in_all_but_what_is_of_the_request(unknown: Outcome, words: list[str]) -> None:
    assert differences(outcome(), unknown) == words
