"""What a product of API objects needs of the transaction, whose host keeps nothing and undoes nothing by itself."""

from __future__ import annotations

import time
from dataclasses import replace

import pytest

from confgen.model.document import Action, Document
from confgen.model.host import HostError
from confgen.model.result import Outcome
from confgen.model.secret import Secret
from confgen.push import look
from tests.push.conftest import Transactions
from tests.toy import driver as toy
from tests.toy.host import Fault

TWO = toy.documents("101", "102")
LINK = HostError("the link is gone")


def test_what_no_undo_brings_back_is_written_on_demand_only(
    pushed: Transactions, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(toy.IRREVERSIBLE, "Extensions/102", "nobody knows the old one")
    result = pushed.push(TWO)
    assert result.outcome is Outcome.REFUSED
    (finding,) = result.findings
    assert (finding.code, "nobody knows the old one" in finding.message) == ("PUSH-80", True)
    assert "--no-undo Extensions/102" in finding.mend
    assert "apply" not in pushed.host.verbs
    pushed.terms = replace(pushed.terms, no_undo=("Extensions/101",))  # another key is no consent
    assert pushed.push(TWO).outcome is Outcome.REFUSED
    pushed.terms = replace(pushed.terms, no_undo=("Extensions/102",))
    assert pushed.push(TWO).outcome is Outcome.PROVEN


def test_what_the_push_itself_needs_is_no_change_of_the_pbx(pushed: Transactions) -> None:
    tool = Document(key="Backups/password", content=Secret("{}"), is_for_push=True)
    assert pushed.push((*toy.documents("101"), tool)).outcome is Outcome.UNCHANGED


def test_what_confgen_made_and_the_inventory_no_longer_has_is_planned_to_be_removed(pushed: Transactions) -> None:
    assert pushed.push(TWO).outcome is Outcome.PROVEN
    pushed.host.leftovers.append("Extensions/102")
    (change,) = look(pushed.host, pushed.pbx, toy, toy.documents("101"))[1].changes
    assert (change.key, change.action, change.after) == ("Extensions/102", Action.REMOVE, None)
    assert change.before is not None


def test_a_warning_about_the_pbx_hinders_no_push_and_no_undo(pushed: Transactions) -> None:
    pushed.host.warnings.append("a push was cut off")
    assert pushed.push(TWO).outcome is Outcome.PROVEN
    pushed.host.faults["confirm"] = Fault(error=ValueError("a fault"), skip=1)
    assert pushed.push(toy.documents("101", "102", "103")).outcome is Outcome.UNDONE


def test_nobody_else_undoes_it_so_the_link_is_made_anew_first(pushed: Transactions) -> None:
    pushed.host.faults["apply"] = Fault(error=LINK)
    pushed.host.at["undo"] = lambda: _assert_reached(pushed)
    assert pushed.push(TWO).outcome is Outcome.UNDONE


def _assert_reached(pushed: Transactions) -> None:
    assert pushed.host.reconnections == 1


def test_a_link_that_stays_broken_ends_with_a_call_for_a_human_in_time(
    pushed: Transactions, monkeypatch: pytest.MonkeyPatch
) -> None:
    clock = [0.0]
    monkeypatch.setattr(time, "monotonic", lambda: clock[0])
    monkeypatch.setattr(time, "sleep", lambda seconds: clock.__setitem__(0, clock[0] + seconds))
    pushed.host.is_reachable = False
    pushed.host.faults["apply"] = Fault(error=LINK)
    pushed.host.faults["undo"] = Fault(error=LINK, times=9)
    result = pushed.push(TWO)
    assert (result.outcome, result.exit_code) == (Outcome.UNDO_FAILED, 6)
    assert [finding.code for finding in result.findings] == ["PUSH-17"]
    assert clock[0] == pushed.terms.undo_after + 15


def test_a_lease_that_was_taken_over_is_told_without_a_promise_that_nobody_keeps(pushed: Transactions) -> None:
    pushed.host.ended = "tom@desk"
    (finding,) = pushed.push(TWO).findings
    assert "is there still" in finding.mend
