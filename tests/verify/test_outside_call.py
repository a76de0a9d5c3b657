"""A test call through a trunk to a provider proves the leg up to the provider, or nothing."""

from __future__ import annotations

from dataclasses import replace

import pytest

from confgen.model.check import Verdict
from confgen.model.leg import Called, NotCalled, Witness
from confgen.verify import outside_checks
from tests.model.pbxs import a_provider_trunk

TRUNK = a_provider_trunk(test_number="+4930111")
SEEN = Witness(call="id", age=0, is_signalling_secure=True, is_media_secure=True)
CALLED = Called(seen=SEEN, is_verifying=True)


def told(called: Called | NotCalled) -> list[tuple[str, str]]:
    return [(check.code, check.verdict.value) for check in outside_checks("hq", TRUNK, called)]


def test_both_halves_of_an_answered_call_are_told_apart() -> None:
    assert told(CALLED) == [("CALL-05", "passed"), ("CALL-06", "passed")]
    assert told(replace(CALLED, seen=replace(SEEN, is_media_secure=False))) == [
        ("CALL-05", "passed"),
        ("CALL-06", "failed"),
    ]
    assert told(replace(CALLED, seen=replace(SEEN, is_signalling_secure=False))) == [
        ("CALL-05", "failed"),
        ("CALL-06", "passed"),
    ]


@pytest.mark.parametrize(
    "called",
    [
        replace(CALLED, seen=None),
        replace(CALLED, seen=replace(SEEN, is_signalling_secure=None, is_media_secure=None)),
        NotCalled(reason="no number"),
    ],
)
def test_a_call_that_nobody_took_or_told_of_proves_nothing(called: Called | NotCalled) -> None:
    assert told(called) == [("CALL-05", "unknown"), ("CALL-06", "unknown")]


@pytest.mark.parametrize(("is_verifying", "verdict"), [(False, Verdict.FAILED), (None, Verdict.UNKNOWN)])
def test_tls_with_whoever_answers_is_no_proof(is_verifying: bool | None, verdict: Verdict) -> None:  # noqa: FBT001
    signalling, _ = outside_checks("hq", TRUNK, replace(CALLED, is_verifying=is_verifying))
    assert (signalling.code, signalling.verdict) == ("LEG-03", verdict)
