"""A leg is proven by a call that was answered after it was asked for, and told to be encrypted."""

from __future__ import annotations

import pytest

from confgen.drivers import asterisk
from confgen.model.check import Check, Verdict
from confgen.model.inventory import Part
from tests.drivers.asterisk.scripted_host import ScriptedHost
from tests.model.pbxs import a_pbx, a_trunk_end


def leg(begun: str, seen: str, qualify: str = "") -> Check:
    answer = f"=== originate\n=== begun\n{begun}\n=== seen\n{seen}\n=== qualify\n{qualify}\n".encode()
    host = ScriptedHost(answers={"leg": answer})
    check = asterisk.prove_leg(host, a_pbx(), a_trunk_end("to-branch", "branch"))
    assert host.asked == [["leg", "to-branch", "600", "CONFGEN_LEG_TO_BRANCH"]]
    return check


@pytest.mark.parametrize(
    ("begun", "seen", "code", "verdict"),
    [
        ("1000", "1000:1", "CALL-02", Verdict.PASSED),
        ("1000", "1002:1", "CALL-02", Verdict.PASSED),
        ("1000", "1002:0", "CALL-02", Verdict.FAILED),
        ("1000", "1002:", "CALL-02", Verdict.FAILED),
        ("1000", "999:1", "CALL-01", Verdict.FAILED),  # of an earlier call
        ("1000", "none", "CALL-01", Verdict.FAILED),
        ("1000", "", "CALL-01", Verdict.FAILED),
        ("", "1002:1", "CALL-01", Verdict.FAILED),
    ],
)
def test_a_call_through_the_trunk_is_judged(begun: str, seen: str, code: str, verdict: Verdict) -> None:
    check = leg(begun, seen)
    assert (check.code, check.verdict) == (code, verdict)


def test_a_call_that_was_not_answered_is_told_with_the_peers_contact() -> None:
    check = leg("1000", "none", "  Contact:  to-branch/sip:branch.example.test:5061   Unavail   nan")
    assert "to-branch/sip:branch.example.test:5061 Unavail nan" in check.message


def test_a_host_that_told_nothing_has_proven_nothing() -> None:
    check = asterisk.prove_leg(ScriptedHost(answers={}), a_pbx(), a_trunk_end("to-branch", "branch"))
    assert check.verdict is not Verdict.PASSED


@pytest.mark.parametrize(
    ("shown", "verdict"),
    [
        ("There is no existence of 'confgen-leg' context", Verdict.UNKNOWN),
        ("[ Context 'confgen-leg' created by 'pbx_config' ]\n  'to-branch' => 1. Set(…)  [e:1]", Verdict.PASSED),
    ],
)
def test_a_dialplan_of_the_users_own_must_hold_the_legs_context(shown: str, verdict: Verdict) -> None:
    answer = f"=== dialplan\n{shown}\n=== begun\n1000\n=== seen\n1000:1\n=== qualify\n".encode()
    pbx = a_pbx(manages=frozenset({Part.SIP, Part.CERTIFICATES}))

    check = asterisk.prove_leg(ScriptedHost(answers={"leg": answer}), pbx, a_trunk_end("to-branch", "branch"))

    assert check.verdict is verdict
    assert verdict is Verdict.PASSED or "DIAL-31" in check.mend


def test_a_peer_without_an_echo_number_cannot_be_called() -> None:
    host = ScriptedHost(answers={})
    check = asterisk.prove_leg(host, a_pbx(), a_trunk_end("to-branch", "branch", peer_echo=None))
    assert check.verdict is Verdict.UNKNOWN
    assert host.commands == []
