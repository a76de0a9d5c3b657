"""A push by a saved plan does exactly what was agreed to, or nothing."""

from __future__ import annotations

from dataclasses import replace

import pytest

from confgen.model.document import Document
from confgen.model.result import Outcome, Result
from confgen.model.saved import SavedPbx
from confgen.model.secret import Secret
from confgen.plan import savable
from confgen.push import look
from tests.push.conftest import Transactions
from tests.toy import driver as toy

ONE, TWO = toy.documents("101"), toy.documents("101", "102")


def save(transactions: Transactions, documents: tuple[Document, ...] = TWO) -> SavedPbx:
    observation, planned = look(transactions.host, transactions.pbx, toy, documents)
    saved = savable(transactions.pbx, documents, observation, planned)
    assert saved is not None
    transactions.host.verbs.clear()
    return saved


def refused(transactions: Transactions, result: Result, *codes: str) -> None:
    assert (result.outcome, result.exit_code) == (Outcome.REFUSED, 1)
    assert [finding.code for finding in result.findings] == list(codes)
    assert transactions.host.changing_verbs == []


def test_what_was_agreed_to_is_carried_out_where_nothing_moved(pushed: Transactions) -> None:
    agreed = save(pushed)
    result = pushed.push(TWO, agreed=agreed)
    assert (result.outcome, result.generation) == (Outcome.PROVEN, 2)
    assert pushed.host.objects == {document.key: document.reveal() for document in TWO}


def test_a_plan_of_nothing_is_carried_out_by_doing_nothing(pushed: Transactions) -> None:
    agreed = save(pushed, ONE)
    assert pushed.push(ONE, agreed=agreed).outcome is Outcome.UNCHANGED
    assert pushed.host.verbs == ["observe"]


def test_a_plan_that_was_carried_out_is_not_carried_out_again(pushed: Transactions) -> None:
    agreed = save(pushed)
    assert pushed.push(TWO, agreed=agreed).outcome is Outcome.PROVEN
    pushed.host.verbs.clear()
    refused(pushed, pushed.push(TWO, agreed=agreed), "PUSH-53")


def test_a_hand_edit_on_the_host_makes_the_plan_stale(pushed: Transactions) -> None:
    agreed = save(pushed)
    pushed.host.objects["Extensions/101"] = '{"password": "by hand"}'
    result = pushed.push(TWO, overwrite_drift=True, agreed=agreed)
    refused(pushed, result, "PUSH-53")
    assert "Extensions/101" in result.findings[0].message


def test_something_of_the_users_own_that_came_since_makes_the_plan_stale(pushed: Transactions) -> None:
    agreed = save(pushed)
    pushed.host.objects[toy.TRANSPORT] = '{"password": ""}'
    refused(pushed, pushed.push(TWO, adopt=True, agreed=agreed), "PUSH-20", "PUSH-53")


def test_an_included_file_of_the_users_own_that_moved_makes_the_plan_stale(pushed: Transactions) -> None:
    including = (*ONE, Document(key="Extensions/102", content=Secret('{"include": "phones", "password": ""}')))
    pushed.host.own = {"phones": '{"password": "sentinel-old"}'}
    agreed = save(pushed, including)
    assert "sentinel" not in repr(agreed)
    pushed.host.own = {"phones": '{"password": "sentinel-new"}'}
    result = pushed.push(including, agreed=agreed)
    refused(pushed, result, "PUSH-53")
    assert "include phones" in result.findings[0].message
    assert "sentinel" not in repr(result)

    pushed.host.own = {"phones": '{"password": "sentinel-old"}'}
    assert pushed.push(including, agreed=agreed).outcome is Outcome.PROVEN


def test_a_secret_that_moved_makes_the_plan_stale(pushed: Transactions) -> None:
    agreed = save(pushed)
    result = pushed.push(toy.documents("101", "102", password="sentinel-new"), agreed=agreed)
    refused(pushed, result, "PUSH-54")
    assert "sentinel" not in repr(result)


def test_another_host_at_the_address_is_not_touched(pushed: Transactions) -> None:
    agreed = save(pushed)
    pushed.host.key = "44556677"
    refused(pushed, pushed.push(TWO, agreed=agreed), "PUSH-52")


def test_a_push_that_was_cut_off_since_makes_the_plan_stale(pushed: Transactions) -> None:
    agreed = save(pushed)
    pushed.host.is_cut_off = True
    refused(pushed, pushed.push(TWO, agreed=agreed), "PUSH-53")


def test_what_the_plan_needs_is_agreed_to_at_the_push_as_usual(transactions: Transactions) -> None:
    transactions.host.objects["Extensions/101"] = '{"password": "old"}'
    agreed = save(transactions)
    refused(transactions, transactions.push(TWO, agreed=agreed), "PUSH-13")
    assert transactions.push(TWO, adopt=True, agreed=agreed).outcome is Outcome.PROVEN


def test_phones_that_came_since_are_counted_by_the_push_itself(pushed: Transactions) -> None:
    agreed = save(pushed)
    pushed.host.contacts = ["999"]
    refused(pushed, pushed.push(TWO, agreed=agreed), "PUSH-45")


@pytest.mark.parametrize("edited", [{"name": "branch"}, {"host": "00" * 32}])
def test_a_plan_of_another_pbx_is_refused(pushed: Transactions, edited: dict[str, str]) -> None:
    agreed = replace(save(pushed), **edited)  # type: ignore[arg-type]
    refused(pushed, pushed.push(TWO, agreed=agreed), "PUSH-52")
