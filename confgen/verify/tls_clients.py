"""Whom a TLS port lets in: nobody without a certificate, no stranger, and us, where certificates are demanded."""

from __future__ import annotations

import ssl
from typing import TYPE_CHECKING

from confgen import __version__
from confgen.model.check import Evidence
from confgen.model.inventory import ClientCertificates
from confgen.streams.tcp import Address, Closed, TimedOut, WireError, dialled
from confgen.streams.tls import HandshakeFailed, shake_hands_unverified
from confgen.verify.identity import stranger
from confgen.verify.target import TIMEOUT
from confgen.verify.tls_asking import OUT_OF_REACH, question
from confgen.verify.wire.sip import MalformedSip
from confgen.verify.wire.user_agent import Caller, UserAgent

if TYPE_CHECKING:
    from collections.abc import Iterator

    from confgen.model.check import Check, Question
    from confgen.streams.tls import ClientCertificate
    from confgen.verify.target import Target

_MEND = "push again: verify_client, require_client_cert and ca_list_file are needed together"


def demand_checks(target: Target, local: str, *, is_requested: bool | None) -> Iterator[Check]:
    """Where a certificate is demanded: without one, with a stranger's, and with ours.

    `is_requested` says whether a handshake was seen in which one is asked for, None that none told.
    """
    has_control = not target.is_for_providers or is_requested is True  # elsewhere ours must be let in
    nobody = question(target, "TLS-08", "without a client certificate")
    yield _refusal(nobody, target, local, None, has_control=has_control)
    foreign = question(target, "TLS-13", "with a stranger's client certificate")
    with stranger(target.domain) as shown:
        if shown is None:
            yield foreign.unknown("this machine has no files in memory to make one in")
        else:
            yield _refusal(foreign, target, local, shown, has_control=has_control)
    if target.is_for_providers:  # their authorities signed theirs, and not ours
        return
    ours = question(target, "TLS-14", "with a client certificate of the authority")
    if target.client_certificate is None:
        yield ours.unknown("there is none to show: its key never leaves the host")
    else:
        yield _admission(ours, target, local, target.client_certificate)


def request_check(
    target: Target, expected: ClientCertificates | None, local: str, *, is_requested: bool | None
) -> Check:
    """Where none is demanded: pjproject asks everybody for one, and lets in who has none."""
    asking = question(target, "TLS-15", "client certificates")
    if is_requested is None:
        return asking.unknown("no handshake told whether one is asked for")
    if not is_requested:
        return asking.passed("none is asked for")
    if _lets_in_by_tls_1_2(target):
        return _told(asking.passed("one is asked for, and who has none is let in"), "the handshake came to its end")
    return _request_check_by_sip(asking, target, expected, local)


def _request_check_by_sip(asking: Question, target: Target, expected: ClientCertificates | None, local: str) -> Check:
    try:
        status = _answered(target, local, None)
    except (HandshakeFailed, Closed) as error:
        if expected is None:
            return _told(asking.passed(f"one is demanded: who has none is refused: {error}"), str(error))
        check = asking.failed(f"one is demanded, and the inventory demands none: {error}", "push again")
        return _told(check, str(error))
    except WireError as error:
        return asking.unknown(f"one is asked for, and without it came no answer: {error}", OUT_OF_REACH)
    return _told(
        asking.passed(f"one is asked for, and who has none is answered {status}"), f"OPTIONS answered {status}"
    )


def _lets_in_by_tls_1_2(target: Target) -> bool:
    """Whether a handshake without a certificate comes to its end, which before TLS 1.3 the server says at last.

    That needs no SIP, of which intrusion detection would count a request by nobody.
    """
    try:
        with dialled(target.dial, target.address, TIMEOUT) as carrier:
            shake_hands_unverified(carrier, server_name=target.domain, timeout=TIMEOUT, newest=ssl.TLSVersion.TLSv1_2)
    except WireError:
        return False
    return True


def _refusal(
    asking: Question, target: Target, local: str, shown: ClientCertificate | None, *, has_control: bool
) -> Check:
    """In TLS 1.3 a server refuses after the handshake, so only a SIP answer tells that somebody was let in.

    That a connection is closed without a word refuses a stranger only where there is a sign that not everybody is.
    """
    try:
        status = _answered(target, local, shown)
    except HandshakeFailed as error:
        if not error.is_alert:  # it was our side that broke off, and the server may have agreed
            return asking.unknown(f"the handshake broke: {error.reason}")
        return _told(asking.passed(f"a stranger is refused: {error}"), f"refused: {error.reason}")
    except Closed as error:
        dropped = "no handshake showed that a certificate is asked for: everybody may be dropped"
        check = asking.passed(f"a stranger is refused: {error}") if has_control else asking.unknown(dropped)
        return _told(check, str(error))
    except TimedOut:
        return asking.unknown("silence where an alert or an answer was due")
    except WireError as error:
        return asking.unknown(f"no connection: {error}", OUT_OF_REACH)
    return _told(asking.failed(f"a stranger was answered {status}", _MEND), f"OPTIONS answered {status}")


def _admission(asking: Question, target: Target, local: str, shown: ClientCertificate) -> Check:
    try:
        status = _answered(target, local, shown)
    except (HandshakeFailed, Closed) as error:
        check = asking.failed(f"ours is refused: {error}", "is it signed by the authority, in time, good for clients?")
        return _told(check, str(error))
    except WireError as error:
        return asking.unknown(f"no answer: {error}", OUT_OF_REACH)
    return _told(asking.passed(f"ours is taken, and OPTIONS answered {status}"), f"OPTIONS answered {status}")


def _answered(target: Target, local: str, shown: ClientCertificate | None) -> str:
    """What came to an OPTIONS; whoever answers anything inside TLS has let us in."""
    caller = Caller(
        user="stranger", domain=target.domain, local=Address(host=local, port=0), confgen_version=__version__
    )
    with dialled(target.dial, target.address, TIMEOUT) as carrier:
        stream, _ = shake_hands_unverified(
            carrier, server_name=target.domain, timeout=TIMEOUT, client_certificate=shown
        )
        try:
            return str(UserAgent(stream, caller, TIMEOUT).options().status)
        except MalformedSip:
            return "in another protocol than SIP"


def _told(check: Check, came: str) -> Check:
    return check.with_evidence(Evidence(title="handshake, then OPTIONS", text=f"< {came}"))
