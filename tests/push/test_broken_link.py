"""The link breaks after the switch: it is tried anew, and where it stays broken the PBX is left to its host in time."""

from __future__ import annotations

import time
from dataclasses import replace

import pytest

from confgen.model.host import HostError
from confgen.model.result import Outcome
from tests.push.conftest import Transactions
from tests.toy import driver as toy
from tests.toy.host import Fault

TWO = toy.documents("101", "102")
LINK = HostError("the link is gone")


@pytest.fixture
def alone(pushed: Transactions, monkeypatch: pytest.MonkeyPatch) -> Transactions:
    """A host that undoes by itself, and a clock that a wait moves on."""
    clock = [0.0]
    monkeypatch.setattr(toy, "guarantees", replace(toy.guarantees, undo_without_link=True))
    monkeypatch.setattr(time, "monotonic", lambda: clock[0])
    monkeypatch.setattr(time, "sleep", lambda seconds: clock.__setitem__(0, clock[0] + seconds))
    return pushed


def test_after_a_broken_link_the_host_is_reached_anew_before_anything_is_undone(alone: Transactions) -> None:
    alone.host.faults["activate"] = Fault(error=LINK)
    alone.host.at["undo"] = lambda: assert_reached(alone)
    assert alone.push(TWO).outcome is Outcome.UNDONE
    assert alone.host.reconnections == 1


def assert_reached(transactions: Transactions) -> None:
    assert transactions.host.reconnections == 1


def test_a_host_that_stays_out_of_reach_is_left_alone_soon_after_it_has_undone_by_itself(alone: Transactions) -> None:
    def break_off() -> None:
        alone.host.is_reachable = False
        time.sleep(30)  # until the link is known to be dead

    alone.host.at["activate"] = break_off
    alone.host.faults["activate"] = Fault(error=LINK)
    started = time.monotonic()
    result = alone.push(TWO)
    assert (result.outcome, result.exit_code) == (Outcome.LEFT, 4)
    assert "goes back to generation 1 by itself" in result.message
    assert time.monotonic() - started == alone.terms.undo_after + 15
    assert "undo" not in alone.host.verbs


def test_a_link_that_is_known_to_be_dead_late_is_tried_once_all_the_same(alone: Transactions) -> None:
    alone.host.at["activate"] = lambda: time.sleep(300)
    alone.host.faults["activate"] = Fault(error=LINK)
    assert alone.push(TWO).outcome is Outcome.UNDONE


def test_an_error_that_is_not_the_links_is_undone_over_it(alone: Transactions) -> None:
    alone.host.faults["activate"] = Fault(error=ValueError("a fault of ours"))
    assert alone.push(TWO).outcome is Outcome.UNDONE
    assert alone.host.reconnections == 0
