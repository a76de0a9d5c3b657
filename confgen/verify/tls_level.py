"""Level *tls*: what a TLS port agrees to, what it serves, and whom it lets in.

About a dozen connections for each port, one after the other, and never more than 25: most end with the server's first
answer, and what one of them showed serves several checks.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from confgen.model.check import Verdict
from confgen.model.inventory import ClientCertificates
from confgen.streams.tcp import WireError, dialled
from confgen.verify.target import TIMEOUT
from confgen.verify.tls_asking import OUT_OF_REACH, question
from confgen.verify.tls_certificates import certificate_checks
from confgen.verify.tls_clients import demand_checks, request_check
from confgen.verify.tls_handshake import NOT_SHAKEN, shake_hands_checked
from confgen.verify.tls_negotiation import (
    ask_version,
    group_check,
    order_check,
    takes_strong_suite,
    version_check,
    weak_suites_check,
)
from confgen.verify.wire.cipher_suites import TlsVersion
from confgen.verify.wire.tls_probe import Accepted

if TYPE_CHECKING:
    from collections.abc import Iterator

    from confgen.model.check import Check
    from confgen.verify.expectation import TlsExpectation
    from confgen.verify.target import Target
    from confgen.verify.tls_asking import Asked
    from confgen.verify.wire.served_chain import ServedChain

_MOST_UNANSWERED = 2


def tls_checks(target: Target, expectation: TlsExpectation, local: str) -> Iterator[Check]:
    """Every check of the level; `local` is our own address, for what we say in SIP."""
    accepted: dict[TlsVersion, Asked] = {}
    unanswered = 0
    for number, check in enumerate(_negotiation_checks(target, expectation, accepted), start=1):
        yield check
        unanswered += check.verdict is Verdict.UNKNOWN
        if unanswered in {number, _MOST_UNANSWERED}:  # such a port is not waited for again and again
            yield question(target, "TLS-07", "handshake").unknown("not asked: see above", OUT_OF_REACH)
            return
    yield from _identity_checks(target, expectation, accepted, local)


def _negotiation_checks(
    target: Target, expectation: TlsExpectation, accepted: dict[TlsVersion, Asked]
) -> Iterator[Check]:
    """Versions first; `accepted` is filled with those that are."""
    for version in sorted(TlsVersion, key=lambda version: _rank(version, expectation)):
        asked = ask_version(target, version)
        if isinstance(asked.answer, Accepted):
            accepted[version] = asked
        yield version_check(target, expectation, asked)
    allowed = {version: asked for version, asked in accepted.items() if version in expectation.allowed}
    if TlsVersion.TLS_1_2 in expectation.allowed:
        yield weak_suites_check(target, expectation, TlsVersion.TLS_1_2)
    if TlsVersion.TLS_1_3 in allowed:
        yield weak_suites_check(target, expectation, TlsVersion.TLS_1_3)
    if TlsVersion.TLS_1_2 in allowed and takes_strong_suite(expectation, allowed[TlsVersion.TLS_1_2]):
        yield order_check(target, expectation, allowed[TlsVersion.TLS_1_2])
    if allowed:
        yield group_check(target, expectation, allowed.values())


def _rank(version: TlsVersion, expectation: TlsExpectation) -> int:
    """What must be spoken is asked first, and what may be next."""
    return 2 - (version in expectation.required) - (version in expectation.allowed)


def _identity_checks(
    target: Target, expectation: TlsExpectation, accepted: dict[TlsVersion, Asked], local: str
) -> Iterator[Check]:
    is_demanded = expectation.client_certificates is ClientCertificates.REQUIRED
    word = NOT_SHAKEN
    if not (target.is_for_providers and is_demanded):  # there our own certificate is a stranger's
        checks, word = shake_hands_checked(target, expectation)
        yield from checks
    if not accepted:
        return
    shown = _shown_in_clear(accepted)
    look = _look(target) if shown is None or (word is NOT_SHAKEN and TlsVersion.TLS_1_3 in accepted) else None
    chain, is_requested = _served(shown, look)
    if word.proven is None and look is not None:
        word = replace(word, proven=next(iter(look.certificates), None))
    if chain:
        yield from certificate_checks(target, expectation, chain, word, datetime.now(UTC))
    else:
        yield question(target, "CERT-17", "chain").unknown("no handshake showed what is served")
    if is_demanded:
        yield from demand_checks(target, local, is_requested=is_requested)
    else:
        yield request_check(target, expectation.client_certificates, local, is_requested=is_requested)


def _shown_in_clear(accepted: dict[TlsVersion, Asked]) -> Accepted | None:
    """Before TLS 1.3 the chain, and whether a certificate of ours is asked for, are said in clear."""
    for version in (TlsVersion.TLS_1_2, TlsVersion.TLS_1_1, TlsVersion.TLS_1_0):
        answer = accepted[version].answer if version in accepted else None
        if isinstance(answer, Accepted) and answer.certificates:
            return answer
    return None


def _served(shown: Accepted | None, look: ServedChain | None) -> tuple[tuple[bytes, ...], bool | None]:
    """The chain, and whether a certificate of ours is asked for; a port that lets nobody in shows them in clear."""
    seen = shown or look
    return ((), None) if seen is None else (seen.certificates, seen.client_certificate_is_requested)


def _look(target: Target) -> ServedChain | None:
    """What a finished handshake showed: in TLS 1.3 it comes to its end on our side before the server shuts us out."""
    from confgen.verify.wire.served_chain import look_at_chain  # noqa: PLC0415 -- a tenth of a second, and seldom needed

    try:
        with dialled(target.dial, target.address, TIMEOUT) as carrier:
            return look_at_chain(carrier, server_name=target.domain, timeout=TIMEOUT)
    except WireError:
        return None
