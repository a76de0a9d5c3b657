"""Asked to stop, a push ends before its switch; after it, it goes on to its end."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from confgen.model.result import Outcome
from confgen.model.terms import Terms
from confgen.push import Stopped
from tests.push.conftest import FAILED, Transactions
from tests.toy import driver as toy

TWO = toy.documents("102", "103")


def asked_at(transactions: Transactions, words: str) -> Callable[[], None]:
    """Somebody asks to stop while a step is told."""
    asked: list[str] = []
    transactions.on_step = lambda step: asked.append(step) if step.startswith(words) else None

    def halt() -> None:
        if asked:
            raise Stopped("interrupted")

    return halt


@pytest.mark.parametrize("words", ["looking", "staging", "trying"])
def test_before_the_switch_nothing_was_written_and_others_are_let_in(pushed: Transactions, words: str) -> None:
    before = dict(pushed.host.objects)
    pushed.halt = asked_at(pushed, words)

    with pytest.raises(Stopped):
        pushed.push(TWO)

    assert pushed.host.objects == before
    assert pushed.host.current == 1
    assert pushed.host.generations.keys() == {0, 1}
    assert pushed.host.holder is None
    assert "apply" not in pushed.host.verbs


@pytest.mark.parametrize("words", ["switching", "activating", "proving", "confirming"])
def test_from_the_switch_on_a_push_that_is_good_is_confirmed(pushed: Transactions, words: str) -> None:
    pushed.halt = asked_at(pushed, words)

    assert pushed.push(TWO).outcome is Outcome.PROVEN
    assert pushed.host.current == 2
    assert pushed.host.holder is None


@pytest.mark.parametrize("words", ["switching", "activating", "proving", "undoing"])
def test_from_the_switch_on_a_push_that_is_not_good_is_undone(pushed: Transactions, words: str) -> None:
    before = dict(pushed.host.objects)
    pushed.checks = [FAILED]
    pushed.halt = asked_at(pushed, words)

    assert pushed.push(TWO).outcome is Outcome.UNDONE
    assert pushed.host.objects == before


def test_a_rollback_is_stopped_before_its_switch_and_keeps_both_generations(pushed: Transactions) -> None:
    assert pushed.push(TWO).outcome is Outcome.PROVEN
    pushed.halt = asked_at(pushed, "trying")

    with pytest.raises(Stopped):
        pushed.rollback(1)

    assert pushed.host.current == 2
    assert pushed.host.generations.keys() == {0, 1, 2}


def test_who_waits_for_calls_to_end_can_be_stopped(pushed: Transactions, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(toy, "RESTARTS", True)
    monkeypatch.setattr("confgen.push.idle.time.sleep", lambda _seconds: None)
    pushed.terms = Terms(wait_idle=600)
    pushed.host.calls = [3]
    pushed.halt = asked_at(pushed, "waiting")

    with pytest.raises(Stopped):
        pushed.push(TWO)

    assert pushed.host.holder is None
    assert pushed.host.generations.keys() == {0, 1}
