"""A look tells what was changed by hand, what runs otherwise and what the host undid, and asks no more than it must."""

from __future__ import annotations

from typing import Any

import pytest

from confgen.model.finding import Severity
from confgen.model.plan import Plan
from confgen.model.result import Outcome
from confgen.push import look, look_closely, undone_before
from confgen.push.looking import is_as_before
from tests.push.conftest import Transactions
from tests.toy import driver as toy

ONE, TWO = toy.documents("101"), toy.documents("101", "102")
BY_HAND = '{"number": "101", "password": "by hand"}'


def undone(**others: Any) -> dict[str, Any]:  # noqa: ANN401 -- as the host tells it
    return {
        "push": "0123456789abcdef",
        "owner": "maria@laptop",
        "reason": "not confirmed within 60 s",
        "at": "2026-11-25T16:31:21+00:00",
        "generation": 2,
        "previous": 1,
    } | others


def planned(transactions: Transactions) -> Plan:
    return look(transactions.host, transactions.pbx, toy, TWO)[1]


def test_a_hand_edit_beside_a_change_of_the_inventory_is_told_apart(pushed: Transactions) -> None:
    pushed.host.objects["Extensions/101"] = BY_HAND

    found = planned(pushed)

    assert [edit.subject for edit in found.edits] == ["Extensions/101"]
    assert [difference.subject for difference in found.differences] == ["Extensions/102"]


def test_what_was_removed_by_hand_is_told_as_that(pushed: Transactions) -> None:
    del pushed.host.objects["Extensions/101"]

    found = planned(pushed)

    assert [(edit.subject, edit.after) for edit in found.edits] == [("Extensions/101", None)]


def test_what_confgen_wrote_is_asked_for_only_where_it_may_have_been_touched(pushed: Transactions) -> None:
    look(pushed.host, pushed.pbx, toy, ONE)
    assert pushed.host.verbs == ["observe"]

    pushed.host.objects["Extensions/101"] = BY_HAND
    look(pushed.host, pushed.pbx, toy, ONE)
    assert pushed.host.verbs[1:] == ["observe", "read", "kept"]


def test_a_first_push_has_nothing_that_was_changed_by_hand(transactions: Transactions) -> None:
    transactions.host.objects["Extensions/101"] = BY_HAND
    assert planned(transactions).edits == ()
    assert "kept" not in transactions.host.verbs


def test_what_runs_otherwise_is_asked_by_a_plan_and_not_by_a_push(pushed: Transactions) -> None:
    # Of this product what is there is what runs; it is read only after it was found to be as pushed.
    pushed.host.at["read"] = lambda: pushed.host.objects.update({"Extensions/101": BY_HAND})

    observation, found = look_closely(pushed.host, pushed.pbx, toy, ONE)

    assert [check.message for check in found.running] == ["Extensions/101 is not as pushed"]
    told = [finding for finding in observation.findings if finding.code == "PUSH-70"]
    assert [finding.severity for finding in told] == [Severity.WARNING]
    pushed.host.at.clear()
    assert planned(pushed).running == ()


def test_where_nothing_differs_the_host_is_not_asked_for_what_was_written(pushed: Transactions) -> None:
    look_closely(pushed.host, pushed.pbx, toy, ONE)
    assert "kept" not in pushed.host.verbs

    look_closely(pushed.host, pushed.pbx, toy, toy.documents("101", "102"))
    assert "kept" in pushed.host.verbs


@pytest.mark.parametrize("by_hand", [BY_HAND, None], ids=["changed", "removed"])
def test_what_was_changed_by_hand_is_not_told_as_running_otherwise(pushed: Transactions, by_hand: str | None) -> None:
    del pushed.host.objects["Extensions/101"]
    if by_hand is not None:
        pushed.host.objects["Extensions/101"] = by_hand

    observation, found = look_closely(pushed.host, pushed.pbx, toy, ONE)

    assert [edit.subject for edit in found.edits] == ["Extensions/101"]
    assert (found.running, observation.findings) == ((), ())


def test_a_pbx_that_runs_what_was_pushed_has_nothing_to_tell(pushed: Transactions) -> None:
    observation, found = look_closely(pushed.host, pushed.pbx, toy, ONE)
    assert (found.running, observation.findings) == ((), ())


def test_a_pbx_without_a_generation_of_ours_is_not_asked_what_it_runs(transactions: Transactions) -> None:
    observation, found = look_closely(transactions.host, transactions.pbx, toy, ONE)
    assert (observation.generation, found.running) == (None, ())
    assert transactions.host.verbs == ["observe"]


def test_a_host_that_undid_a_push_says_when_why_and_whose(pushed: Transactions) -> None:
    pushed.host.undone_before = undone()

    (finding,) = look(pushed.host, pushed.pbx, toy, ONE)[0].findings

    assert (finding.code, finding.severity) == ("PUSH-43", Severity.WARNING)
    for words in ("2026-11-25T16:31:21+00:00", "maria@laptop", "not confirmed within 60 s", "generation 1"):
        assert words in finding.message
    assert "neither proven" not in finding.message


@pytest.mark.parametrize(("previous", "words"), [(1, "generation 1"), (0, "what was there before confgen")])
def test_what_the_host_found_wrong_afterwards_is_said_with_it(pushed: Transactions, previous: int, words: str) -> None:
    pushed.host.undone_before = undone(previous=previous, faults=["port 5061 is not bound", "it does not run"])

    (finding,) = undone_before(pushed.host, pushed.pbx, toy)

    assert words in finding.message
    assert "neither proven nor certainly as before: port 5061 is not bound; it does not run" in finding.message
    assert "see to the PBX now" in finding.mend
    assert "api undo" in finding.mend


def test_it_is_told_by_pushes_and_rollbacks_and_keeps_neither_from_its_work(pushed: Transactions) -> None:
    pushed.host.undone_before = undone(faults=["port 5061 is not bound"])

    unchanged, changed, back = pushed.push(ONE), pushed.push(TWO), pushed.rollback(1)

    assert [result.outcome for result in (unchanged, changed, back)] == [
        Outcome.UNCHANGED,
        Outcome.PROVEN,
        Outcome.PROVEN,
    ]
    assert [[finding.code for finding in result.findings] for result in (unchanged, changed, back)] == [["PUSH-43"]] * 3


def test_what_the_host_undid_before_is_no_change_between_two_looks(pushed: Transactions) -> None:
    pushed.host.undone_before = undone()
    before, _ = look(pushed.host, pushed.pbx, toy, ONE)
    assert is_as_before(before, toy.observe(pushed.host, pushed.pbx))
