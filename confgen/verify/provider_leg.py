"""The leg to a provider: what the PBX tells of it, and what its TLS port shows to the PBX's own host."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from confgen import __version__
from confgen.model.check import Check, Level, Question, Vantage
from confgen.model.driver import Standing
from confgen.streams.tcp import Address, Barred, Closed, Refused, TimedOut, WireError, connect, dialled
from confgen.streams.tls import CertificateRefused, HandshakeFailed, shake_hands
from confgen.verify.target import TIMEOUT
from confgen.verify.wire.clear_probe import Answered, probe_clear_text
from confgen.verify.wire.user_agent import Caller, UserAgent

if TYPE_CHECKING:
    from confgen.model.driver import Driver, ProviderAnswer
    from confgen.model.host import Host
    from confgen.model.inventory import Pbx
    from confgen.model.provider import ProviderTrunk
    from confgen.model.stream import Stream
    from confgen.streams.tcp import Dial

_CLEAR_PORT = 5060  # RFC 3261 §19.1.2: of SIP without TLS


@dataclass(frozen=True, slots=True)
class Trusted:
    """TLS came about and the certificate holds; `status` is what it answered to OPTIONS, None where it was silent."""

    status: int | None
    is_from_elsewhere: bool = False  # not from the PBX's host, which lets nobody through


@dataclass(frozen=True, slots=True)
class Untrusted:
    """TLS came about up to the certificate, which does not hold."""

    reason: str


@dataclass(frozen=True, slots=True)
class NoTls:
    """Something listens, and it speaks no TLS that we could."""

    reason: str


@dataclass(frozen=True, slots=True)
class Away:
    """Nobody answers: refused, no way there, silent."""

    reason: str


@dataclass(frozen=True, slots=True)
class Untold:
    """It could not be looked at."""

    reason: str


Seen = Trusted | Untrusted | NoTls | Away | Untold


def prove_provider(host: Host, pbx: Pbx, driver: Driver, trunk: ProviderTrunk, outward: Dial = connect) -> Check:
    """Ask the PBX, then look for ourselves: an earlier registration outlives a provider, and a careless PBX a check."""
    answer = driver.ask_provider(host, pbx, trunk)
    seen = look_at_provider(host.dial, answer.domain, answer.port, answer.authority)
    if isinstance(seen, Untold) and driver.traits.is_asked_by_api:  # its SSH is for the API, if there is one
        seen = _from_elsewhere(look_at_provider(outward, answer.domain, answer.port, answer.authority))
    return verdict(trunk, answer, seen)


def _from_elsewhere(seen: Seen) -> Seen:
    return replace(seen, is_from_elsewhere=True) if isinstance(seen, Trusted) else seen


def verdict(trunk: ProviderTrunk, answer: ProviderAnswer, seen: Seen) -> Check:
    """What both together mean. Pure."""
    where = f"{answer.domain}:{answer.port}"
    return _fault(trunk, answer, seen, where) or _without_fault(_question("CALL-03", trunk), answer, seen, where)


def _fault(trunk: ProviderTrunk, answer: ProviderAnswer, seen: Seen, where: str) -> Check | None:
    """What is wrong, and not only absent."""
    match answer.standing, seen:
        case (Standing.UNTRUSTED, _):
            return _untrusted(trunk, where, answer.said)
        case (_, Untrusted(reason)):
            return _untrusted(trunk, where, reason)
        case (Standing.REFUSED, _):
            return _question("CALL-04", trunk).failed(
                f"{where} refuses this PBX: {answer.said}", "are the account's user and secret those of the provider?"
            )
        case (Standing.REGISTERED | Standing.ANSWERED, _):
            return None
        case (_, NoTls(reason)):
            return _question("TLS-10", trunk).failed(
                f"{where} speaks no TLS: {reason}",
                "order TLS and SRTP from the provider, or give its TLS port; a leg in clear text is never rendered",
            )
        case _:
            return None


def _without_fault(leg: Question, answer: ProviderAnswer, seen: Seen, where: str) -> Check:  # noqa: PLR0911 -- as many ends
    match answer.standing, seen:
        case (Standing.REGISTERED | Standing.ANSWERED, Trusted(is_from_elsewhere=is_from_elsewhere)):
            word = "registered at" if answer.standing is Standing.REGISTERED else "answered by"
            verified = "verified from this machine" if is_from_elsewhere else "verified"
            certificate = f"whose certificate was {verified}"
            if answer.reservation:
                certificate += f" in a handshake of confgen's own, and {answer.reservation}"
            return leg.passed(
                f"{word} {answer.domain} over TLS {certificate}; SRTP is demanded of every call; for this none was made"
            )
        case (Standing.REGISTERED | Standing.ANSWERED, NoTls(reason) | Away(reason) | Untold(reason)):
            return leg.unknown(f"the PBX is answered, and its host saw no certificate at {where}: {reason}")
        case (Standing.UNTOLD, _):
            return leg.unknown(f"the PBX does not tell how it stands with {where}: {answer.said}")
        case (_, Untold(reason)):
            return leg.unknown(f"{where} could not be looked at from the PBX's host: {reason}")
        case (_, Away(reason)):
            return leg.pending(f"{where} cannot be reached: {reason}")
        case (Standing.OUT_OF_ORDER, _):
            return leg.pending(f"{where} is out of order: {answer.said}")
        case (_, Trusted(None)):
            return leg.pending(f"{where} speaks TLS and does not answer: {answer.said}")
        case _:
            return leg.unknown(
                f"{where} answers SIP over TLS, but not this PBX: {answer.said}",
                "are the account and its secret right? its own log tells more",
            )


def _untrusted(trunk: ProviderTrunk, where: str, reason: str) -> Check:
    return _question("TLS-09", trunk).failed(
        f"the certificate of {where} does not hold: {reason}",
        f"it must be for {trunk.provider.domain}, in time, and lead to the provider's `authority` in the inventory",
    )


def _question(code: str, trunk: ProviderTrunk) -> Question:
    return Question(
        code=code, level=Level.CALL, subject=f"{trunk.name} to {trunk.provider.name}", vantage=Vantage.INSIDE
    )


def look_at_provider(  # noqa: PLR0911 -- an end for each
    dial: Dial, domain: str, port: int, authority: str | None, timeout: float = TIMEOUT
) -> Seen:
    """One handshake as the PBX makes it, with the authority that the PBX trusts there."""
    address = Address(host=domain, port=port)
    try:
        with dialled(dial, address, timeout) as carrier:
            stream, _ = shake_hands(carrier, server_name=domain, authority=authority, timeout=timeout)
            return Trusted(_options(stream, domain, timeout))
    except Barred as error:
        return Untold(str(error))
    except CertificateRefused as error:
        return Untrusted(error.verify_message)
    except HandshakeFailed as error:
        is_told = authority is None or authority
        return NoTls(error.reason) if is_told else Untold("the PBX did not tell which authority it trusts there")
    except Refused as error:
        return _without_tls(dial, Address(host=domain, port=_CLEAR_PORT), timeout) or Away(str(error))
    except TimedOut:
        return _without_tls(dial, address, timeout) or Away("silent")
    except Closed as error:
        return _without_tls(dial, address, timeout) or Untold(f"no handshake comes about: {error}")
    except WireError as error:
        return Away(str(error))


def _options(stream: Stream, domain: str, timeout: float) -> int | None:
    caller = Caller(
        user="confgen", domain=domain, local=Address(host="confgen.invalid", port=0), confgen_version=__version__
    )
    try:
        return UserAgent(stream, caller, timeout).options().status
    except WireError:
        return None


def _without_tls(dial: Dial, address: Address, timeout: float) -> NoTls | None:
    try:
        answer = probe_clear_text(dial, address, timeout)
    except WireError:
        return None
    if isinstance(answer, Answered) and answer.is_sip:
        return NoTls(f"SIP in clear text is answered {answer.status} on port {address.port}")
    return None
