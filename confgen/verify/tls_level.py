"""Level *tls*: versions, cipher suites, certificate and client certificates of a TLS port."""

from __future__ import annotations

import hashlib
import ssl
from typing import TYPE_CHECKING

from confgen import __version__
from confgen.model.check import Check, Level, Question, Verdict
from confgen.model.inventory import ClientCertificates
from confgen.verify.target import TIMEOUT
from confgen.verify.wire.cipher_suites import SUITES_BEFORE_TLS_1_3, TlsVersion, suites_for
from confgen.verify.wire.client_hello import ClientHello
from confgen.verify.wire.handshake import CertificateRefused, HandshakeFailed, shake_hands, shake_hands_unverified
from confgen.verify.wire.stream import Address, Closed, WireError, dialled
from confgen.verify.wire.tls_probe import Accepted, Declined, Downgraded, Dropped, NotTls, Silent, probe_tls
from confgen.verify.wire.user_agent import Caller, UserAgent

if TYPE_CHECKING:
    from collections.abc import Iterator

    from confgen.verify.expectation import TlsExpectation
    from confgen.verify.target import Target
    from confgen.verify.wire.tls_probe import TlsAnswer

# RFC 9325 §4.2: forward secrecy and authenticated encryption; everything else is offered to be refused.
_WEAK = tuple(
    suite
    for suite in SUITES_BEFORE_TLS_1_3
    if not (suite.name.startswith("TLS_ECDHE_") and ("_GCM_" in suite.name or "_POLY1305_" in suite.name))
)
_VERSIONS = (TlsVersion.TLS_1_0, TlsVersion.TLS_1_1, TlsVersion.TLS_1_2, TlsVersion.TLS_1_3)
_OUT_OF_REACH = "can this machine reach the port? with `verify: {from: host}` the PBX's own host looks"


def tls_checks(target: Target, expectation: TlsExpectation, local: str) -> Iterator[Check]:
    """Every check of the level; `local` is our own address, for what we say in SIP."""
    is_demanded = expectation.client_certificates is ClientCertificates.REQUIRED
    for version in sorted(_VERSIONS, key=lambda version: version not in expectation.required):
        if version in expectation.allowed - expectation.required:
            continue
        check = _version_check(target, version, is_declared=version in expectation.required)
        yield check
        if check.verdict is Verdict.UNKNOWN:  # a port that does not answer is not waited for again and again
            yield _question(target, "TLS-07", f"{target} handshake").unknown("not asked: see above", _OUT_OF_REACH)
            return
    if TlsVersion.TLS_1_2 in expectation.allowed:
        yield _weak_suites_check(target)
    if not (target.is_for_providers and is_demanded):  # there our own certificate is a stranger's
        yield from _certificate_checks(target, expectation)
    if is_demanded:
        yield _stranger_check(target, local)


def _version_check(target: Target, version: TlsVersion, *, is_declared: bool) -> Check:
    answer = _asked(target, ClientHello(version=version, cipher_suites=suites_for(version), server_name=target.domain))
    question = _question(target, "TLS-05" if is_declared else "TLS-04", f"{target} {version.value}")
    mend = "push again: the TLS of this port is not what the inventory says"
    match answer:
        case Accepted() if is_declared:
            return question.passed(f"{version.value} is accepted, with {answer.cipher_suite}")
        case Accepted():
            return question.failed(f"{version.value} is accepted, and not declared", mend)
        case Declined() | Downgraded() | Dropped() if is_declared:
            return question.failed(f"{version.value} is declared, and {_said(answer)}", mend)
        case Declined(after_server_hello=True) | Dropped(after_server_hello=True):
            return question.failed(f"{version.value} is agreed to, and not declared; then {_said(answer)}", mend)
        case Declined() | Downgraded() | Dropped():
            return question.passed(f"{version.value} is {_said(answer)}")
        case _:
            return _unanswered(question, answer)


def _weak_suites_check(target: Target) -> Check:
    hello = ClientHello(version=TlsVersion.TLS_1_2, cipher_suites=_WEAK, server_name=target.domain)
    answer = _asked(target, hello)
    question = _question(target, "TLS-06", f"{target} weak cipher suites")
    mend = "push again: the ciphers of this port are not what was pushed"
    match answer:
        case Accepted():
            return question.failed(f"{answer.cipher_suite} is accepted", mend)
        case Declined(after_server_hello=True) | Dropped(after_server_hello=True):
            return question.failed(f"a weak cipher suite is agreed to; then {_said(answer)}", mend)
        case Downgraded(chosen=chosen):  # only weak ones were offered, so it took one of them
            return question.failed(f"a weak cipher suite is agreed to, in {chosen}", mend)
        case Declined() | Dropped():
            return question.passed(f"all {len(_WEAK)} weak cipher suites are {_said(answer)}")
        case _:
            return _unanswered(question, answer)


def _certificate_checks(target: Target, expectation: TlsExpectation) -> Iterator[Check]:
    handshake = _question(target, "TLS-07", f"{target} handshake")
    mend = "does the key fit the certificate? the Asterisk log tells"
    try:
        with dialled(target.dial, target.address, TIMEOUT) as carrier:
            stream, served = shake_hands_unverified(
                carrier,
                server_name=target.domain,
                timeout=TIMEOUT,
                client_certificate=target.client_certificate,
            )
            stream.close()
    except (HandshakeFailed, Closed) as error:
        # a server whose key does not fit its certificate ends the connection without a word
        yield handshake.failed(f"no handshake comes about: {error}", mend)
        return
    except WireError as error:
        yield handshake.unknown(f"no connection: {error}", _OUT_OF_REACH)
        return
    yield handshake.passed(f"{served.version} with {served.cipher}")
    if expectation.pushed is not None:
        yield _pushed_check(target, served.sha256, expectation.pushed)
    yield _trust_check(target, expectation)


def _pushed_check(target: Target, sha256: str, pushed: str) -> Check:
    same = _question(target, "CERT-11", f"{target} certificate")
    if sha256 == _fingerprint(pushed):
        return same.passed("the served certificate is the pushed one")
    return same.failed(
        f"the served certificate (SHA-256 {sha256[:16]}…) is not the pushed one",
        "push again; if Asterisk still serves the old one, restart it",
    )


def _trust_check(target: Target, expectation: TlsExpectation) -> Check:
    """What a phone does that knows the authority and the PBX's name."""
    question = _question(target, "CERT-10", f"{target} certificate")
    try:
        with dialled(target.dial, target.address, TIMEOUT) as carrier:
            stream, _ = shake_hands(
                carrier,
                server_name=target.domain,
                authority=expectation.authority,
                timeout=TIMEOUT,
                client_certificate=target.client_certificate,
            )
            stream.close()
    except CertificateRefused as error:
        return question.failed(
            f"a phone would refuse it: {error.verify_message}",
            f"it must carry {target.domain}, be in time, and lead to the authority",
        )
    except WireError as error:
        return question.unknown(f"the handshake broke: {error}")
    return question.passed(f"it is for {target.domain}, in time, and leads to the authority")


def _stranger_check(target: Target, local: str) -> Check:
    """In TLS 1.3 a server refuses after the handshake, so only a SIP answer tells that a stranger was let in."""
    question = _question(target, "TLS-08", f"{target} without a client certificate")
    caller = Caller(
        user="stranger", domain=target.domain, local=Address(host=local, port=0), confgen_version=__version__
    )
    try:
        with dialled(target.dial, target.address, TIMEOUT) as carrier:
            stream, _ = shake_hands_unverified(carrier, server_name=target.domain, timeout=TIMEOUT)
            outcome = UserAgent(stream, caller, TIMEOUT).options()
    except (HandshakeFailed, Closed) as error:
        return question.passed(f"a stranger is refused: {error}")
    except WireError as error:
        return question.unknown(f"no connection: {error}", _OUT_OF_REACH)
    return question.failed(
        f"a stranger was answered {outcome.status}",
        "push again: verify_client, require_client_cert and ca_list_file are needed together",
    )


def _asked(target: Target, hello: ClientHello) -> TlsAnswer | WireError:
    try:
        return probe_tls(target.dial, target.address, hello, TIMEOUT)
    except WireError as error:
        return error


def _said(answer: TlsAnswer) -> str:
    match answer:
        case Declined(alert=alert):
            return f"refused with {alert}"
        case Downgraded(chosen=chosen):
            return f"answered with {chosen}"
        case _:
            return "refused without a word"


def _unanswered(question: Question, answer: TlsAnswer | WireError) -> Check:
    match answer:
        case Silent():
            return question.unknown("the port is silent", _OUT_OF_REACH)
        case NotTls():
            return question.unknown("what answers is not TLS", "is this the PBX's TLS port?")
        case _:
            return question.unknown(f"no connection: {answer}", _OUT_OF_REACH)


def _fingerprint(chain: str) -> str:
    """SHA-256 of the first certificate of a PEM text; empty where there is none."""
    end = "-----END CERTIFICATE-----"
    begin = chain.find("-----BEGIN CERTIFICATE-----")
    if begin < 0 or end not in chain:
        return ""
    return hashlib.sha256(ssl.PEM_cert_to_DER_cert(chain[begin : chain.index(end) + len(end)])).hexdigest()


def _question(target: Target, code: str, subject: str) -> Question:
    return Question(code=code, level=Level.TLS, subject=subject, vantage=target.vantage)
