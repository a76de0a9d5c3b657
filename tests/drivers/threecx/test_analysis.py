"""What 3CX's analysis of a trunk says is turned into verdicts, and what it might say is never taken for a pass."""

from __future__ import annotations

import json

import pytest

from confgen.drivers.threecx import analysis
from confgen.drivers.threecx.analysis import Report, analysis_checks, reports_in
from confgen.model.check import Check, Verdict
from confgen.resources import schema_text

CODES = [
    code
    for code in json.loads(schema_text("threecx-api"))["definitions"]["TrunkReport"]["properties"]["Code"]["enum"]
    if code is not None
]
SAYS_NOTHING = frozenset({
    "LocalCodec", "RemoteCodec", "DestinationMediaIP", "SourceMediaIP", "SIPMessageResponse", "IPMode", "ServerAddress",
    "TargetDomain", "ProxyIsFQDN", "ProxyResolvesToNAPTR", "ProxyResolvesToSRV", "ProxyResolvesToHOST",
    "ProxyResolvesToAAAA", "RegistrarIsFQDN", "RegistrarResolvesToNAPTR", "RegistrarResolvesToSRV",
    "RegistrarResolvesToHOST", "RegistrarResolvesToAAAA", "InboundCallSource", "InboundSIPMessage", "ExtraHeader",
    "SupportedPrivacy", "SupportedRinstance", "SupportedRFC2833", "SupportedVideo", "SupportedPRACK", "SupportedFax",
    "SupportedRtcp", "SupportedSessionTimers", "AltProxyIsFQDN", "AltProxyResolvesToNAPTR", "AltProxyResolvesToSRV",
    "AltProxyResolvesToHOST", "AltProxyResolvesToAAAA",
})  # fmt: skip
FAULTS = [
    ("TCX-39", analysis.CERTIFICATE_FAULTS),
    ("TCX-37", analysis.TRANSPORT_FAULTS),
    ("TCX-38", analysis.MEDIA_FAULTS),
    ("TCX-40", analysis.CODEC_FAULTS),
    ("TCX-43", analysis.ADDRESS_FAULTS),
]


def judged(*reports: Report) -> list[Check]:
    return list(analysis_checks("carrier", reports))


def verdicts(*reports: Report) -> list[tuple[str, Verdict]]:
    return [(check.code, check.verdict) for check in judged(*reports)]


def error(code: str, *parameters: str) -> Report:
    return Report(code=code, level="Error", parameters=parameters)


def info(code: str, *parameters: str) -> Report:
    return Report(code=code, level="Info", parameters=parameters)


@pytest.mark.parametrize(("code", "said"), [(code, said) for code, faults in FAULTS for said in faults])
@pytest.mark.parametrize("level", ["Critical", "Error", "Warning", "Info"])
def test_what_is_wrong_never_passes_and_fails_where_it_is_the_pbxs_own(code: str, said: str, level: str) -> None:
    (check,) = judged(Report(code=said, level=level))
    is_own = code in {"TCX-39", "TCX-43"}
    assert (check.code, check.verdict) == (code, Verdict.FAILED if is_own else Verdict.PENDING)
    assert bool(check.mend) == is_own
    assert check.evidence[0].text == f"{level} {said}"


@pytest.mark.parametrize("code", CODES)
def test_nothing_that_3cx_calls_an_error_is_passed(code: str) -> None:
    told = verdicts(error(code))
    assert Verdict.PASSED not in {verdict for _, verdict in told}
    silent = analysis.REGISTRATION_FAULTS.keys() | analysis.OF_CALLS  # the registration has a check of its own
    assert bool(told) != (code in silent)


@pytest.mark.parametrize("code", sorted(SAYS_NOTHING))
def test_what_3cx_tells_besides_says_nothing_and_as_an_error_is_unknown(code: str) -> None:
    assert verdicts(info(code)) == []
    assert verdicts(error(code)) == [("TCX-41", Verdict.UNKNOWN)]


def test_every_code_of_the_api_is_known() -> None:
    known = {code for _, faults in FAULTS for code in faults} | analysis.REGISTRATION_FAULTS.keys() | analysis.OF_CALLS
    assert set(CODES) - known - SAYS_NOTHING == {
        "InboundCallTransport", "RegisteredOK", "SupportedCryptos", "TransportType",
    }  # fmt: skip


@pytest.mark.parametrize("level", ["Critical", "Error", "?", "Fatal"])
def test_a_code_of_which_nothing_is_known_is_unknown(level: str) -> None:
    (check,) = judged(Report(code="WeakCryptoNegotiated", level=level))
    assert (check.code, check.verdict) == ("TCX-41", Verdict.UNKNOWN)
    assert "WeakCryptoNegotiated" in check.message


@pytest.mark.parametrize(
    ("told", "verdict"),
    [
        (["TLS"], Verdict.PASSED),
        (["Tls"], Verdict.PASSED),
        (["UDP"], Verdict.FAILED),
        (["TCP"], Verdict.FAILED),
        (["Any"], Verdict.FAILED),
        (["TLS", "UDP"], Verdict.FAILED),
        (["SCTP"], Verdict.UNKNOWN),
    ],
)
def test_the_transport_is_what_it_says(told: list[str], verdict: Verdict) -> None:
    (found,) = verdicts(*(info("TransportType", word) for word in told))
    assert found == ("TCX-41" if verdict is Verdict.UNKNOWN else "TCX-37", verdict)


def test_one_transport_that_nobody_knows_keeps_the_others_from_passing() -> None:
    assert verdicts(info("TransportType", "TLS"), info("InboundCallTransport", "SCTP")) == [("TCX-41", Verdict.UNKNOWN)]
    assert verdicts(info("TransportType", "TLS"), error("TransportError")) == [("TCX-37", Verdict.PENDING)]


def test_a_transport_that_names_none_proves_nothing() -> None:
    assert verdicts(info("TransportType")) == []


def test_srtp_is_what_the_far_end_has_and_no_mismatch_is_beside_it() -> None:
    cryptos = info("SupportedCryptos", "AES_CM_128_HMAC_SHA1_80")
    assert verdicts(cryptos) == [("TCX-38", Verdict.PASSED)]
    assert verdicts(cryptos, error("RTPMismatchDetected")) == [("TCX-38", Verdict.PENDING)]


def test_an_answer_of_another_form_is_unknown() -> None:
    reports = reports_in({"value": [{"Code": None, "Level": "Error"}, "words", {"Level": "Info", "Params": "x"}]})
    assert {verdict for _, verdict in verdicts(*reports)} == {Verdict.UNKNOWN}
    assert reports_in(None) == reports_in({"value": {}}) == ()


def test_what_came_from_outside_is_printed_on_one_line() -> None:
    (report,) = reports_in({"value": [{"Code": "A\x1b[31m\nB", "Level": "Error", "Params": ["x" * 999]}]})
    assert "\x1b" not in str(report)
    assert "\n" not in str(report)
    assert len(str(report)) < 300
