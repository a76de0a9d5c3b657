"""What a 3CX finds wrong with a trunk by itself (Pbx.RunAnalysis), turned into checks. Pure.

What stands in no table here is unknown where 3CX calls it an error: what it means for encryption nobody here knows.
Elsewhere it is told with the others as evidence, and proves nothing.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from confgen.model.check import Check, Evidence, Level, Question, Vantage

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

_TLS = "TLS"
_OTHER_TRANSPORTS = ("UDP", "TCP", "ANY")
_GRAVE = frozenset({"Critical", "Error"})
_LONGEST = 200  # letters of what is shown of parameters

REGISTERED = "RegisteredOK"

# The PBX's own certificate for SIP over TLS: wrong whether the far end is there or not.
CERTIFICATE_FAULTS: Mapping[str, str] = {
    "SecureSIPCertificateInvalid": "the PBX's certificate for SIP over TLS cannot be used",
    "SecureSIPPrivateKeyInvalid": "the private key of the PBX's certificate for SIP over TLS cannot be used",
    "SecureSIPCertificateDateInvalid": "the PBX's certificate for SIP over TLS is out of its time",
}
TRANSPORT_FAULTS: Mapping[str, str] = {
    "TransportMismatch": "the far end speaks by another transport than the trunk demands",
    "TransportError": "no connection comes about by the transport that the trunk demands",
    "ErrNoTransport": "there is no transport to reach the far end by",
}
MEDIA_FAULTS: Mapping[str, str] = {
    "RTPMismatchDetected": "one end has SRTP and the other has not",
}
CODEC_FAULTS: Mapping[str, str] = {"CodecMismatch": "both ends have no codec in common"}
# A trunk whose far end has no name cannot have its certificate verified.
ADDRESS_FAULTS: Mapping[str, str] = {
    "RegistrarIsIPaddress": "the registrar is an IP address",
    "ProxyIsIpAddress": "the proxy is an IP address",
    "AltProxyIsIPAddress": "the second registrar is an IP address",
}
REGISTRATION_FAULTS: Mapping[str, str] = {
    "TrunkIsDisabled": "the trunk is switched off",
    "RegistrarIsNotSet": "no registrar is set",
    "RegistrationFailed": "the registration failed",
    "RegistrationIsBlocked": "the registration is blocked",
    "RegistrationIsNotRequired": "the trunk does not register",
    "ErrNoAuthID": "there is no user to register as",
    "ErrNoAuthPwd": "there is no password to register with",
    "ErrNoAuth3way": "there is no third user to register as",
    "ErrNoReply": "nobody answers",
    "ResponseCodeFail": "the far end answered with an error",
    "ResponseTextFail": "the far end answered with an error",
    "RegistrarFQDNIsNotResolved": "the registrar's name leads nowhere",
    "RegistrarIsFQDNnoResolve": "the registrar's name leads nowhere",
    "ProxyFQDNIsNotResolved": "the proxy's name leads nowhere",
    "AltProxyFQDNIsNotResolved": "the second registrar's name leads nowhere",
    "RegistrarZeroPortIP": "the registrar has an address and no port",
    "ProxyZeroPortIP": "the proxy has an address and no port",
    "AltProxyZeroPortIP": "the second registrar has an address and no port",
    "RegistrarFqdnHasNoNAPTRorSRV": "the registrar's name has no port in DNS",
    "ProxyFqdnHasNoNAPTRorSRV": "the proxy's name has no port in DNS",
    "AltProxyFqdnHasNoNAPTRorSRV": "the second registrar's name has no port in DNS",
}
# Trials of calls, routing and features: nothing of them is for a proof of encryption, whatever they say.
OF_CALLS = frozenset({
    "SIPCallFailed", "CallMonitoringFailed", "OutboundCallFailed", "InboundCallFailed", "RouteSkipped", "RouteFailed",
    "ForwardingFailed", "ForwardingFailedEndCall", "ForwardingEndsCall", "ForwardingInfo", "WarnOutboundDuration",
    "NumberFormatsMismatch", "NumberFormatsMatch", "TrunkIsInboundOnly", "TrunkIsOutboundOnly", "MainTrunkNumber",
    "NotSupportedRinstance", "NotSupportedRFC2833", "NotSupportedSessionTimers", "OutboundDialed",
    "OutboundCallerReady", "OutboundRuleFound", "OutboundCallSuccessful",
})  # fmt: skip
_TRANSPORTS = frozenset({"TransportType", "InboundCallTransport"})  # whose parameter is the transport
_CRYPTOS = "SupportedCryptos"  # whose parameters are the suites of SRTP

_FAULTS: Mapping[str, Mapping[str, str]] = {
    "TCX-37": TRANSPORT_FAULTS,
    "TCX-38": MEDIA_FAULTS,
    "TCX-39": CERTIFICATE_FAULTS,
    "TCX-40": CODEC_FAULTS,
    "TCX-43": ADDRESS_FAULTS,
}
# Of those that are the PBX's own: the certificate, the name, and a transport that it says it uses.
_MENDS: Mapping[str, str] = {
    "TCX-37": "`confgen push`: the trunk demands TLS, and calls came or went by it in another way",
    "TCX-39": "`certificate` in the inventory and `confgen push`; where 3CX gets its own, renew it in its console",
    "TCX-43": "`confgen push`: a trunk of confgen's has a name, which the far end's certificate carries",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """One line of an analysis."""

    code: str
    level: str  # Critical, Error, Warning, Info
    parameters: tuple[str, ...] = ()

    def __str__(self) -> str:
        parameters = " ".join(self.parameters)[:_LONGEST]
        return f"{self.level} {self.code}{f': {parameters}' if parameters else ''}"


def reports_in(answered: Any) -> tuple[Report, ...]:  # noqa: ANN401 -- JSON
    """The lines of an answer; what is of another form is told as a line that nobody knows."""
    lines = answered.get("value") if isinstance(answered, dict) else None
    return tuple(_report(line) for line in lines) if isinstance(lines, list) else ()


def _report(line: Any) -> Report:  # noqa: ANN401 -- JSON
    told = line if isinstance(line, dict) else {}
    parameters = told.get("Params")
    return Report(
        code=_word(told.get("Code")),
        level=_word(told.get("Level")),
        parameters=tuple(map(_word, parameters)) if isinstance(parameters, list) else (),
    )


def _word(told: object) -> str:
    """Printable, for it came from outside; nothing becomes what no table has."""
    return "".join(sign if sign.isprintable() else " " for sign in str(told)) if told is not None else "?"


def evidence_of(reports: Sequence[Report]) -> Evidence:
    """Everything that the analysis said."""
    return Evidence(title="RunAnalysis", text="\n".join(map(str, reports)))


def registration_faults(reports: Sequence[Report]) -> tuple[str, ...]:
    """Why a trunk is not registered, as far as the analysis tells."""
    return tuple(_told(REGISTRATION_FAULTS, reports))


def transport_faults(reports: Sequence[Report]) -> tuple[str, ...]:
    """What keeps a trunk from TLS, as far as the analysis tells."""
    return tuple(dict.fromkeys((*_told(TRANSPORT_FAULTS, reports), *_other_transports(reports))))


def media_faults(reports: Sequence[Report]) -> tuple[str, ...]:
    """What keeps a trunk from SRTP, as far as the analysis tells."""
    return tuple(_told(MEDIA_FAULTS, reports))


def contradictions(reports: Sequence[Report]) -> tuple[str, ...]:
    """What the analysis calls an error of the registration, of a trunk that is registered by the PBX's own word."""
    return registration_faults([one for one in reports if one.level in _GRAVE])


def analysis_checks(trunk: str, reports: Sequence[Report]) -> Iterator[Check]:
    """What the analysis of a trunk says of its encryption.

    What is the PBX's own fails. What may lie at the far end is pending, for no push mends it and none is undone for
    it: the trunk's leg tells whether it is wrong.
    """
    evidence = evidence_of(reports)
    for code, faults in _FAULTS.items():
        told = _other_transports(reports) if code == "TCX-37" else []
        told = [*told, *_told(faults, reports)]
        if not told:
            continue
        is_own = code in _MENDS and (code != "TCX-37" or bool(_other_transports(reports)))
        question, words = _question(code, trunk), "; ".join(told)
        check = question.failed(words, _MENDS[code]) if is_own else question.pending(words)
        yield check.with_evidence(evidence)
    good = [one for one in reports if one.level not in _GRAVE]  # what 3CX calls an error is no proof of anything
    if _transports(good) and all(map(_is_tls, _transports(reports))) and not transport_faults(reports):
        passed = _question("TCX-37", trunk).passed("the analysis finds TLS, and no other transport")
        yield passed.with_evidence(evidence)
    cryptos = next((one for one in good if one.code == _CRYPTOS), None)
    if cryptos is not None and not media_faults(reports):
        suites = ", ".join(cryptos.parameters)[:_LONGEST]
        words = f"the analysis finds SRTP at the far end{f': {suites}' if suites else ''}"
        yield _question("TCX-38", trunk).passed(words).with_evidence(evidence)
    yield from _unknown(trunk, reports)


def _unknown(trunk: str, reports: Sequence[Report]) -> Iterator[Check]:
    known = frozenset(code for faults in _FAULTS.values() for code in faults) | REGISTRATION_FAULTS.keys() | OF_CALLS
    grave = [one for one in reports if one.level in _GRAVE and one.code not in known]
    nameless = [one for one in reports if one.level not in {*_GRAVE, "Warning", "Info"}]
    strange = [
        one
        for one in reports
        if one.code in _TRANSPORTS and any(not _is_tls(word) and not _is_other(word) for word in one.parameters[:1])
    ]
    for one in dict.fromkeys((*grave, *nameless, *strange)):
        yield (
            _question("TCX-41", trunk)
            .unknown(f"3CX reports {one}, and what that means for encryption is not known here")
            .with_evidence(evidence_of(reports))
        )


def _told(faults: Mapping[str, str], reports: Sequence[Report]) -> list[str]:
    return list(dict.fromkeys(faults[one.code] for one in reports if one.code in faults))


def _other_transports(reports: Sequence[Report]) -> list[str]:
    return list(dict.fromkeys(f"it goes by {word}" for word in _transports(reports) if _is_other(word)))


def _transports(reports: Sequence[Report]) -> list[str]:
    return [word for one in reports if one.code in _TRANSPORTS for word in one.parameters[:1]]


def _is_tls(word: str) -> bool:
    return _TLS in word.upper()


def _is_other(word: str) -> bool:
    return not _is_tls(word) and any(other in word.upper() for other in _OTHER_TRANSPORTS)


def _question(code: str, trunk: str) -> Question:
    return Question(code=code, level=Level.STATE, subject=trunk, vantage=Vantage.INSIDE)
