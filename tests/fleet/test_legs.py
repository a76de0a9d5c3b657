"""Each leg between two PBXs is proven once, from both ends, where both took part in the run."""

from __future__ import annotations

from dataclasses import dataclass, field

import pytest

from confgen.fleet.connections import Connections
from confgen.fleet.legs import prove_legs
from confgen.model.check import Verdict
from confgen.model.host import Completed, Host, HostError
from confgen.model.inventory import Pbx
from confgen.model.result import Outcome, Result
from tests.drivers.asterisk.scripted_host import ScriptedHost, broken, refused
from tests.model.pbxs import a_pbx, a_trunk_end

ENCRYPTED = b"=== begun\n1000\n=== seen\n1001:1\n"
IN_CLEAR = b"=== begun\n1000\n=== seen\n1001:0\n"
UNANSWERED = b"=== begun\n1000\n=== seen\nnone\n"

HEADQUARTERS = a_pbx("headquarters", trunks=(a_trunk_end("hq-branch", "branch"), a_trunk_end("hq-depot", "depot")))
BRANCH = a_pbx("branch", trunks=(a_trunk_end("hq-branch", "headquarters"),))
DEPOT = a_pbx("depot", trunks=(a_trunk_end("hq-depot", "headquarters"),))
PBXS = (HEADQUARTERS, BRANCH, DEPOT)


class FakeConnections(Connections):
    """Connections to hosts that a test has made."""

    def __init__(self, hosts: dict[str, ScriptedHost]) -> None:
        self.hosts = hosts

    def to(self, pbx: Pbx) -> Host:
        if pbx.name not in self.hosts:
            raise HostError(f"{pbx.name} cannot be reached")
        return self.hosts[pbx.name]


@dataclass
class Listening:
    """A watcher that keeps what it was told."""

    begun: list[str] = field(default_factory=list)
    steps: list[tuple[str, str]] = field(default_factory=list)
    ended: list[Result] = field(default_factory=list)

    def begin(self, pbx: str, /) -> None:
        self.begun.append(pbx)

    def step(self, pbx: str, words: str, /) -> None:
        self.steps.append((pbx, words))

    def end(self, result: Result, /) -> None:
        self.ended.append(result)


def came_of(**outcomes: Outcome) -> list[Result]:
    return [Result(pbx=name, outcome=outcome, message="") for name, outcome in outcomes.items()]


def legs(
    answers: dict[str, bytes | Completed], results: list[Result], *concerning: str, watcher: Listening | None = None
) -> tuple[Result, ...]:
    hosts = {name: ScriptedHost(answers={"leg": answer}, name=name) for name, answer in answers.items()}
    return prove_legs(FakeConnections(hosts), PBXS, results, watcher or Listening(), concerning=concerning)


ALL_PROVEN = came_of(headquarters=Outcome.PROVEN, branch=Outcome.PROVEN, depot=Outcome.PROVEN)
ALL_ENCRYPTED: dict[str, bytes | Completed] = {pbx.name: ENCRYPTED for pbx in PBXS}


def test_each_leg_is_proven_once_and_from_both_ends() -> None:
    watcher = Listening()
    results = legs(ALL_ENCRYPTED, ALL_PROVEN, "headquarters", "branch", "depot", watcher=watcher)
    assert [(result.pbx, result.outcome, len(result.checks)) for result in results] == [
        ("hq-branch", Outcome.PROVEN, 2),
        ("hq-depot", Outcome.PROVEN, 2),
    ]
    assert watcher.begun == ["hq-branch", "hq-depot"]
    assert watcher.ended == list(results)
    assert ("hq-branch", "calling from branch to headquarters") in watcher.steps


def test_only_legs_of_a_pbx_that_was_changed_are_proven() -> None:
    assert [result.pbx for result in legs(ALL_ENCRYPTED, ALL_PROVEN, "depot")] == ["hq-depot"]
    assert legs(ALL_ENCRYPTED, ALL_PROVEN) == ()


@pytest.mark.parametrize(
    ("other_end", "outcome"),
    [
        (Outcome.PROVEN, Outcome.PROVEN),
        (Outcome.UNCHANGED, Outcome.PROVEN),
        (Outcome.REFUSED, Outcome.PENDING),
        (Outcome.UNKNOWN, Outcome.PENDING),
        (Outcome.UNDONE, Outcome.PENDING),
        (None, Outcome.PENDING),
    ],
)
def test_a_leg_whose_other_end_had_no_part_in_it_is_pending(other_end: Outcome | None, outcome: Outcome) -> None:
    results = came_of(headquarters=Outcome.PROVEN) + ([] if other_end is None else came_of(branch=other_end))
    found = legs(ALL_ENCRYPTED, results, "branch", "headquarters")
    assert found[0].outcome is outcome


@pytest.mark.parametrize(
    ("answer", "outcome", "verdict"),
    [
        (IN_CLEAR, Outcome.NOT_PROVEN, Verdict.FAILED),
        (UNANSWERED, Outcome.NOT_PROVEN, Verdict.FAILED),
        (broken("no memory"), Outcome.UNKNOWN, Verdict.UNKNOWN),
        (refused("PUSH-01 there is no asterisk program"), Outcome.UNKNOWN, Verdict.UNKNOWN),
    ],
)
def test_one_bad_end_spoils_the_leg(answer: bytes | Completed, outcome: Outcome, verdict: Verdict) -> None:
    (result,) = legs({**ALL_ENCRYPTED, "depot": answer}, ALL_PROVEN, "depot")
    assert result.outcome is outcome
    assert [check.verdict for check in result.checks] == [Verdict.PASSED, verdict]


def test_an_end_that_cannot_be_reached_is_unknown() -> None:
    (result,) = legs({"headquarters": ENCRYPTED}, ALL_PROVEN, "depot")
    assert (result.outcome, result.exit_code) == (Outcome.UNKNOWN, 4)
    assert "depot cannot be reached" in result.checks[1].message


def test_failure_outweighs_what_is_unknown() -> None:
    answers: dict[str, bytes | Completed] = {"headquarters": broken("x"), "depot": IN_CLEAR}
    (result,) = legs(answers, ALL_PROVEN, "depot")
    assert (result.outcome, result.exit_code) == (Outcome.NOT_PROVEN, 1)


def test_an_interruption_while_legs_are_proven_loses_no_result() -> None:
    class Interrupted(FakeConnections):
        def to(self, pbx: Pbx) -> Host:
            raise KeyboardInterrupt(pbx.name)

    results = prove_legs(Interrupted({}), PBXS, ALL_PROVEN, Listening(), concerning=["headquarters"])

    assert [result.outcome for result in results] == [Outcome.UNKNOWN, Outcome.UNKNOWN]
