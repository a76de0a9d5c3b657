"""A leg between two PBXs is proven by what both ends saw of one and the same call."""

from __future__ import annotations

from dataclasses import replace

import pytest

from confgen.model.check import Check, Verdict
from confgen.model.inventory import Peering
from confgen.model.leg import Bound, Called, NotCalled, NotRegistered, Witness
from confgen.verify import peer_checks
from tests.model.pbxs import a_trunk_end

TRUNK = a_trunk_end("hq-branch", "branch")
SEEN = Witness(call="5f1c@hq", age=0, is_signalling_secure=True, is_media_secure=True)
CALLED = Called(seen=SEEN, is_verifying=True, contact="Avail", said="tlsv1_2, verify_server yes")
UNANSWERED = replace(CALLED, seen=None, contact="hq-branch/sip:branch.example.test:5061 Unavail nan")


def checks(
    called: Called | NotCalled | NotRegistered = CALLED, heard: Witness | Bound | NotCalled | None = SEEN
) -> tuple[Check, Check]:
    return peer_checks("hq", TRUNK, called, heard, seconds=2)


def told(found: tuple[Check, Check]) -> list[tuple[str, Verdict]]:
    return [(check.code, check.verdict) for check in found]


def test_signalling_and_media_are_proven_apart_by_both_ends() -> None:
    found = checks()
    assert told(found) == [("CALL-01", Verdict.PASSED), ("CALL-02", Verdict.PASSED)]
    assert {check.subject for check in found} == {"hq-branch: hq to branch"}
    evidence = found[0].evidence[0].text
    assert "hq, which called: signalling encrypted, audio encrypted, Call-ID 5f1c@hq" in evidence
    assert "branch, which was called: signalling encrypted" in evidence


@pytest.mark.parametrize(
    ("near", "far", "code", "verdict", "words"),
    [
        (False, False, "CALL-02", Verdict.FAILED, "both ends"),
        (True, False, "LEG-02", Verdict.FAILED, "encrypted at hq and in clear at branch"),
        (False, True, "LEG-02", Verdict.FAILED, "encrypted at branch and in clear at hq"),
        (True, None, "LEG-01", Verdict.UNKNOWN, "branch did not tell"),
        (None, True, "LEG-01", Verdict.UNKNOWN, "hq did not tell"),
        (None, None, "LEG-01", Verdict.UNKNOWN, "hq and branch did not tell"),
        (False, None, "CALL-02", Verdict.FAILED, "hq tells of media in clear"),
        (None, False, "CALL-02", Verdict.FAILED, "branch tells of media in clear"),
    ],
)
def test_media_that_one_end_does_not_vouch_for_is_not_proven(
    near: bool | None, far: bool | None, code: str, verdict: Verdict, words: str  # noqa: FBT001 -- a case
) -> None:  # fmt: skip
    signalling, media = checks(
        replace(CALLED, seen=replace(SEEN, is_media_secure=near)), replace(SEEN, is_media_secure=far)
    )
    assert (media.code, media.verdict) == (code, verdict)
    assert words in media.message
    assert signalling.verdict is Verdict.PASSED


def test_signalling_that_one_end_saw_in_clear_is_not_proven() -> None:
    signalling, media = checks(heard=replace(SEEN, is_signalling_secure=False))
    assert (signalling.code, signalling.verdict) == ("LEG-02", Verdict.FAILED)
    assert media.verdict is Verdict.PASSED


@pytest.mark.parametrize(
    ("heard", "words"),
    [
        (None, "tells of no call"),
        (replace(SEEN, call="another"), "tells of another call"),
        (NotCalled(reason="branch cannot be reached", mend="start it"), "branch cannot be reached"),
    ],
)
def test_one_witness_alone_proves_nothing(heard: Witness | NotCalled | None, words: str) -> None:
    found = checks(heard=heard)
    assert told(found) == [("LEG-01", Verdict.UNKNOWN)] * 2
    assert all("branch, which was called," in check.message and words in check.message for check in found)


def test_calls_that_nobody_can_tell_apart_are_not_taken_for_the_same() -> None:
    nameless = replace(SEEN, call="")
    assert told(checks(replace(CALLED, seen=nameless), nameless)) == [("LEG-01", Verdict.UNKNOWN)] * 2


def test_clear_text_that_one_end_saw_fails_though_the_other_is_silent() -> None:
    _, media = checks(replace(CALLED, seen=replace(SEEN, is_media_secure=False)), None)
    assert (media.code, media.verdict) == ("CALL-02", Verdict.FAILED)


@pytest.mark.parametrize(("is_verifying", "verdict"), [(False, Verdict.FAILED), (None, Verdict.UNKNOWN)])
def test_tls_with_whoever_answers_is_no_proof(is_verifying: bool | None, verdict: Verdict) -> None:  # noqa: FBT001
    signalling, media = checks(replace(CALLED, is_verifying=is_verifying))
    assert (signalling.code, signalling.verdict) == ("LEG-03", verdict)
    assert media.verdict is Verdict.PASSED


def test_a_call_that_was_not_answered_is_told_with_the_peers_contact() -> None:
    found = checks(UNANSWERED, None)
    assert told(found) == [("CALL-01", Verdict.FAILED), ("CALL-02", Verdict.UNKNOWN)]
    assert "Unavail" in found[0].message


@pytest.mark.parametrize(("age", "verdict"), [(2, Verdict.FAILED), (60, Verdict.UNKNOWN), (None, Verdict.UNKNOWN)])
def test_the_called_end_tells_of_a_call_without_srtp_that_it_did_not_answer(
    age: float | None, verdict: Verdict
) -> None:
    _, media = checks(UNANSWERED, replace(SEEN, age=age, is_media_secure=False))
    assert (media.code, media.verdict) == ("CALL-02", verdict)


def test_a_call_that_could_not_be_made_is_unknown_with_what_is_missing() -> None:
    found = checks(NotCalled(reason="branch has no echo number", mend="give it one"), None)
    assert told(found) == [("CALL-01", Verdict.UNKNOWN), ("CALL-02", Verdict.UNKNOWN)]
    assert {check.mend for check in found} == {"give it one"}


BOUND = Bound(is_signalling_secure=True, is_media_secure=True, said="TLS and SRTPEnforced")
REGISTERING = replace(TRUNK, peering=Peering.PEER_REGISTERS)


def test_a_witness_of_the_call_and_what_the_other_end_is_held_to_prove_it() -> None:
    found = checks(heard=BOUND)
    assert told(found) == [("CALL-01", Verdict.PASSED), ("CALL-02", Verdict.PASSED)]
    assert "branch, which was called: of no single call, but of what holds for all: TLS and SRTPEnforced" in (
        found[0].evidence[0].text
    )
    by_who_is_bound = checks(replace(CALLED, seen=BOUND), replace(SEEN, call="whatever", age=2))
    assert told(by_who_is_bound) == [("CALL-01", Verdict.PASSED), ("CALL-02", Verdict.PASSED)]


@pytest.mark.parametrize("age", [60, None])
def test_an_earlier_call_is_not_the_one_of_an_end_that_tells_of_none(age: float | None) -> None:
    found = checks(replace(CALLED, seen=BOUND), replace(SEEN, age=age))
    assert told(found) == [("LEG-01", Verdict.UNKNOWN)] * 2


def test_settings_of_both_ends_are_no_call() -> None:
    found = checks(replace(CALLED, seen=BOUND), BOUND)
    assert told(found) == [("LEG-01", Verdict.UNKNOWN)] * 2


@pytest.mark.parametrize(
    ("is_held", "code", "verdict"), [(False, "CALL-02", Verdict.FAILED), (None, "LEG-01", Verdict.UNKNOWN)]
)
def test_an_end_that_is_not_held_to_srtp_proves_none(
    is_held: bool | None, code: str, verdict: Verdict  # noqa: FBT001 -- a case
) -> None:  # fmt: skip
    _, media = checks(heard=replace(BOUND, is_media_secure=is_held))
    assert (media.code, media.verdict) == (code, verdict)


def test_a_peer_that_has_not_registered_fails_the_proof() -> None:
    found = checks(NotRegistered(reason="branch has not registered at hq", mend="push branch"), None)
    assert told(found) == [("CALL-01", Verdict.FAILED), ("CALL-02", Verdict.UNKNOWN)]
    assert (found[0].message, found[0].mend) == ("branch has not registered at hq", "push branch")


def test_who_a_registered_peer_is_was_proven_by_its_password() -> None:
    passed, _ = peer_checks("hq", REGISTERING, CALLED, SEEN, seconds=2)
    assert "by the connection on which it has proven its password" in passed.message
    failed, _ = peer_checks("hq", REGISTERING, UNANSWERED, None, seconds=2)
    assert "resolve" not in failed.mend
