"""A push has the PBX to itself, tries what it staged, waits for calls to end, and hears what the host did alone."""

from __future__ import annotations

import time
from dataclasses import replace

import pytest

from confgen.model.driver import PushRefused
from confgen.model.result import Outcome
from confgen.model.terms import Terms
from tests.push.conftest import Transactions
from tests.toy import driver as toy

TWO = toy.documents("101", "102")
UNDONE = {
    "push": "0" * 16,
    "owner": "maria@laptop",
    "reason": "not confirmed within 60 s",
    "at": "2026-11-25T16:00:00+0000",
    "generation": 2,
    "previous": 1,
}


def refused(pushed: Transactions) -> list[str]:
    with pytest.raises(PushRefused) as refusal:
        pushed.push(TWO)
    assert not {"apply", "switched"} & set(pushed.host.verbs)
    return [finding.code for finding in refusal.value.findings]


def test_a_pbx_that_another_push_holds_is_left_alone_and_the_holder_is_named(pushed: Transactions) -> None:
    pushed.host.holder = "tom@desk"
    with pytest.raises(PushRefused, match="tom@desk holds this PBX"):
        pushed.push(TWO)
    assert pushed.host.changing_verbs == ["lock", "unlock"]
    assert pushed.host.holder == "tom@desk"


def test_a_lease_that_had_ended_is_taken_over_and_that_is_said_aloud(pushed: Transactions) -> None:
    pushed.host.ended = "tom@desk"
    result = pushed.push(TWO)
    assert result.outcome is Outcome.PROVEN
    assert [(finding.code, "tom@desk" in finding.message) for finding in result.findings] == [("PUSH-40", True)]


def test_what_changed_on_the_pbx_between_the_look_and_the_lock_refuses_the_push(pushed: Transactions) -> None:
    read = pushed.host.objects["Extensions/101"]
    pushed.host.at["lock"] = lambda: pushed.host.objects.update({"Extensions/101": read.replace("101", "110")})
    assert refused(pushed) == ["PUSH-41"]
    assert pushed.host.holder is None


def test_what_the_trial_finds_is_refused_and_what_was_staged_is_gone(pushed: Transactions) -> None:
    pushed.host.preflight = ["no such codec", "no such context"]
    assert refused(pushed) == ["PUSH-47", "PUSH-47"]
    assert pushed.host.generations.keys() == {0, 1}
    assert pushed.host.holder is None


@pytest.fixture
def restarting(pushed: Transactions, monkeypatch: pytest.MonkeyPatch) -> Transactions:
    """A PBX whose changes drop calls, and a clock that a wait moves on."""
    clock = [0.0]
    monkeypatch.setattr(toy, "RESTARTS", True)
    monkeypatch.setattr(time, "monotonic", lambda: clock[0])
    monkeypatch.setattr(time, "sleep", lambda seconds: clock.__setitem__(0, clock[0] + seconds))
    return pushed


def test_a_push_waits_for_the_calls_that_it_would_drop(restarting: Transactions) -> None:
    restarting.terms = Terms(wait_idle=60)
    restarting.host.calls = [3, None, 1, 0]
    assert restarting.push(TWO).outcome is Outcome.PROVEN
    assert [words for words in restarting.steps if "waiting" in words] == [
        "waiting for 3 calls to end, 60 s at most",
        "waiting for calls, how many is not known, to end, 60 s at most",
        "waiting for 1 call to end, 60 s at most",
    ]


def test_calls_that_do_not_end_in_time_refuse_the_push(restarting: Transactions) -> None:
    restarting.terms = Terms(wait_idle=60)
    restarting.host.calls = [3]
    assert refused(restarting) == ["PUSH-46"]


@pytest.mark.parametrize(("calls", "most", "is_refused"), [(3, 3, False), (4, 3, True), (0, 0, False), (None, 9, True)])
def test_no_more_calls_are_dropped_than_were_allowed(
    restarting: Transactions, calls: int | None, most: int, *, is_refused: bool
) -> None:
    restarting.terms = Terms(max_calls=most)
    restarting.host.calls = [calls]
    if is_refused:
        assert refused(restarting) == ["PUSH-46"]
    else:
        assert restarting.push(TWO).outcome is Outcome.PROVEN


def test_a_change_that_drops_no_call_waits_for_none(pushed: Transactions) -> None:
    pushed.terms = Terms(wait_idle=60, max_calls=0)
    pushed.host.calls = [3]
    assert pushed.push(TWO).outcome is Outcome.PROVEN


def test_what_the_host_undid_by_itself_is_told_and_the_pbx_is_seen_to_be_as_before(pushed: Transactions) -> None:
    before = dict(pushed.host.objects)
    pushed.host.undone = UNDONE
    result = pushed.push(TWO)
    assert (result.outcome, result.generation) == (Outcome.UNDONE, 1)
    assert "not confirmed within 60 s" in result.message
    assert "2026-11-25T16:00:00+0000" in result.message
    assert pushed.host.objects == before


def test_a_push_that_makes_the_pbx_weaker_needs_a_reason(pushed: Transactions) -> None:
    weak = toy.documents("101", "102", srtp="optional")
    without = pushed.push(weak)
    pushed.terms = replace(pushed.terms, allow_weaker="an old door phone, until March")
    assert (without.outcome, [finding.code for finding in without.findings]) == (Outcome.REFUSED, ["PUSH-44"])
    assert "Extensions/101 is no longer enforced" in without.findings[0].message
    assert pushed.push(weak).outcome is Outcome.PROVEN


def test_phones_that_could_not_come_back_refuse_the_push_unless_so_many_are_allowed(pushed: Transactions) -> None:
    pushed.host.contacts = ["101", "108", "109"]
    without = pushed.push(TWO)
    pushed.terms = replace(pushed.terms, max_cut_off=2)
    assert [finding.code for finding in without.findings] == ["PUSH-45"]
    assert "2 of 3 phones have no extension any more" in without.findings[0].message
    assert pushed.push(TWO).outcome is Outcome.PROVEN


def test_a_rollback_does_not_write_over_a_hand_edit_unasked(pushed: Transactions) -> None:
    assert pushed.push(TWO).outcome is Outcome.PROVEN
    pushed.host.objects["Extensions/102"] = '{"password": "by hand"}'
    refusal = pushed.rollback(1)
    pushed.terms = replace(pushed.terms, overwrite_drift=True)
    assert [finding.code for finding in refusal.findings] == ["PUSH-14"]
    assert pushed.rollback(1).outcome is Outcome.PROVEN
