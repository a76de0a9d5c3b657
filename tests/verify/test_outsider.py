"""A PBX of which nothing is known is proven as far as it can be seen, and no further."""

from __future__ import annotations

import socket
import ssl
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import replace
from pathlib import Path

import pytest

from confgen.model.check import CALLED_OFF, Check, Level, Question, Vantage, Verdict
from confgen.model.depth import Depth
from confgen.model.outside import Login, Outsider, Wanted
from confgen.model.secret import Secret
from confgen.model.stream import Stream
from confgen.streams.tcp import Address, Dial, connect
from confgen.verify.outsider import NotFound, prove_outside
from confgen.verify.outsider_calls import in_time
from confgen.verify.wire.polite import BURST
from confgen.verify.wire.sip import Request
from tests.verify.conftest import DOMAIN
from tests.verify.wire.certificates import Identity, make_authority
from tests.verify.wire.servers import server_context, serving, shaking_hands
from tests.verify.wire.sip_server import ANSWER, Connection, FakePbx

STRONG = "ECDHE+AESGCM"
PASSWORD = "correct horse"
GOOD_ANSWER = ANSWER.replace(b"inline:AAAA", b"inline:" + b"A" * 40)
ALL = frozenset(Level)


def asking(authority: Identity | None = None, levels: frozenset[Level] = ALL, login: Login | None = None) -> Wanted:
    return Wanted(
        profile="baseline",
        authority=None if authority is None else authority.pem,
        login=login,
        depth=Depth(levels=levels),
    )


def proven(address: Address, wanted: Wanted, name: str = DOMAIN, dial: Dial = connect) -> tuple[Check, ...]:
    outsider = Outsider(host=address.host, port=address.port, name=name)
    return prove_outside(outsider, wanted, dial=dial, calling=nullcontext, step=lambda _: None)


@contextmanager
def a_pbx(certificate: tuple[Path, Path], fake: FakePbx) -> Iterator[Address]:
    context = server_context(certificate, ssl.TLSVersion.TLSv1_2, ciphers=STRONG)
    with serving(shaking_hands(context, fake.serve)) as address:
        yield address


def by_code(checks: tuple[Check, ...], code: str) -> set[Verdict]:
    return {check.verdict for check in checks if check.code == code}


def test_a_good_pbx_is_proven_as_far_as_a_stranger_sees_it(certificate: tuple[Path, Path], authority: Identity) -> None:
    with a_pbx(certificate, FakePbx(password=PASSWORD)) as address:
        checks = proven(address, asking(authority, ALL - {Level.CLEAR}))

    assert {check.vantage for check in checks} == {Vantage.OPERATOR}
    assert {check.level for check in checks if check.verdict is Verdict.PASSED} == {Level.TLS, Level.DOWNGRADE}
    assert {(check.code, check.level) for check in checks if check.verdict is Verdict.NOT_CHECKED} == {
        ("OUT-01", Level.STATE),
        ("OUT-04", Level.DOWNGRADE),
        ("OUT-05", Level.CALL),
    }
    assert {check.verdict for check in checks} == {Verdict.PASSED, Verdict.NOT_CHECKED}


@pytest.mark.parametrize("level", [Level.TLS, Level.CLEAR, Level.DOWNGRADE, Level.CALL])
def test_no_other_level_than_asked_for_is_looked_at(
    certificate: tuple[Path, Path], authority: Identity, level: Level
) -> None:
    with a_pbx(certificate, FakePbx(password=PASSWORD)) as address:
        checks = proven(address, asking(authority, frozenset({level})))

    assert {check.level for check in checks} == {level}


def test_an_address_of_ipv6_is_looked_at_too(certificate: tuple[Path, Path], authority: Identity) -> None:
    context = server_context(certificate, ssl.TLSVersion.TLSv1_2, ciphers=STRONG)
    with serving(shaking_hands(context, FakePbx(password=PASSWORD).serve), "::1") as address:
        checks = proven(address, asking(authority, frozenset({Level.TLS, Level.DOWNGRADE})))

    assert {check.verdict for check in checks} == {Verdict.PASSED, Verdict.NOT_CHECKED}


def test_a_certificate_for_another_name_or_of_another_authority_is_told(
    certificate: tuple[Path, Path], authority: Identity
) -> None:
    tls = frozenset({Level.TLS})
    with a_pbx(certificate, FakePbx(password=PASSWORD)) as address:
        assert by_code(proven(address, asking(authority, tls)), "CERT-10") == {Verdict.PASSED}
        assert by_code(proven(address, asking(authority, tls), "other.test"), "CERT-10") == {Verdict.FAILED}
        assert by_code(proven(address, asking(make_authority("another"), tls)), "CERT-10") == {Verdict.FAILED}
        assert by_code(proven(address, asking(None, tls)), "CERT-10") == {Verdict.FAILED}  # of this machine's none


def answering(status: int, of: str) -> FakePbx:
    """Challenges everything but one method, which it answers so."""

    class Odd(FakePbx):
        def serve(self, connection: socket.socket) -> None:
            OddConnection(self, connection).run()

    class OddConnection(Connection):
        def is_let_in(self, request: Request) -> bool:
            if request.method != of:
                return super().is_let_in(request)
            self.reply(request, status, "So be it")
            return False

    return Odd(password=PASSWORD)


@pytest.mark.parametrize(
    ("method", "status", "code", "verdict"),
    [
        ("REGISTER", 200, "AUTH-03", Verdict.FAILED),
        ("REGISTER", 403, "AUTH-03", Verdict.PASSED),
        ("REGISTER", 404, "AUTH-03", Verdict.PASSED),
        ("REGISTER", 500, "AUTH-03", Verdict.UNKNOWN),
        ("REGISTER", 407, "OUT-03", Verdict.PASSED),
        ("REGISTER", 403, "OUT-03", Verdict.UNKNOWN),
        ("REGISTER", 404, "OUT-03", Verdict.FAILED),
        ("INVITE", 200, "AUTH-02", Verdict.FAILED),
        ("INVITE", 403, "AUTH-02", Verdict.PASSED),
        ("INVITE", 407, "AUTH-02", Verdict.PASSED),
        ("INVITE", 404, "AUTH-02", Verdict.UNKNOWN),
    ],
)
def test_what_a_stranger_gets_is_judged(
    certificate: tuple[Path, Path], method: str, status: int, code: str, verdict: Verdict
) -> None:
    with a_pbx(certificate, answering(status, method)) as address:
        checks = proven(address, asking(levels=frozenset({Level.DOWNGRADE})))

    assert by_code(checks, code) == {verdict}


def test_a_stranger_rings_nobody_and_is_counted_twice_at_most(certificate: tuple[Path, Path]) -> None:
    """Intrusion detection counts requests of unknown names, and passwords that are wrong."""
    fake = FakePbx(password=PASSWORD)
    ports: list[int] = []

    def counted(address: str, port: int, timeout: float) -> Stream:
        ports.append(port)
        return connect(address, port, timeout)

    with a_pbx(certificate, fake) as address:
        proven(address, asking(), dial=counted)

    assert len(ports) <= BURST, "so that no run has to wait"
    requests = [message for message in fake.received if isinstance(message, Request)]
    unknown = [request for request in requests if request.method in {"INVITE", "REGISTER"}]
    assert [request.method for request in unknown] == ["REGISTER", "INVITE"]
    assert [request for request in requests if request.values("Authorization")] == []
    assert unknown[1].uri.startswith("sip:confgen-")


def test_a_name_that_leads_nowhere_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    def nowhere(*_: object, **_more: object) -> list[object]:
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    monkeypatch.setattr(socket, "getaddrinfo", nowhere)
    with pytest.raises(NotFound, match=r"nobody\.invalid does not resolve"):
        proven(Address(host="nobody.invalid", port=5061), asking())


@pytest.mark.parametrize("name", ["a" * 64 + ".test", "a..b"])
def test_a_name_that_dns_cannot_hold_is_told(name: str) -> None:
    with pytest.raises(NotFound, match="does not resolve"):
        proven(Address(host=name, port=5061), asking())


def test_where_nothing_listens_nothing_is_known_but_that_clear_text_is_closed() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    checks = proven(Address(host="127.0.0.1", port=port), asking())

    assert {check.verdict for check in checks if check.level in {Level.TLS, Level.DOWNGRADE}} == {
        Verdict.UNKNOWN,
        Verdict.NOT_CHECKED,
    }
    assert any("refused" in check.message for check in checks if check.code == "AUTH-02")


def test_silence_is_unknown_and_says_who_could_tell(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("confgen.verify.clear_level._ONLY_WITNESS_TIMEOUT", 0.03)
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as silent:
        silent.bind(("127.0.0.1", 0))
        port = silent.getsockname()[1]
        checks = proven(Address(host="127.0.0.1", port=port), asking(levels=frozenset({Level.CLEAR})))

    udp = next(check for check in checks if check.subject == f"udp 127.0.0.1:{port}")
    assert (udp.verdict, udp.vantage) == (Verdict.UNKNOWN, Vantage.OPERATOR)
    assert "ss -lntu" in udp.mend


def test_an_address_to_which_there_is_no_way_is_told_and_not_passed(
    certificate: tuple[Path, Path], authority: Identity, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = socket.getaddrinfo

    def both(host: str, port: int, *rest: int, **more: int) -> list[tuple[object, ...]]:
        if host == "both.test":
            return [(2, 1, 6, "", ("127.0.0.1", port)), (2, 1, 6, "", ("240.0.0.1", port))]
        return list(found(host, port, *rest, **more))

    monkeypatch.setattr(socket, "getaddrinfo", both)
    monkeypatch.setattr("confgen.verify.outsider._leads_there", lambda address: address == "127.0.0.1")
    with a_pbx(certificate, FakePbx(password=PASSWORD)) as address:
        outsider = Outsider(host="both.test", port=address.port, name=DOMAIN)
        wanted = asking(authority, frozenset({Level.TLS}))
        checks = prove_outside(outsider, wanted, dial=connect, calling=nullcontext, step=lambda _: None)

    assert by_code(checks, "OUT-02") == {Verdict.NOT_CHECKED}
    assert by_code(checks, "CERT-10") == {Verdict.PASSED}


NOT_LET_IN = [
    ("OUT-06", Level.DOWNGRADE, Verdict.UNKNOWN),
    ("OUT-04", Level.DOWNGRADE, Verdict.NOT_CHECKED),
    ("OUT-05", Level.CALL, Verdict.NOT_CHECKED),
]


def login(password: str = PASSWORD) -> Login:
    return Login(user="199", secret=Secret(password), number="600")


def authorized(fake: FakePbx) -> list[Request]:
    return [m for m in fake.received if isinstance(m, Request) and m.values("Authorization")]


def test_a_password_that_is_refused_is_said_once_and_nothing_more_is_asked(
    certificate: tuple[Path, Path], authority: Identity
) -> None:
    fake = FakePbx(password=PASSWORD)
    levels = frozenset({Level.DOWNGRADE, Level.CALL})
    with a_pbx(certificate, fake) as address:
        checks = proven(address, asking(authority, levels, login("another")))

    assert [(check.code, check.level, check.verdict) for check in checks] == NOT_LET_IN
    assert len(authorized(fake)) == 1
    assert fake.requests("INVITE") == []
    assert "another" not in str(checks)


@pytest.mark.parametrize(
    ("status", "is_challenged", "verdict"),
    [
        (200, True, Verdict.PASSED),
        (404, True, Verdict.UNKNOWN),
        (503, True, Verdict.UNKNOWN),
        (200, False, Verdict.NOT_CHECKED),
        (404, False, Verdict.NOT_CHECKED),
        (403, False, Verdict.NOT_CHECKED),
        (503, False, Verdict.UNKNOWN),
    ],
)
def test_a_login_is_taken_only_where_its_password_was_asked_for(
    certificate: tuple[Path, Path], authority: Identity, status: int, verdict: Verdict, *, is_challenged: bool
) -> None:
    def gate(connection: Connection, request: Request) -> bool:
        if request.method != "OPTIONS":  # calls ask for none either
            return True
        if not is_challenged or connection.is_let_in(request):
            connection.reply(request, status, "So be it")
        return False

    with a_pbx(certificate, FakePbx(password=PASSWORD, gate=gate)) as address:
        checks = proven(address, asking(authority, frozenset({Level.DOWNGRADE}), login()))

    assert by_code(checks, "OUT-06") == {verdict}
    assert bool(by_code(checks, "SRTP-05")) == (verdict is not Verdict.UNKNOWN)


@pytest.mark.parametrize(("password", "verdict"), [(PASSWORD, Verdict.PASSED), ("another", Verdict.UNKNOWN)])
def test_where_options_needs_no_password_the_calls_tell_and_a_wrong_one_is_said_once(
    certificate: tuple[Path, Path], authority: Identity, password: str, verdict: Verdict
) -> None:
    def gate(connection: Connection, request: Request) -> bool:
        return request.method == "OPTIONS" or connection.is_let_in(request)

    fake = FakePbx(password=PASSWORD, gate=gate)
    with a_pbx(certificate, fake) as address:
        checks = proven(address, asking(authority, frozenset({Level.DOWNGRADE, Level.CALL}), login(password)))

    assert by_code(checks, "OUT-06") == {verdict}
    assert fake.passwords_refused == (password != PASSWORD)
    assert by_code(checks, "SRTP-05") == {verdict}, "what the operator mistyped is no fault of the PBX"


@pytest.fixture
def two_addresses(monkeypatch: pytest.MonkeyPatch) -> None:
    """`both.test` has two addresses of this machine."""
    found = socket.getaddrinfo

    def both(host: str, port: int, *rest: int, **more: int) -> list[tuple[object, ...]]:
        if host == "both.test":
            return [(2, 1, 6, "", (f"127.0.0.{last}", port)) for last in (1, 2)]
        return list(found(host, port, *rest, **more))

    monkeypatch.setattr(socket, "getaddrinfo", both)


@contextmanager
def two_pbxs(certificate: tuple[Path, Path], first: FakePbx, second: FakePbx) -> Iterator[int]:
    """Each on an address of its own, and both on one port."""
    context = server_context(certificate, ssl.TLSVersion.TLSv1_2, ciphers=STRONG)
    with (
        serving(shaking_hands(context, first.serve)) as address,
        serving(shaking_hands(context, second.serve), "127.0.0.2", address.port),
    ):
        yield address.port


@pytest.mark.usefixtures("two_addresses")
def test_calls_are_made_at_every_address_of_a_name(certificate: tuple[Path, Path], authority: Identity) -> None:
    good, open_to_all = FakePbx(password=PASSWORD), FakePbx()
    with two_pbxs(certificate, good, open_to_all) as port:
        checks = proven(Address(host="both.test", port=port), asking(authority, frozenset({Level.DOWNGRADE})))

    found = {(check.subject, check.verdict) for check in checks if check.code == "AUTH-02"}
    assert found == {
        ("INVITE without a password at 127.0.0.1", Verdict.PASSED),
        ("INVITE without a password at 127.0.0.2", Verdict.FAILED),
    }


@pytest.mark.usefixtures("two_addresses")
def test_a_password_that_one_address_refuses_is_not_said_at_the_next(
    certificate: tuple[Path, Path], authority: Identity
) -> None:
    pbxs = FakePbx(password=PASSWORD), FakePbx(password=PASSWORD)
    wanted = asking(authority, frozenset({Level.DOWNGRADE, Level.CALL}), login("another"))
    with two_pbxs(certificate, *pbxs) as port:
        checks = proven(Address(host="both.test", port=port), wanted)

    assert [(check.code, check.level, check.verdict) for check in checks] == NOT_LET_IN * 2
    assert [len(authorized(pbx)) for pbx in pbxs] == [1, 0]


def test_a_host_that_answers_too_slowly_is_not_asked_for_all_offers() -> None:
    question = Question(code="SRTP-06", level=Level.DOWNGRADE, subject="an offer", vantage=Vantage.OPERATOR)
    now = [0.0]

    def slow() -> Iterator[Check]:
        for _ in range(50):
            now[0] += 8.0
            yield question.passed("refused with 488")

    found = list(in_time(slow(), replace(question, code="OUT-04", subject="the rest"), lambda: now[0]))

    assert [check.verdict for check in found] == [*[Verdict.PASSED] * 8, Verdict.UNKNOWN]
    assert "too slowly" in found[-1].message


def test_offers_of_a_login_are_bounded_in_time(
    certificate: tuple[Path, Path], authority: Identity, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("confgen.verify.outsider_calls.OFFERS_TIME", 0.0)
    fake = FakePbx(password=PASSWORD)
    with a_pbx(certificate, fake) as address:
        checks = proven(address, asking(authority, frozenset({Level.DOWNGRADE}), login()))

    assert by_code(checks, "OUT-04") == {Verdict.UNKNOWN}
    assert len(checks) == 3  # the login, the first offer, and the rest


def test_a_password_is_not_told_to_a_server_that_no_authority_vouches_for(
    certificate: tuple[Path, Path],
) -> None:
    fake = FakePbx(password=PASSWORD)
    levels = frozenset({Level.DOWNGRADE, Level.CALL})
    with a_pbx(certificate, fake) as address:
        checks = proven(address, asking(make_authority("another"), levels, login()))

    assert [(check.code, check.level, check.verdict) for check in checks] == NOT_LET_IN
    assert fake.received == []


def test_with_a_login_offers_without_encryption_are_made_to_the_number_alone(
    certificate: tuple[Path, Path], authority: Identity
) -> None:
    def on_invite(connection: Connection, request: Request) -> None:
        is_encrypted = b"RTP/SAVP " in request.body and b"a=crypto" in request.body
        connection.reply(request, 200 if is_encrypted else 488, "So be it", body=GOOD_ANSWER if is_encrypted else b"")

    fake = FakePbx(password=PASSWORD, on_invite=on_invite)
    with a_pbx(certificate, fake) as address:
        checks = proven(address, asking(authority, frozenset({Level.DOWNGRADE}), login()))

    assert by_code(checks, "OUT-06") == by_code(checks, "SRTP-05") == {Verdict.PASSED}
    assert Verdict.FAILED not in by_code(checks, "SRTP-06")
    assert {request.uri.partition("@")[0] for request in fake.requests("INVITE")} == {"sip:600"}
    assert len([request for request in authorized(fake) if "response" not in request.value("Authorization")]) == 0


def test_what_is_to_be_mended_speaks_of_no_inventory(certificate: tuple[Path, Path], authority: Identity) -> None:
    fake = FakePbx()  # lets everybody in
    with a_pbx(certificate, fake) as address:
        checks = proven(address, asking(authority, frozenset({Level.TLS, Level.DOWNGRADE}), login()), "other.test")

    assert Verdict.FAILED in {check.verdict for check in checks}
    assert [check.mend for check in checks if "push" in check.mend or "inventory" in check.mend] == []


@pytest.mark.parametrize("status", [403, 404, 410, 480, 484, 486, 500, 503, 603])
def test_a_number_that_leads_nowhere_is_told_once_and_called_no_more(
    certificate: tuple[Path, Path], authority: Identity, status: int
) -> None:
    fake = FakePbx(
        password=PASSWORD, on_invite=lambda connection, request: connection.reply(request, status, "So be it")
    )
    levels = frozenset({Level.DOWNGRADE, Level.CALL})
    with a_pbx(certificate, fake) as address:
        checks = proven(address, asking(authority, levels, login()))

    unknown = [(check.code, check.mend) for check in checks if check.verdict is Verdict.UNKNOWN]
    mend = f"600 is answered {status}: does this number answer, and may 199 call it?"
    assert [told for told in unknown if told[0] != "AUTH-13"] == [("SRTP-05", mend)]
    assert by_code(checks, "OUT-04") == by_code(checks, "OUT-05") == {Verdict.NOT_CHECKED}
    assert len([request for request in authorized(fake) if request.method == "INVITE"]) <= 2


def test_a_number_that_leads_nowhere_says_nothing_of_encryption_where_calls_alone_are_asked_for(
    certificate: tuple[Path, Path], authority: Identity
) -> None:
    fake = FakePbx(password=PASSWORD, on_invite=lambda connection, request: connection.reply(request, 404, "Not Found"))
    with a_pbx(certificate, fake) as address:
        checks = proven(address, asking(authority, frozenset({Level.CALL}), login()))

    assert by_code(checks, "CALL-10") == {Verdict.UNKNOWN}


def test_nobody_is_called_any_more_once_it_is_called_off(certificate: tuple[Path, Path], authority: Identity) -> None:
    called: list[Request] = []

    def on_invite(connection: Connection, request: Request) -> None:
        called.append(request)
        connection.reply(request, 200, "So be it", body=GOOD_ANSWER)

    fake = FakePbx(password=PASSWORD, on_invite=on_invite)
    wanted = asking(authority, frozenset({Level.DOWNGRADE, Level.CALL}), login())
    with a_pbx(certificate, fake) as address:
        checks = prove_outside(
            Outsider(host=address.host, port=address.port, name=DOMAIN),
            wanted,
            dial=connect,
            calling=lambda _: nullcontext(),
            step=lambda _: None,
            is_called_off=lambda: len(called) == 2,
        )

    assert len(called) == 2
    assert by_code(checks, "CALL-10") == {Verdict.UNKNOWN}
    assert len([check for check in checks if check.message == CALLED_OFF]) > 10


def test_an_address_keeps_its_scope(monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[str] = []

    def no_way(address: str) -> bool:
        seen.append(address)
        return False

    monkeypatch.setattr("confgen.verify.outsider._leads_there", no_way)
    with pytest.raises(NotFound):
        proven(Address(host="fe80::1%lo", port=5061), asking(None))

    assert set(seen) == {"fe80::1%1"}
