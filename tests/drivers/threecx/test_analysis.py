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


def judged(*reports: Report, is_online: bool = True) -> list[Check]:
    return list(analysis_checks("carrier", reports, is_online=is_online))


def verdicts(*reports: Report, is_online: bool = True) -> list[tuple[str, Verdict]]:
    return [(check.code, check.verdict) for check in judged(*reports, is_online=is_online)]


def error(code: str, *parameters: str) -> Report:
    return Report(code=code, level="Error", parameters=parameters)


def info(code: str, *parameters: str) -> Report:
    return Report(code=code, level="Info", parameters=parameters)


@pytest.mark.parametrize(("code", "said"), [(code, said) for code, faults in FAULTS for said in faults])
@pytest.mark.parametrize("level", ["Critical", "Error", "Warning", "Info"])
def test_what_is_wrong_with_encryption_fails_whatever_its_level(code: str, said: str, level: str) -> None:
    (check,) = judged(Report(code=said, level=level))
    assert (check.code, check.verdict) == (code, Verdict.FAILED)
    assert check.mend
    assert check.evidence[0].text == f"{level} {said}"


@pytest.mark.parametrize(
    ("said", "verdict"),
    [
        *((said, Verdict.FAILED) for said in analysis.CERTIFICATE_FAULTS),
        *((said, Verdict.FAILED) for said in analysis.ADDRESS_FAULTS),
        *((said, Verdict.PENDING) for said in analysis.TRANSPORT_FAULTS),
        *((said, Verdict.PENDING) for said in analysis.MEDIA_FAULTS),
    ],
)
def test_while_a_trunk_is_not_registered_only_what_is_the_pbxs_own_fails(said: str, verdict: Verdict) -> None:
    assert [found for _, found in verdicts(error(said), is_online=False)] == [verdict]


@pytest.mark.parametrize("code", CODES)
@pytest.mark.parametrize("is_online", [True, False])
def test_nothing_that_3cx_calls_an_error_is_passed(code: str, *, is_online: bool) -> None:
    told = verdicts(error(code), is_online=is_online)
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


def test_a_transport_that_names_none_proves_nothing() -> None:
    assert verdicts(info("TransportType")) == []


def test_srtp_is_what_the_far_end_has_and_no_mismatch_is_beside_it() -> None:
    cryptos = info("SupportedCryptos", "AES_CM_128_HMAC_SHA1_80")
    assert verdicts(cryptos) == [("TCX-38", Verdict.PASSED)]
    assert verdicts(cryptos, error("RTPMismatchDetected")) == [("TCX-38", Verdict.FAILED)]


def test_an_answer_of_another_form_is_unknown() -> None:
    reports = reports_in({"value": [{"Code": None, "Level": "Error"}, "words", {"Level": "Info", "Params": "x"}]})
    assert {verdict for _, verdict in verdicts(*reports)} == {Verdict.UNKNOWN}
    assert reports_in(None) == reports_in({"value": {}}) == ()


def test_what_came_from_outside_is_printed_on_one_line() -> None:
    (report,) = reports_in({"value": [{"Code": "A\x1b[31m\nB", "Level": "Error", "Params": ["x" * 999]}]})
    assert "\x1b" not in str(report)
    assert "\n" not in str(report)
    assert len(str(report)) < 300
