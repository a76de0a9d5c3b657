"""Signalling and media of a leg are judged apart, and neither is ever better than what was seen of it."""

from __future__ import annotations

import pytest

from confgen.model.check import Check, Level, Vantage, Verdict
from confgen.model.codes import EXPLANATIONS
from confgen.model.halves import EXCEPTIONS, Half, halves_of, verdict_of


def check(code: str, level: Level, verdict: Verdict = Verdict.PASSED) -> Check:
    return Check(
        code=code, level=level, subject="port", verdict=verdict, vantage=Vantage.OPERATOR, message="it was seen"
    )


HANDSHAKE = check("TLS-07", Level.TLS)
MEDIA_CALL = check("CALL-10", Level.CALL)


@pytest.mark.parametrize(
    ("code", "halves"),
    [
        ("TLS-07", {Half.SIGNALLING}),
        ("SRTP-06", {Half.MEDIA}),
        ("CALL-10", {Half.MEDIA}),
        ("CLEAR-07", {Half.SIGNALLING, Half.MEDIA}),
        ("CALL-03", {Half.SIGNALLING}),
        ("STATE-03", {Half.SIGNALLING, Half.MEDIA}),
        ("DIAL-02", set()),
        ("NEW-01", {Half.SIGNALLING, Half.MEDIA}),
    ],
)
def test_a_code_says_something_of_its_halves(code: str, halves: set[Half]) -> None:
    assert halves_of(code) == halves


def test_every_code_on_signalling_alone_or_media_alone_is_one_that_there_is() -> None:
    assert EXCEPTIONS.keys() <= EXPLANATIONS.keys()


@pytest.mark.parametrize("half", list(Half))
def test_nothing_seen_is_not_checked(half: Half) -> None:
    assert verdict_of(half, ()) is Verdict.NOT_CHECKED


def test_a_handshake_proves_signalling_and_nothing_of_media() -> None:
    assert verdict_of(Half.SIGNALLING, (HANDSHAKE,)) is Verdict.PASSED
    assert verdict_of(Half.MEDIA, (HANDSHAKE,)) is Verdict.NOT_CHECKED


def test_a_right_configuration_and_a_refused_clear_offer_prove_no_half_without_a_call() -> None:
    checks = (check("STATE-01", Level.STATE), check("SRTP-06", Level.DOWNGRADE))

    assert {verdict_of(half, checks) for half in Half} == {Verdict.NOT_CHECKED}


def test_a_call_between_two_pbxs_proves_both() -> None:
    checks = (check("CALL-01", Level.CALL), check("CALL-02", Level.CALL))

    assert {verdict_of(half, checks) for half in Half} == {Verdict.PASSED}


@pytest.mark.parametrize("verdict", [verdict for verdict in Verdict if verdict is not Verdict.PASSED])
def test_whatever_did_not_pass_keeps_its_half_from_passing(verdict: Verdict) -> None:
    checks = (HANDSHAKE, MEDIA_CALL, check("SRTP-06", Level.DOWNGRADE, verdict))

    assert verdict_of(Half.MEDIA, checks) is verdict
    assert verdict_of(Half.SIGNALLING, checks) is Verdict.PASSED


def test_the_gravest_of_several_is_told() -> None:
    checks = tuple(check("TLS-04", Level.TLS, verdict) for verdict in Verdict)

    assert verdict_of(Half.SIGNALLING, checks) is Verdict.FAILED
