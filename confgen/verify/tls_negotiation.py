"""What a TLS port agrees to: versions, cipher suites, their order, groups."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from confgen.verify.tls_asking import Asked, ask, question, said, unanswered
from confgen.verify.wire.cipher_suites import SUITES_BEFORE_TLS_1_3, TLS_1_3_SUITES, Group, TlsVersion, suites_for
from confgen.verify.wire.client_hello import ELLIPTIC_GROUPS, ClientHello
from confgen.verify.wire.tls_probe import Accepted, Declined, Downgraded, Dropped

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence

    from confgen.model.check import Check
    from confgen.verify.expectation import TlsExpectation
    from confgen.verify.target import Target
    from confgen.verify.wire.cipher_suites import CipherSuite

_CURVES = tuple(group for group in Group if group.is_curve)
_MOST_NAMED = 6  # weak suites that are told by name, each by a connection of its own


def ask_version(target: Target, version: TlsVersion) -> Asked:
    """Offer this version alone, with every suite and curve that there is, the strong ones first."""
    small = () if version is TlsVersion.TLS_1_3 else tuple(group for group in _CURVES if group not in ELLIPTIC_GROUPS)
    hello = ClientHello(
        version=version,
        cipher_suites=suites_for(version),
        groups=(*ELLIPTIC_GROUPS, *small),
        server_name=target.domain,
    )
    return ask(target, hello)


def version_check(target: Target, expectation: TlsExpectation, asked: Asked) -> Check:
    """TLS-05 where the version must be spoken, TLS-04 where it may or must not."""
    version, answer = asked.hello.version, asked.answer
    is_required = version in expectation.required
    asking = question(target, "TLS-05" if is_required else "TLS-04", version.value)
    word = "declared" if expectation.is_of_inventory else "allowed"
    mend = expectation.mend(
        "push again: the TLS of this port is not what the inventory says", "let it speak TLS 1.2 and 1.3 alone"
    )
    if not is_required and version in expectation.allowed and (asked.is_refused or isinstance(answer, Downgraded)):
        return asking.passed(f"{version.value} is {said(answer)}, and need not be spoken").with_evidence(asked.evidence)
    match answer:
        case Accepted() if version in expectation.allowed:
            check = asking.passed(f"{version.value} is {said(answer)}")
        case Accepted():
            check = asking.failed(f"{version.value} is accepted, and not {word}", mend)
        case Declined() | Downgraded() | Dropped() if is_required:
            check = asking.failed(f"{version.value} is declared, and {said(answer)}", mend)
        case _ if asked.is_taken:
            check = asking.failed(f"{version.value} is agreed to, and not {word}; then {said(answer)}", mend)
        case Declined() | Downgraded() | Dropped():
            check = asking.passed(f"{version.value} is {said(answer)}")
        case _:
            check = unanswered(asking, answer)
    return check.with_evidence(asked.evidence)


def weak_suites_check(target: Target, expectation: TlsExpectation, version: TlsVersion) -> Check:
    """Every suite that is not on the list is offered, to be refused."""
    is_tls_1_3 = version is TlsVersion.TLS_1_3
    suites = TLS_1_3_SUITES if is_tls_1_3 else SUITES_BEFORE_TLS_1_3
    weak = tuple(suite for suite in suites if suite not in expectation.suites)
    asking = question(target, "TLS-06", f"weak cipher suites{' of TLS 1.3' if is_tls_1_3 else ''}")
    mend = expectation.mend(
        "push again: the ciphers of this port are not what was pushed",
        "let it take ECDHE with AES-GCM or ChaCha20-Poly1305 alone",
    )
    asked, names = _taken(target, version, weak)
    match asked[0].answer:
        case Accepted():
            check = asking.failed(f"{', '.join(names)} {'is' if len(names) == 1 else 'are'} accepted", mend)
        case Downgraded(chosen=chosen) if not is_tls_1_3:  # only weak ones were offered, so it took one of them
            check = asking.failed(f"a weak cipher suite is agreed to, in {chosen}", mend)
        case _ if asked[0].is_taken:
            check = asking.failed(f"a weak cipher suite is agreed to; then {said(asked[0].answer)}", mend)
        case Declined() | Dropped() | Downgraded():
            check = asking.passed(f"all {len(weak)} weak cipher suites are {said(asked[0].answer)}")
        case _:
            check = unanswered(asking, asked[0].answer)
    return check.with_evidence(*(one.evidence for one in asked))


def _taken(target: Target, version: TlsVersion, weak: Sequence[CipherSuite]) -> tuple[list[Asked], list[str]]:
    """The names of those that are accepted, asked one after the other until all others are refused."""
    names: list[str] = []
    asked: list[Asked] = []
    while len(names) < _MOST_NAMED:
        left = tuple(suite for suite in weak if suite.name not in names)
        if not left:
            break
        asked.append(ask(target, ClientHello(version=version, cipher_suites=left, server_name=target.domain)))
        answer = asked[-1].answer
        if not isinstance(answer, Accepted) or answer.cipher_suite in names:
            break
        names.append(answer.cipher_suite)
    return asked, names


def takes_strong_suite(expectation: TlsExpectation, asked: Asked) -> bool:
    """Whether it chose one where strong ones were offered first; otherwise there is no order to speak of."""
    return isinstance(asked.answer, Accepted) and asked.answer.cipher_suite in {
        suite.name for suite in expectation.suites
    }


def order_check(target: Target, expectation: TlsExpectation, first: Asked) -> Check:
    """RFC 9325 §4.2.1: whose order it is, the server's or the client's, is free; weak before strong is not.

    `first` is TLS 1.2 with the strong suites first. Now they come last, and in the opposite order.
    """
    asking = question(target, "TLS-12", "order of cipher suites")
    strong = [suite for suite in first.hello.cipher_suites if suite in expectation.suites]
    weak = [suite for suite in first.hello.cipher_suites if suite not in expectation.suites]
    asked = ask(target, replace(first.hello, cipher_suites=(*weak, *reversed(strong))))
    match asked.answer, first.answer:
        case Accepted(cipher_suite=chosen), Accepted(cipher_suite=before):
            if chosen in {suite.name for suite in weak}:
                check = asking.failed(
                    f"{chosen} is chosen where the client names it first, though stronger ones are offered",
                    "let the server offer strong suites alone, or prefer its own order",
                )
            elif chosen == before:
                check = asking.passed(f"the server's own: {chosen} is chosen, whatever the client names first")
            else:
                check = asking.passed(f"the client's: {before} or {chosen} is chosen, as it is named first")
        case answer, _:
            check = unanswered(asking, answer)
    return check.with_evidence(first.evidence, asked.evidence)


def group_check(target: Target, expectation: TlsExpectation, accepted: Collection[Asked]) -> Check:
    """What was chosen already, and small groups offered to be refused."""
    asking = question(target, "TLS-11", "groups of the key exchange")
    seen = [*accepted, *_small_groups_asked(target, expectation, accepted)]
    small = {said(one.answer) for one in seen if _has_small_group(one, expectation)}
    unclear = [one for one in seen if not one.is_taken and not one.is_refused]
    if small:
        check = asking.failed(
            f"a small group is agreed to: {', '.join(sorted(small))}",
            f"allow curves of {expectation.least_curve} bits and primes of {expectation.least_prime} bits at least",
        )
    elif any(_breaks_off(one, expectation) for one in seen):
        check = asking.failed("a small group is agreed to, and then the handshake broke off", "take small groups away")
    elif unclear:
        check = unanswered(asking, unclear[0].answer)
    else:
        chosen = sorted({one.answer.group for one in accepted if isinstance(one.answer, Accepted) and one.answer.group})
        check = asking.passed(f"{', '.join(chosen) or 'none'} is chosen, and small ones are refused")
    return check.with_evidence(*(one.evidence for one in seen))


def _small_groups_asked(target: Target, expectation: TlsExpectation, accepted: Collection[Asked]) -> Iterator[Asked]:
    """TLS 1.3 has no small groups. In TLS 1.2 a prime is the server's own choice, without an offer."""
    first = next((one for one in accepted if one.hello.version is TlsVersion.TLS_1_2), None)
    if first is None:
        return
    small = tuple(group for group in _CURVES if group.bits < expectation.least_curve)
    by_curve = tuple(suite for suite in first.hello.cipher_suites if suite.name.startswith("TLS_ECDHE_"))
    yield ask(target, replace(first.hello, cipher_suites=by_curve, groups=small))
    # OpenSSL declines where the curve of its own certificate was not offered: what is offered first shows then
    yield ask(target, replace(first.hello, cipher_suites=by_curve, groups=(*small, *ELLIPTIC_GROUPS)))
    by_prime = tuple(suite for suite in expectation.suites if suite.name.startswith("TLS_DHE_"))
    if by_prime:
        yield ask(target, replace(first.hello, cipher_suites=by_prime))


def _breaks_off(asked: Asked, expectation: TlsExpectation) -> bool:
    """Whether nothing but small groups was offered, and the server agreed before it ended the handshake."""
    is_small = all(group.bits < expectation.least_curve for group in asked.hello.groups)
    return is_small and asked.is_taken and not isinstance(asked.answer, Accepted)


def _has_small_group(asked: Asked, expectation: TlsExpectation) -> bool:
    if not isinstance(asked.answer, Accepted) or asked.answer.group is None:
        return False
    name = asked.answer.group
    if name.startswith("dh-"):
        return int(name.removeprefix("dh-")) < expectation.least_prime
    if name not in Group.__members__:  # an explicit curve (RFC 8422 §5.4), or a number without a name
        return True
    group = Group[name]
    return group.bits < (expectation.least_curve if group.is_curve else expectation.least_prime)
