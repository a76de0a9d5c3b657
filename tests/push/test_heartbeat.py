"""While a push proves, it is heard of by who keeps the lock."""

from __future__ import annotations

from dataclasses import replace
from threading import Event
from types import SimpleNamespace
from typing import Any, cast

import pytest

from confgen.model.check import Check
from confgen.model.document import Document
from confgen.model.driver import Driver, Guarantees, Lock
from confgen.model.host import HostError
from confgen.model.lease import Lease
from confgen.push import heartbeat
from tests.push.conftest import PASSED, Transactions
from tests.toy import driver as toy

LEASE = Lease(push="a" * 16, owner="ann@desk", undo_after=0)


def a_driver(go_on: Any, lock: Lock = Lock.OPERATOR) -> Driver:  # noqa: ANN401 -- a function of the driver
    guarantees = Guarantees(atomic=False, undo_without_link=False, lock=lock)
    return cast("Driver", SimpleNamespace(go_on=go_on, guarantees=guarantees))


def test_the_lease_goes_on_until_the_proof_has_ended(transactions: Transactions) -> None:
    told = Event()
    with heartbeat.heard_of(transactions.host, transactions.pbx, a_driver(lambda *_: told.set()), LEASE):
        assert told.wait(10)
    told.clear()
    assert not told.wait(0.02)


def test_a_hold_that_is_lost_is_not_asked_for_again(transactions: Transactions) -> None:
    asked: list[int] = []
    lost = Event()

    def go_on(*_: object) -> None:
        asked.append(1)
        lost.set()
        raise HostError("lost")

    with heartbeat.heard_of(transactions.host, transactions.pbx, a_driver(go_on), LEASE):
        assert lost.wait(10)
    assert asked == [1]


def test_the_undo_of_a_host_is_not_put_off(transactions: Transactions) -> None:
    told = Event()
    driver = a_driver(lambda *_: told.set(), Lock.HOST)
    with heartbeat.heard_of(transactions.host, transactions.pbx, driver, LEASE):
        assert not told.wait(0.02)


def test_a_push_is_heard_of_while_it_proves(transactions: Transactions, monkeypatch: pytest.MonkeyPatch) -> None:
    told = Event()
    monkeypatch.setattr(toy, "go_on", lambda *_: told.set())
    transactions.terms = replace(transactions.terms, undo_after=0)

    class Waiting(list[Check]):
        def __iter__(self) -> Any:  # noqa: ANN401 -- the proof takes until its push was heard of
            assert told.wait(10)
            return super().__iter__()

    transactions.checks = Waiting([PASSED])
    documents: tuple[Document, ...] = toy.documents("101")
    assert transactions.push(documents).outcome.value == "proven"
