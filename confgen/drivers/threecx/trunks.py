"""Whether the trunks of a 3CX are registered, and what it says of them by itself."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from confgen.drivers.threecx.analysis import (
    Report,
    analysis_checks,
    contradictions,
    evidence_of,
    registration_faults,
    reports_in,
)
from confgen.drivers.threecx.contract import fields
from confgen.drivers.threecx.requests import change, pages
from confgen.drivers.threecx.texts import value_at
from confgen.model.check import Check, Level, Question, Vantage
from confgen.model.host import HostError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from confgen.model.host import Host
    from confgen.model.version import ProductVersion

_ASKED = ("Id", "IsOnline", "ConfigurationIssue", "Certificate", "CertificateExpirationDate", "TransportRestriction")
_DAYS_LEFT = 14  # long enough to be given another one


@dataclass(frozen=True, slots=True, kw_only=True)
class Trunk:
    """How a trunk stands, by the PBX's own word; None is what it does not tell."""

    name: str
    number: int | None  # its Id
    is_online: bool | None  # registered
    transport: str | None  # TransportRestriction
    srtp: str | None  # Gateway.SRTPMode
    authority: str  # PEM, of the far end's certificate; empty where there is none
    ends_at: str | None  # that certificate, as the PBX writes moments
    issue: str  # what 3CX finds wrong with its settings

    @property
    def demands_tls(self) -> bool | None:
        """Whether its signalling goes over TLS or not at all."""
        return None if self.transport is None else self.transport == "TLS"

    @property
    def demands_srtp(self) -> bool | None:
        """Whether its media is SRTP or nothing."""
        return None if self.srtp is None else self.srtp == "SRTPEnforced"

    @property
    def words(self) -> str:
        """Its two settings as 3CX names them."""
        return f"TransportRestriction {self.transport or 'not told'}, SRTPMode {self.srtp or 'not told'}"


def trunks(host: Host, version: ProductVersion) -> Mapping[str, Trunk]:
    """Every trunk by its name, without any secret; of two that have the same, nothing else is told."""
    known = fields("Trunk", version)
    select = ",".join((*(name for name in _ASKED if name in known), "Gateway"))
    found: dict[str, Trunk] = {}
    for trunk in map(_trunk, pages(host, f"/Trunks?$select={select}")):
        found[trunk.name] = _of_two(trunk.name) if trunk.name in found else trunk
    return found


def analysed(host: Host, trunk: Trunk) -> tuple[Report, ...]:
    """What 3CX finds by itself; HostError where it cannot be asked. No call is made."""
    if trunk.number is None:
        why = f": {trunk.issue}" if trunk.issue else ""
        raise HostError(f"3CX does not tell the Id of the trunk {trunk.name}{why}")
    return reports_in(change(host, "POST", f"/Trunks({trunk.number})/Pbx.RunAnalysis").body)


def trunk_checks(host: Host, trunk: Trunk | None, name: str, now: datetime) -> Iterator[Check]:
    """How a trunk stands. That it is not registered is pending here: its leg tells whether that is wrong."""
    registration = _question("TCX-36", name)
    if trunk is None:
        yield registration.failed(f"3CX has no trunk {name}", "`confgen push`")
        return
    yield from _authority(trunk, now)
    try:
        reports = analysed(host, trunk)
    except HostError as error:
        yield _question("TCX-41", name).unknown(f"3CX did not analyse the trunk: {error}")
        reports = ()
    yield _registered(registration, trunk, reports)
    yield from analysis_checks(name, reports)


def _registered(question: Question, trunk: Trunk, reports: tuple[Report, ...]) -> Check:
    if trunk.is_online is None:
        return question.unknown("3CX does not tell whether it is registered")
    against = contradictions(reports)
    if trunk.is_online and against:
        words = f"registered, by 3CX's own word, and its analysis says otherwise: {'; '.join(against)}"
        return question.pending(words).with_evidence(evidence_of(reports))
    if trunk.is_online:
        return question.passed("registered")
    why = [*registration_faults(reports), *([trunk.issue] if trunk.issue else [])]
    return question.pending(f"not registered: {'; '.join(why) or '3CX does not tell why'}")


def _authority(trunk: Trunk, now: datetime) -> Iterator[Check]:
    """When that ends which the far end's certificate must lead to; older versions do not tell."""
    if trunk.ends_at is None:
        return
    question = _question("TCX-42", trunk.name)
    try:
        ends = datetime.fromisoformat(trunk.ends_at)
    except ValueError:
        yield question.unknown(f"3CX tells no moment at which the authority's certificate ends: {trunk.ends_at[:40]!r}")
        return
    ends = ends if ends.tzinfo is not None else ends.replace(tzinfo=UTC)
    left = ends - now
    if left < timedelta(days=_DAYS_LEFT):
        yield question.failed(
            f"the certificate of the far end's authority {'ended' if left < timedelta() else 'ends'} on {ends.date()}",
            "write the authority's new certificate into the inventory, and `confgen push`",
        )
    else:
        yield question.passed(f"the certificate of the far end's authority ends on {ends.date()}")


def _trunk(answered: Mapping[str, Any]) -> Trunk:
    number, is_online = answered.get("Id"), answered.get("IsOnline")
    return Trunk(
        name=str(value_at(answered, ("Gateway", "Name"))),
        number=number if isinstance(number, int) else None,
        is_online=is_online if isinstance(is_online, bool) else None,
        transport=_text(answered.get("TransportRestriction")),
        srtp=_text(value_at(answered, ("Gateway", "SRTPMode"))),
        authority=_text(answered.get("Certificate")) or "",
        ends_at=_text(answered.get("CertificateExpirationDate")),
        issue=_text(answered.get("ConfigurationIssue")) or "",
    )


def _of_two(name: str) -> Trunk:
    return Trunk(
        name=name, number=None, is_online=None, transport=None, srtp=None, authority="", ends_at=None,
        issue="two trunks have this name",
    )  # fmt: skip


def _text(told: object) -> str | None:
    return told if isinstance(told, str) and told else None


def _question(code: str, name: str) -> Question:
    return Question(code=code, level=Level.STATE, subject=name, vantage=Vantage.INSIDE)
