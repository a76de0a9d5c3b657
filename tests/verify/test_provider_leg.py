"""A leg to a provider passes when the PBX is answered and its host saw the certificate; an outage is pending."""

from __future__ import annotations

import itertools
import socket
import ssl
from pathlib import Path

import pytest

from confgen.model.check import Verdict
from confgen.model.driver import ProviderAnswer, Standing
from confgen.model.stream import Barred, Refused, Stream, TimedOut, Unreachable
from confgen.streams.tcp import Address, Dial, connect
from confgen.verify.provider_leg import Away, NoTls, Seen, Trusted, Untold, Untrusted, look_at_provider, verdict
from tests.model.pbxs import a_provider_trunk
from tests.verify.conftest import DOMAIN, failing
from tests.verify.wire.certificates import Identity, make_authority, make_identity
from tests.verify.wire.servers import (
    Handler,
    answering,
    closed_port,
    hanging_up,
    server_context,
    serving,
    shaking_hands,
)
from tests.verify.wire.sip_server import FakePbx

ANSWERED = (Standing.REGISTERED, Standing.ANSWERED)
SEEN: tuple[Seen, ...] = (Trusted(200), Trusted(None), Untrusted("no"), NoTls("no"), Away("no"), Untold("no"))
SIP = b"SIP/2.0 200 OK\r\n\r\n"


def judged(standing: Standing, seen: Seen) -> tuple[str, Verdict]:
    answer = ProviderAnswer(domain=DOMAIN, port=5061, authority="", standing=standing, said="as it said")
    check = verdict(a_provider_trunk(), answer, seen)
    return check.code, check.verdict


@pytest.mark.parametrize(
    ("standing", "seen", "code", "expected"),
    [
        (Standing.REGISTERED, Trusted(None), "CALL-03", Verdict.PASSED),
        (Standing.ANSWERED, Trusted(405), "CALL-03", Verdict.PASSED),
        (Standing.REGISTERED, Untrusted("x"), "TLS-09", Verdict.FAILED),
        (Standing.REGISTERED, NoTls("x"), "CALL-03", Verdict.UNKNOWN),
        (Standing.REGISTERED, Away("x"), "CALL-03", Verdict.UNKNOWN),
        (Standing.REGISTERED, Untold("x"), "CALL-03", Verdict.UNKNOWN),
        (Standing.REFUSED, Trusted(200), "CALL-04", Verdict.FAILED),
        (Standing.REFUSED, Untold("x"), "CALL-04", Verdict.FAILED),
        (Standing.UNTRUSTED, Trusted(200), "TLS-09", Verdict.FAILED),  # Asterisk is stricter, with wildcards
        (Standing.OUT_OF_ORDER, Trusted(200), "CALL-03", Verdict.PENDING),
        (Standing.UNANSWERED, Away("x"), "CALL-03", Verdict.PENDING),
        (Standing.UNANSWERED, Trusted(None), "CALL-03", Verdict.PENDING),
        (Standing.UNANSWERED, Trusted(200), "CALL-03", Verdict.UNKNOWN),
        (Standing.UNANSWERED, NoTls("x"), "TLS-10", Verdict.FAILED),
        (Standing.UNANSWERED, Untold("x"), "CALL-03", Verdict.UNKNOWN),
        (Standing.UNTOLD, Trusted(200), "CALL-03", Verdict.UNKNOWN),
        (Standing.UNTOLD, Away("x"), "CALL-03", Verdict.UNKNOWN),
    ],
)
def test_both_witnesses_together_give_the_verdict(standing: Standing, seen: Seen, code: str, expected: Verdict) -> None:
    assert judged(standing, seen) == (code, expected)


def test_nothing_passes_without_both_witnesses() -> None:
    passed = {
        (standing, seen)
        for standing, seen in itertools.product(Standing, SEEN)
        if judged(standing, seen)[1] is Verdict.PASSED
    }
    assert passed == set(itertools.product(ANSWERED, (Trusted(200), Trusted(None))))


def test_a_certificate_that_does_not_hold_is_never_less_than_a_failure() -> None:
    assert {judged(standing, Untrusted("x")) for standing in Standing} == {("TLS-09", Verdict.FAILED)}


def seen_at(handler: Handler, authority: str, clear_port: Handler | None = None) -> Seen:
    """What is seen where the provider's port is served by one handler, and port 5060 by another or by nobody."""
    with serving(handler) as address, serving(clear_port or hanging_up) as clear:

        def dial(_domain: str, port: int, timeout: float) -> Stream:
            where = address if port == address.port else clear
            return connect(where.host, where.port, timeout)

        return look_at_provider(dial, DOMAIN, address.port, authority, timeout=0.5)


def test_a_provider_that_answers_over_tls_is_trusted(certificate: tuple[Path, Path], authority: Identity) -> None:
    context = server_context(certificate, ssl.TLSVersion.TLSv1_2)
    assert seen_at(shaking_hands(context, FakePbx().serve), authority.pem) == Trusted(200)


def test_a_provider_whose_sip_is_silent_is_told_from_one_that_answers(
    certificate: tuple[Path, Path], authority: Identity
) -> None:
    context = server_context(certificate, ssl.TLSVersion.TLSv1_2)
    assert seen_at(shaking_hands(context, answering()), authority.pem) == Trusted(None)


def test_another_authority_and_another_name_are_not_trusted(
    certificate: tuple[Path, Path], authority: Identity, tmp_path: Path
) -> None:
    elsewhere = make_identity(authority, "elsewhere.example.test").write(tmp_path, "elsewhere")
    for served, trusted in ((certificate, make_authority().pem), (elsewhere, authority.pem)):
        context = server_context(served, ssl.TLSVersion.TLSv1_2)
        assert isinstance(seen_at(shaking_hands(context, FakePbx().serve), trusted), Untrusted)


def test_a_pbx_that_did_not_tell_its_authority_leaves_it_untold(certificate: tuple[Path, Path]) -> None:
    context = server_context(certificate, ssl.TLSVersion.TLSv1_2)
    assert isinstance(seen_at(shaking_hands(context, FakePbx().serve), ""), Untold)


def test_sip_in_clear_text_is_no_tls_and_silence_is_an_outage(authority: Identity) -> None:
    def sip_only(connection: socket.socket) -> None:
        if connection.recv(65536).startswith(b"OPTIONS "):
            connection.sendall(SIP)
        connection.recv(65536)

    assert isinstance(seen_at(sip_only, authority.pem), NoTls)
    assert isinstance(seen_at(answering(b"HTTP/1.1 400 Bad Request\r\n\r\n"), authority.pem), NoTls)
    assert seen_at(answering(), authority.pem) == Away("silent")
    assert isinstance(seen_at(hanging_up, authority.pem), Untold)


def test_a_closed_port_is_an_outage_unless_sip_in_clear_text_is_next_to_it(authority: Identity) -> None:
    closed = closed_port()
    with serving(answering(SIP)) as clear:

        def dial(_domain: str, port: int, timeout: float) -> Stream:
            where = closed if port == closed.port else clear
            return connect(where.host, where.port, timeout)

        assert isinstance(look_at_provider(dial, DOMAIN, closed.port, authority.pem), NoTls)
    assert isinstance(look_at_provider(connect_to(closed), DOMAIN, closed.port, authority.pem), Away)


def connect_to(address: Address) -> Dial:
    return lambda _domain, _port, timeout: connect(address.host, address.port, timeout)


@pytest.mark.parametrize(
    ("error", "kind"),
    [
        (Refused("no"), Away),
        (TimedOut("no"), Away),
        (Unreachable("no route"), Away),
        (Barred("the SSH server forwards no connections"), Untold),
    ],
)
def test_a_host_that_may_not_dial_tells_nothing_of_the_provider(
    error: OSError, kind: type, authority: Identity
) -> None:
    assert isinstance(look_at_provider(failing(error), DOMAIN, 5061, authority.pem), kind)


def test_whose_handshake_it_was_is_told_where_the_pbx_may_verify_nothing() -> None:
    answer = ProviderAnswer(
        domain=DOMAIN,
        port=5061,
        authority="",
        standing=Standing.REGISTERED,
        said="as it said",
        reservation="nothing shows that it verifies",
    )
    check = verdict(a_provider_trunk(), answer, Trusted(200))
    assert (
        f"over TLS whose certificate was verified in a handshake of confgen's own, and {answer.reservation}; SRTP"
        in check.message
    )
