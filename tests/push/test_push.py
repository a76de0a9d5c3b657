"""What is switched to is proven or undone, and a PBX that may not be touched is not."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from confgen.model.check import Check, Level, Question, Vantage
from confgen.model.document import Document
from confgen.model.finding import Severity
from confgen.model.result import Outcome
from tests.push.conftest import FAILED, PASSED, PENDING, QUESTION, UNKNOWN, Transactions, asking
from tests.toy import driver as toy

ONE, TWO = toy.documents("101"), toy.documents("101", "102")


def contents(transactions: Transactions) -> dict[str, str]:
    return dict(transactions.host.objects)


def test_a_first_push_is_proven_and_kept(transactions: Transactions) -> None:
    result = transactions.push(TWO)
    assert (result.outcome, result.exit_code, result.generation) == (Outcome.PROVEN, 0, 1)
    assert result.checks == (PASSED,)
    assert contents(transactions) == {document.key: document.reveal() for document in TWO}
    assert transactions.host.confirmed == {0, 1}
    assert transactions.proven == [("Extensions/101", "Extensions/102")]


def test_the_steps_are_told_in_their_order(transactions: Transactions) -> None:
    transactions.push(TWO)
    assert transactions.steps == [
        "looking",
        "staging 2 changed documents",
        "trying it apart",
        "switching to generation 1",
        "activating (reload)",
        "proving",
        "confirming",
    ]
    assert transactions.host.changing_verbs == [
        "lock", "stage", "preflight", "apply", "apply", "switched", "activate", "confirm",
    ]  # fmt: skip


def test_only_what_changed_is_changed(pushed: Transactions) -> None:
    result = pushed.push(TWO)
    assert result.plan is not None
    assert [change.key for change in result.plan.changes] == ["Extensions/102"]
    assert pushed.host.verbs.count("apply") == 1


def test_an_unchanged_pbx_gets_nothing_written_and_is_not_called_proven(pushed: Transactions) -> None:
    result = pushed.push(ONE)
    assert (result.outcome, result.exit_code, result.message) == (Outcome.UNCHANGED, 0, "unchanged")
    assert result.checks == ()
    assert pushed.host.verbs == ["observe"]
    assert pushed.proven == []


def test_a_generation_that_was_never_confirmed_is_pushed_again_though_nothing_differs(pushed: Transactions) -> None:
    pushed.host.confirmed.discard(1)
    result = pushed.push(ONE)
    assert result.outcome is Outcome.PROVEN
    assert "confirm" in pushed.host.verbs
    assert len(pushed.proven) == 1


def test_what_confgen_did_not_write_is_not_written_over_without_consent(transactions: Transactions) -> None:
    foreign = '{"password": "old"}'
    transactions.host.objects["Extensions/101"] = foreign
    result = transactions.push(ONE)
    assert (result.outcome, result.exit_code) == (Outcome.REFUSED, 1)
    assert [finding.code for finding in result.findings] == ["PUSH-13"]
    assert "Extensions/101" in result.findings[0].message
    assert transactions.host.changing_verbs == []
    assert contents(transactions) == {"Extensions/101": foreign}


def test_what_is_adopted_is_kept_as_generation_0(transactions: Transactions) -> None:
    foreign = {"Extensions/101": '{"password": "old"}', toy.TRANSPORT: '{"password": ""}'}
    transactions.host.objects.update(foreign)
    assert transactions.push(ONE, adopt=True).outcome is Outcome.PROVEN
    assert contents(transactions).keys() == {"Extensions/101"}
    assert transactions.host.generations[0] == foreign


def test_what_goes_by_an_adoption_is_told_first_and_after_it_and_refuses_nothing(transactions: Transactions) -> None:
    transactions.host.objects[toy.TRANSPORT] = '{"password": ""}'
    refused = transactions.push(ONE)
    adopted = transactions.push(ONE, adopt=True)
    assert [finding.code for finding in refused.findings] == ["PUSH-20", "PUSH-13"]
    assert (adopted.outcome, [finding.code for finding in adopted.findings]) == (Outcome.PROVEN, ["PUSH-20"])


def test_what_is_wrong_in_the_users_own_refuses_before_anything_is_written(pushed: Transactions) -> None:
    own = Document(key="Own/phones", content=ONE[0].content)
    result = pushed.push((*ONE, own), adopt=True, overwrite_drift=True)
    assert (result.outcome, [finding.code for finding in result.findings]) == (Outcome.REFUSED, ["CLEAR-05"])
    assert pushed.host.changing_verbs == []


def test_what_was_changed_by_hand_is_not_written_over_without_consent(pushed: Transactions) -> None:
    pushed.host.objects["Extensions/101"] = '{"password": "by hand"}'
    result = pushed.push(ONE)
    assert (result.outcome, [finding.code for finding in result.findings]) == (Outcome.REFUSED, ["PUSH-14"])
    assert pushed.host.changing_verbs == []
    assert pushed.push(ONE, adopt=True).outcome is Outcome.REFUSED
    assert pushed.push(ONE, overwrite_drift=True).outcome is Outcome.PROVEN


def test_consent_to_drift_is_no_consent_to_adopt(transactions: Transactions) -> None:
    transactions.host.objects["Extensions/101"] = '{"password": "old"}'
    assert transactions.push(ONE, overwrite_drift=True).outcome is Outcome.REFUSED


def test_every_reason_to_refuse_is_told_at_once(pushed: Transactions) -> None:
    pushed.host.objects |= {"Extensions/101": '{"password": "x"}', "Extensions/102": '{"password": "y"}'}
    pushed.host.findings = ["the PBX does not run"]
    result = pushed.push(TWO)
    assert [finding.code for finding in result.findings] == ["PUSH-11", "PUSH-13", "PUSH-14"]
    assert all(finding.pbx == "headquarters" for finding in result.findings)


def test_a_host_that_must_not_be_pushed_to_is_not_even_called_unchanged(pushed: Transactions) -> None:
    pushed.host.findings = ["the PBX does not run"]
    assert pushed.push(ONE).outcome is Outcome.REFUSED


@pytest.mark.parametrize("checks", [[PASSED], [PASSED, PASSED], [PASSED, PENDING], [PENDING, PASSED]])
def test_a_push_is_kept_where_something_passed_and_all_else_is_only_pending(
    pushed: Transactions, checks: Sequence[Check]
) -> None:
    pushed.checks = checks
    result = pushed.push(TWO)
    assert (result.outcome, result.exit_code, result.checks) == (Outcome.PROVEN, 0, tuple(checks))


@pytest.mark.parametrize(
    "checks",
    [[FAILED], [UNKNOWN], [PASSED, FAILED], [PASSED, UNKNOWN], [UNKNOWN, PENDING, PASSED], [], [PENDING]],
)
def test_a_push_that_is_not_proven_is_undone(pushed: Transactions, checks: Sequence[Check]) -> None:
    before = contents(pushed)
    pushed.checks = checks
    result = pushed.push(TWO)
    assert (result.outcome, result.exit_code, result.generation) == (Outcome.UNDONE, 5, 1)
    assert result.checks == tuple(checks)
    assert contents(pushed) == before
    assert pushed.host.current == 1
    assert "confirm" not in pushed.host.verbs


def test_a_first_push_that_is_not_proven_leaves_the_pbx_as_it_was(transactions: Transactions) -> None:
    foreign = {"Extensions/101": '{"password": "old"}', toy.TRANSPORT: '{"password": ""}'}
    transactions.host.objects.update(foreign)
    transactions.checks = [FAILED]
    result = transactions.push(TWO, adopt=True)
    assert result.outcome is Outcome.UNDONE
    assert contents(transactions) == foreign
    assert (transactions.host.current, transactions.host.written, transactions.host.generations) == (None, {}, {})


def test_a_push_that_the_pbx_complained_about_is_undone_before_any_proof(pushed: Transactions) -> None:
    pushed.host.complaints = ["config.c: no closing ']'"]
    result = pushed.push(TWO)
    assert (result.outcome, result.exit_code) == (Outcome.UNDONE, 5)
    assert [(finding.code, finding.message) for finding in result.findings] == [("PUSH-15", "config.c: no closing ']'")]
    assert pushed.proven == []


def test_a_complaint_that_nothing_can_be_compared_to_undoes_nothing_and_is_told(pushed: Transactions) -> None:
    pushed.host.unknown = ["config.c: old news"]
    result = pushed.push(TWO)
    assert result.outcome is Outcome.PROVEN
    assert [(finding.code, finding.severity) for finding in result.findings] == [("PUSH-16", Severity.NOTE)]


def test_a_result_tells_no_secret(pushed: Transactions) -> None:
    pushed.checks = [FAILED]
    changed = toy.documents("101", "102", password="sentinel-new")
    assert "sentinel" not in repr(pushed.push(changed))
    pushed.checks = [PASSED]
    result = pushed.push(changed)
    assert result.outcome is Outcome.PROVEN
    assert "sentinel" not in repr(result) + repr(pushed.steps)


def test_what_is_waived_is_not_called_proven(transactions: Transactions) -> None:
    waived = QUESTION.waived("waived until 2099-12-31 by Ann", "it is open")
    transactions.checks = (PASSED, waived)
    result = transactions.push(ONE)
    assert (result.outcome, result.message) == (Outcome.PROVEN, "generation 1 is proven; waived: tls")
    transactions.checks = (waived,)
    assert transactions.push(TWO).outcome is Outcome.UNDONE


def test_what_no_setting_can_bring_about_is_proven_in_part_and_undoes_nothing(transactions: Transactions) -> None:
    limited = QUESTION.not_enforceable("no setting closes it", "it is open")
    transactions.checks = (PASSED, limited)
    result = transactions.push(ONE)
    assert (result.outcome, result.exit_code) == (Outcome.PROVEN_IN_PART, 0)
    assert result.message == "generation 1 is proven in part; not enforceable: tls"
    transactions.checks = (limited,)
    assert transactions.push(TWO).outcome is Outcome.UNDONE, "it proves nothing by itself"


def test_what_nobody_looked_at_is_not_called_proven(transactions: Transactions) -> None:
    left_out = QUESTION.not_checked("it is your own")
    transactions.checks = (PASSED, left_out)
    result = transactions.push(ONE)
    assert (result.outcome, result.message) == (Outcome.PROVEN, "generation 1 is proven; not checked: tls")
    transactions.checks = (left_out,)
    assert transactions.push(TWO).outcome is Outcome.UNDONE


def test_a_level_of_which_nothing_passed_undoes_nothing_and_is_told(transactions: Transactions) -> None:
    transactions.pbx = asking(Level.TLS, Level.CALL)
    no_media = Question(code="CALL-10", level=Level.CALL, subject="a call with SDES", vantage=Vantage.HOST)
    transactions.checks = (PASSED, no_media.not_checked("answered as it should be; no datagram goes through SSH"))
    result = transactions.push(ONE)
    assert (result.outcome, result.message) == (
        Outcome.PROVEN,
        "generation 1 is proven: tls; not checked: a call with SDES",
    )


def test_of_many_unknown_lines_the_first_are_shown_and_the_others_counted(pushed: Transactions) -> None:
    pushed.host.unknown = [f"config.c: old news {number}" for number in range(30)]
    result = pushed.push(TWO)
    assert [finding.code for finding in result.findings] == ["PUSH-16"] * 3
    assert result.findings[-1].message.endswith("old news 2 (and 27 more lines, in Asterisk's log)")
