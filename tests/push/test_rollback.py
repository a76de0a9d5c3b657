"""A rollback is the same transaction, backwards."""

from __future__ import annotations

import pytest

from confgen.model.result import Outcome
from tests.push.conftest import FAILED, Transactions
from tests.toy import driver as toy

ONE, TWO = toy.documents("101"), toy.documents("101", "102")


@pytest.fixture
def pushed_twice(pushed: Transactions) -> Transactions:
    assert pushed.push(TWO).generation == 2
    pushed.host.verbs.clear()
    pushed.proven.clear()
    return pushed


def test_without_a_number_it_goes_to_the_generation_before_and_proves_it(pushed_twice: Transactions) -> None:
    result = pushed_twice.rollback()
    assert (result.outcome, result.exit_code, result.generation) == (Outcome.PROVEN, 0, 1)
    assert pushed_twice.host.objects.keys() == {"Extensions/101"}
    assert pushed_twice.proven == [("Extensions/101",)]


def test_one_can_go_forward_again_to_what_was_kept(pushed_twice: Transactions) -> None:
    pushed_twice.rollback(1)
    assert pushed_twice.rollback(2).outcome is Outcome.PROVEN
    assert pushed_twice.host.objects.keys() == {"Extensions/101", "Extensions/102"}


def test_back_to_generation_0_the_pbx_is_as_before_confgen_and_not_called_proven(transactions: Transactions) -> None:
    foreign = {"Extensions/101": '{"password": "old"}', toy.TRANSPORT: '{"password": ""}'}
    transactions.host.objects.update(foreign)
    transactions.push(TWO, adopt=True)
    transactions.proven.clear()
    result = transactions.rollback(0)
    assert (result.outcome, result.exit_code) == (Outcome.RESTORED, 0)
    assert "not proven" in result.message
    assert (result.checks, transactions.proven) == ((), [])
    assert transactions.host.objects == foreign


@pytest.mark.parametrize("generation", [3, 99])
def test_a_generation_that_is_not_kept_is_refused_with_those_that_are(
    pushed_twice: Transactions, generation: int
) -> None:
    result = pushed_twice.rollback(generation)
    assert (result.outcome, [finding.code for finding in result.findings]) == (Outcome.REFUSED, ["PUSH-03"])
    assert "0, 1, 2" in result.findings[0].mend
    assert pushed_twice.host.changing_verbs == []


def test_a_pbx_that_was_never_pushed_to_has_nothing_to_go_back_to(transactions: Transactions) -> None:
    result = transactions.rollback()
    assert (result.outcome, result.exit_code) == (Outcome.REFUSED, 1)


def test_before_the_first_generation_there_is_none(pushed: Transactions) -> None:
    pushed.host.confirmed.discard(0)
    assert pushed.rollback().outcome is Outcome.REFUSED


def test_the_active_generation_is_left_as_it_is(pushed: Transactions) -> None:
    result = pushed.rollback(1)
    assert result.outcome is Outcome.UNCHANGED
    assert pushed.host.verbs == ["observe"]


def test_a_rollback_that_was_cut_off_is_carried_out_by_the_next_one(pushed_twice: Transactions) -> None:
    pushed_twice.host.current = 1
    pushed_twice.host.is_cut_off = True
    assert pushed_twice.rollback(1).outcome is Outcome.PROVEN
    assert pushed_twice.rollback(1).outcome is Outcome.UNCHANGED


def test_giving_back_what_was_there_is_tried_again_where_it_came_to_no_end(pushed_twice: Transactions) -> None:
    pushed_twice.host.current = 0
    assert pushed_twice.rollback(0).outcome is Outcome.RESTORED


def test_a_rollback_that_is_not_proven_is_undone_and_loses_no_generation(pushed_twice: Transactions) -> None:
    before = dict(pushed_twice.host.objects)
    pushed_twice.checks = [FAILED]
    result = pushed_twice.rollback(1)
    assert (result.outcome, result.exit_code, result.generation) == (Outcome.UNDONE, 5, 2)
    assert pushed_twice.host.objects == before
    assert pushed_twice.host.generations.keys() == {0, 1, 2}
    assert pushed_twice.host.confirmed == {0, 1, 2}


def test_a_pbx_that_must_not_be_written_to_says_why_at_once(pushed_twice: Transactions) -> None:
    pushed_twice.host.findings.append("another version runs")
    result = pushed_twice.rollback(1)
    assert (result.outcome, [finding.message for finding in result.findings]) == (
        Outcome.REFUSED,
        ["another version runs"],
    )
    assert pushed_twice.host.verbs == ["observe"]


def test_what_a_push_lacks_bars_no_way_back(pushed_twice: Transactions) -> None:
    pushed_twice.host.lacking.append("an extension is gone")
    assert pushed_twice.push(toy.documents("103")).outcome is Outcome.REFUSED
    assert pushed_twice.rollback(1).outcome is Outcome.PROVEN
