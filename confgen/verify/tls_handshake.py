"""A whole handshake as a phone makes it, that knows the authority and the PBX's name."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from confgen.chains import certificates_in
from confgen.model.check import Evidence
from confgen.model.inventory import ClientCertificates
from confgen.streams.tcp import Closed, WireError, dialled
from confgen.streams.tls import CertificateRefused, HandshakeFailed, shake_hands, shake_hands_unverified
from confgen.verify.target import TIMEOUT
from confgen.verify.tls_asking import OUT_OF_REACH, question
from confgen.verify.tls_certificates import SystemsWord

if TYPE_CHECKING:
    from confgen.model.check import Check
    from confgen.streams.tls import Served
    from confgen.verify.expectation import TlsExpectation
    from confgen.verify.target import Target

NOT_SHAKEN = SystemsWord(None, "none was tried")


def shake_hands_checked(target: Target, expectation: TlsExpectation) -> tuple[tuple[Check, ...], SystemsWord]:
    """TLS-07 and, where a handshake comes about, CERT-10; one connection, and another where a phone would refuse."""
    trust = question(target, "CERT-10", "certificate")
    if expectation.authority is not None and not certificates_in(expectation.authority):
        check = trust.unknown("the handshake broke: the authority holds no certificate in PEM")
        return _without_trust(target, expectation, check, NOT_SHAKEN)
    try:
        served = _verified(target, expectation)
    except CertificateRefused as error:
        check = trust.failed(
            f"a phone would refuse it: {error.verify_message}",
            f"it must carry {target.domain}, be in time, and lead to the authority",
        )
        return _without_trust(target, expectation, check, SystemsWord(error.verify_code, error.verify_message))
    except WireError as error:
        check = trust.unknown(f"the handshake broke: {error}")
        return _without_trust(target, expectation, check, SystemsWord(None, str(error)))
    passed = trust.passed(f"it is for {target.domain}, in time, and leads to the authority")
    word = SystemsWord(0, proven=served.certificate)
    return (_came_about(target, served), passed.with_evidence(_seen(served))), word


def _without_trust(
    target: Target, expectation: TlsExpectation, trust: Check, word: SystemsWord
) -> tuple[tuple[Check, ...], SystemsWord]:
    """Whether a handshake comes about at all; where it does not, nothing is said of trust."""
    handshake = question(target, "TLS-07", "handshake")
    try:
        served = _unverified(target)
    except (HandshakeFailed, Closed) as error:
        is_demanded = expectation.client_certificates is ClientCertificates.REQUIRED
        if is_demanded and target.client_certificate is None:
            return (handshake.unknown(f"there is no certificate of ours to show: {error}"),), word
        # a server whose key does not fit its certificate ends the connection without a word
        mend = "does the key fit the certificate? the Asterisk log tells"
        return (handshake.failed(f"no handshake comes about: {error}", mend),), word
    except WireError as error:
        return (handshake.unknown(f"no connection: {error}", OUT_OF_REACH),), word
    proven = replace(word, proven=served.certificate)  # held by whoever answered, whether a phone trusts it or not
    return (_came_about(target, served), trust.with_evidence(_seen(served))), proven


def _came_about(target: Target, served: Served) -> Check:
    check = question(target, "TLS-07", "handshake").passed(f"{served.version} with {served.cipher}")
    return check.with_evidence(_seen(served))


def _seen(served: Served) -> Evidence:
    return Evidence(title="handshake", text=f"< {served.version}, {served.cipher}, certificate SHA-256 {served.sha256}")


def _verified(target: Target, expectation: TlsExpectation) -> Served:
    with dialled(target.dial, target.address, TIMEOUT) as carrier:
        stream, served = shake_hands(
            carrier,
            server_name=target.domain,
            authority=expectation.authority,
            timeout=TIMEOUT,
            client_certificate=target.client_certificate,
        )
        stream.close()
        return served


def _unverified(target: Target) -> Served:
    with dialled(target.dial, target.address, TIMEOUT) as carrier:
        stream, served = shake_hands_unverified(
            carrier, server_name=target.domain, timeout=TIMEOUT, client_certificate=target.client_certificate
        )
        stream.close()
        return served
