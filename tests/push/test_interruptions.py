"""Whatever breaks, and whenever: before the switch nothing was written, after it the PBX is as before or we say so."""

from __future__ import annotations

import pytest

from confgen.model.driver import PushRefused
from confgen.model.finding import Finding
from confgen.model.host import HostError
from confgen.model.result import Outcome
from tests.push.conftest import FAILED, PASSED, Transactions
from tests.toy import driver as toy
from tests.toy.host import Fault

TWO = toy.documents("102", "103")  # 101 stays, and is nobody's any more
LINK = HostError("the link is gone")
REFUSAL = PushRefused(Finding(code="PUSH-10", message="somebody else switched", mend="look again"))
BEFORE_THE_SWITCH = ["observe", "stage"]
AFTER_IT = ["apply", "switched", "activate"]


@pytest.mark.parametrize("verb", BEFORE_THE_SWITCH)
@pytest.mark.parametrize("is_after", [False, True])
@pytest.mark.parametrize("error", [LINK, REFUSAL, KeyboardInterrupt()], ids=lambda error: type(error).__name__)
def test_before_the_switch_an_error_is_the_callers_and_nothing_was_written(
    pushed: Transactions, verb: str, error: BaseException, *, is_after: bool
) -> None:
    before = dict(pushed.host.objects)
    pushed.host.faults[verb] = Fault(error=error, is_after=is_after)
    with pytest.raises(type(error)):
        pushed.push(TWO)
    assert pushed.host.objects == before
    assert pushed.host.current == 1
    assert "apply" not in pushed.host.verbs


def test_a_refusal_at_the_switch_discards_what_was_staged_and_is_the_callers(pushed: Transactions) -> None:
    pushed.host.faults["apply"] = Fault(error=REFUSAL)
    before = dict(pushed.host.objects)
    with pytest.raises(PushRefused):
        pushed.push(TWO)
    assert pushed.host.changing_verbs == ["lock", "stage", "preflight", "apply", "discard", "unlock"]
    assert pushed.host.holder is None
    assert pushed.host.generations.keys() == {0, 1}
    assert pushed.host.objects == before


@pytest.mark.parametrize("error", [LINK, REFUSAL], ids=lambda error: type(error).__name__)
def test_why_a_push_ends_is_told_though_what_was_staged_cannot_be_discarded(
    pushed: Transactions, error: BaseException
) -> None:
    pushed.host.preflight = ["it does not come up"]
    pushed.host.faults["discard"] = Fault(error=error)
    with pytest.raises(PushRefused, match="it does not come up"):
        pushed.push(TWO)
    assert pushed.host.holder is None


def test_an_undo_that_nobody_can_be_told_of_is_done_all_the_same(pushed: Transactions) -> None:
    def fail(words: str) -> None:
        if words.startswith("undoing"):
            raise ValueError("I/O operation on closed file")

    before = dict(pushed.host.objects)
    pushed.checks, pushed.on_step = [FAILED], fail
    assert pushed.push(TWO).outcome is Outcome.UNDONE
    assert pushed.host.objects == before


def test_a_refused_rollback_keeps_the_generation_it_would_have_gone_back_to(pushed: Transactions) -> None:
    assert pushed.push(TWO).outcome is Outcome.PROVEN
    pushed.host.faults["apply"] = Fault(error=REFUSAL, skip=pushed.host.verbs.count("apply"))
    with pytest.raises(PushRefused):
        pushed.rollback(1)
    assert pushed.host.generations.keys() == {0, 1, 2}
    assert "discard" not in pushed.host.verbs


@pytest.mark.parametrize(
    ("verb", "is_after"), [*((verb, is_after) for verb in AFTER_IT for is_after in (False, True)), ("confirm", False)]
)
@pytest.mark.parametrize(
    "error", [LINK, KeyboardInterrupt(), ValueError("a fault of ours")], ids=lambda error: type(error).__name__
)
def test_after_the_switch_began_an_error_is_undone(
    pushed: Transactions, verb: str, error: BaseException, *, is_after: bool
) -> None:
    before = dict(pushed.host.objects)
    pushed.host.faults[verb] = Fault(error=error, is_after=is_after)
    result = pushed.push(TWO)
    assert (result.outcome, result.exit_code, result.generation) == (Outcome.UNDONE, 5, 1)
    assert pushed.host.objects == before
    assert pushed.host.current == 1


@pytest.mark.parametrize("verb", ["activate", "confirm"])
def test_a_refusal_after_the_switch_is_undone_and_no_refusal(pushed: Transactions, verb: str) -> None:
    pushed.host.faults[verb] = Fault(error=REFUSAL)
    result = pushed.push(TWO)
    assert (result.outcome, "somebody else switched" in result.message) == (Outcome.UNDONE, True)


def test_objects_that_were_changed_before_the_link_broke_get_their_old_values_back(pushed: Transactions) -> None:
    before = dict(pushed.host.objects)
    pushed.host.faults["apply"] = Fault(error=LINK, skip=1)
    assert pushed.push(toy.documents("101", "102", password="another")).outcome is Outcome.UNDONE
    assert pushed.host.verbs.count("apply") == 2
    assert pushed.host.objects == before


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (LINK, "the link is gone"),
        (KeyboardInterrupt(), "interrupted"),
        (REFUSAL, "somebody else switched"),
        (KeyError("sentinel-4f1d"), "KeyError in _prove"),
        (OSError("sentinel-4f1d"), "OSError in _prove"),
    ],
    ids=lambda value: type(value).__name__,
)
def test_a_proof_that_breaks_off_is_no_proof(pushed: Transactions, error: BaseException, words: str) -> None:
    before = dict(pushed.host.objects)
    pushed.error = error
    result = pushed.push(TWO)
    assert (result.outcome, result.exit_code) == (Outcome.UNDONE, 5)
    assert words in result.message
    assert "sentinel" not in result.message
    assert pushed.host.objects == before


@pytest.mark.parametrize("interrupted_at", ["activating", "proving", "confirming"])
def test_an_interruption_while_a_step_is_told_is_undone(pushed: Transactions, interrupted_at: str) -> None:
    def interrupt(words: str) -> None:
        if words.startswith(interrupted_at):
            raise KeyboardInterrupt

    before = dict(pushed.host.objects)
    pushed.on_step = interrupt
    assert pushed.push(TWO).outcome is Outcome.UNDONE
    assert pushed.host.objects == before


@pytest.mark.parametrize(
    "error", [LINK, KeyboardInterrupt(), ValueError("a fault of ours")], ids=lambda error: type(error).__name__
)
def test_what_was_confirmed_stays_though_the_answer_was_lost(pushed: Transactions, error: BaseException) -> None:
    pushed.host.faults["confirm"] = Fault(error=error, is_after=True)
    result = pushed.push(TWO)
    assert (result.outcome, result.exit_code, result.generation) == (Outcome.PROVEN, 0, 2)
    assert pushed.host.objects.keys() >= {document.key for document in TWO}


@pytest.mark.parametrize("interrupted_at", ["looking", "staging", "trying", "switching"])
def test_an_interruption_before_the_switch_is_the_callers(pushed: Transactions, interrupted_at: str) -> None:
    def interrupt(words: str) -> None:
        if words.startswith(interrupted_at):
            raise KeyboardInterrupt

    pushed.on_step = interrupt
    with pytest.raises(KeyboardInterrupt):
        pushed.push(TWO)
    assert not {"apply", "switched"} & set(pushed.host.verbs)
    assert pushed.host.holder is None


def test_an_undo_is_not_interrupted_however_often_somebody_tries(pushed: Transactions) -> None:
    def interrupt(words: str) -> None:
        if words.startswith(("proving", "undoing")):
            raise KeyboardInterrupt

    before = dict(pushed.host.objects)
    pushed.on_step = interrupt
    assert pushed.push(TWO).outcome is Outcome.UNDONE
    assert pushed.host.objects == before


@pytest.mark.parametrize(
    "error", [LINK, KeyboardInterrupt(), REFUSAL, ValueError("a fault of ours")], ids=lambda error: type(error).__name__
)
@pytest.mark.parametrize("times", [1, 2])
def test_an_undo_that_fails_is_tried_again(pushed: Transactions, error: BaseException, times: int) -> None:
    before = dict(pushed.host.objects)
    pushed.checks = [FAILED]
    pushed.host.faults["undo"] = Fault(error=error, times=times)
    result = pushed.push(TWO)
    assert result.outcome is Outcome.UNDONE
    assert pushed.host.verbs.count("undo") == times + 1
    assert pushed.host.objects == before


def test_an_undo_that_keeps_failing_calls_for_a_human_and_says_what_to_run(pushed: Transactions) -> None:
    pushed.checks = [FAILED]
    pushed.host.faults["undo"] = Fault(error=LINK, times=99)
    result = pushed.push(TWO)
    assert (result.outcome, result.exit_code, result.generation) == (Outcome.UNDO_FAILED, 6, 2)
    assert "the link is gone" in result.message
    assert result.findings[-1].mend == "api undo 2 1"
    assert result.checks == (FAILED,)


def test_what_a_reload_did_not_mend_the_next_attempt_mends_by_a_restart(pushed: Transactions) -> None:
    pushed.checks = [FAILED]
    pushed.host.activations.clear()
    pushed.host.faults["undo"] = Fault(error=LINK)
    assert pushed.push(TWO).outcome is Outcome.UNDONE
    assert pushed.host.activations == ["reload", "process restart"]


def test_an_undo_after_which_the_pbx_does_not_run_is_not_done(pushed: Transactions) -> None:
    def stop(words: str) -> None:
        if words.startswith("undoing"):
            pushed.host.findings = ["the PBX does not run"]

    pushed.checks = [FAILED]
    pushed.on_step = stop
    result = pushed.push(TWO)
    assert result.outcome is Outcome.UNDO_FAILED
    assert "the PBX does not run" in result.message


def test_an_undo_after_which_a_document_is_not_as_before_is_not_done(pushed: Transactions) -> None:
    def harm(words: str) -> None:
        if words.startswith("undoing"):
            pushed.host.undoing = [(key, '{"password": "other"}', digest) for key, _, digest in pushed.host.undoing]

    pushed.checks = [FAILED]
    pushed.on_step = harm
    assert pushed.push(toy.documents("101", password="another")).outcome is Outcome.UNDO_FAILED


def test_an_undo_that_leaves_another_generation_active_is_not_done(pushed: Transactions) -> None:
    pushed.checks = [FAILED]
    pushed.on_step = lambda words: setattr(pushed.host, "_undo", lambda *_: None) if words == "proving" else None
    result = pushed.push(TWO)
    assert result.outcome is Outcome.UNDO_FAILED
    assert "generation 2 is active" in result.message


def test_a_complaint_of_the_old_configuration_after_an_undo_is_told(pushed: Transactions) -> None:
    def complain(words: str) -> None:
        if words.startswith("undoing"):
            pushed.host.complaints = ["was not fully booted in time"]

    pushed.checks = [FAILED]
    pushed.on_step = complain
    result = pushed.push(TWO)
    assert result.outcome is Outcome.UNDO_FAILED
    assert "not fully booted" in result.message


def test_after_an_undo_the_same_push_can_be_proven(pushed: Transactions) -> None:
    pushed.checks = [FAILED]
    assert pushed.push(TWO).outcome is Outcome.UNDONE
    pushed.checks = [PASSED]
    result = pushed.push(TWO)
    assert (result.outcome, result.generation) == (Outcome.PROVEN, 2)
