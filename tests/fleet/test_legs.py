"""Each leg between two PBXs is proven once, from both ends, where both took part in the run."""

from __future__ import annotations

import threading
import time
from collections import Counter
from dataclasses import dataclass, field, replace
from typing import ClassVar

import pytest

from confgen import verify
from confgen.fleet import Stop
from confgen.fleet.connections import Connections
from confgen.fleet.job import Site
from confgen.fleet.legs import outcome_of, prove_legs
from confgen.model.check import CALLED_OFF, Check, Level, Question, Vantage, Verdict
from confgen.model.host import Command, Completed, Host, HostError
from confgen.model.inventory import Pbx, Peering, TrunkEnd, Verification
from confgen.model.result import Outcome, Result
from tests.drivers.asterisk.scripted_host import ScriptedHost, broken, refused
from tests.model.pbxs import a_pbx, a_provider_trunk, a_trunk_end

VERIFYING = b"=== transport\n method : tlsv1_2\n verify_server : Yes\n"
ENCRYPTED = VERIFYING + b"=== now\n1000\n=== seen\n1001:1:1:id\n"
IN_CLEAR = VERIFYING + b"=== now\n1000\n=== seen\n1001:1:0:id\n"
UNANSWERED = VERIFYING + b"=== now\n1000\n=== seen\nnone\n"
HEARD = b"=== now\n1001\n=== heard\n1001:1:1:id\n"

HEADQUARTERS = a_pbx("headquarters", trunks=(a_trunk_end("hq-branch", "branch"), a_trunk_end("hq-depot", "depot")))
BRANCH = a_pbx("branch", trunks=(a_trunk_end("hq-branch", "headquarters"),))
DEPOT = a_pbx("depot", trunks=(a_trunk_end("hq-depot", "headquarters"),))
PBXS = (HEADQUARTERS, BRANCH, DEPOT)


class FakeConnections(Connections):
    """Connections to hosts that a test has made."""

    def __init__(self, hosts: dict[str, ScriptedHost]) -> None:
        self.hosts = hosts
        self.released: list[str] = []

    def to(self, pbx: Pbx) -> Host:
        if pbx.name not in self.hosts:
            raise HostError(f"{pbx.name} cannot be reached")
        return self.hosts[pbx.name]

    def release(self, pbx: Pbx) -> None:
        self.released.append(pbx.name)


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
    hosts = {name: ScriptedHost(answers={"leg": answer, "heard": HEARD}, name=name) for name, answer in answers.items()}
    return prove_legs(site(hosts, watcher), PBXS, results, concerning=concerning, costs_are_agreed=True)


def site(hosts: dict[str, ScriptedHost], watcher: Listening | None = None) -> Site:
    return Site(FakeConnections(hosts), watcher or Listening(), Stop())


ALL_PROVEN = came_of(headquarters=Outcome.PROVEN, branch=Outcome.PROVEN, depot=Outcome.PROVEN)
ALL_ENCRYPTED: dict[str, bytes | Completed] = {pbx.name: ENCRYPTED for pbx in PBXS}


def test_each_leg_is_proven_once_and_from_both_ends() -> None:
    watcher = Listening()
    results = legs(ALL_ENCRYPTED, ALL_PROVEN, "headquarters", "branch", "depot", watcher=watcher)
    assert [(result.pbx, result.outcome, len(result.checks)) for result in results] == [
        ("hq-branch", Outcome.PROVEN, 4),
        ("hq-depot", Outcome.PROVEN, 4),
    ]
    assert sorted(watcher.begun) == ["hq-branch", "hq-depot"]
    assert sorted(watcher.ended, key=lambda result: result.pbx) == list(results)
    assert [check.subject for check in results[0].checks] == [
        *["hq-branch: headquarters to branch"] * 2,
        *["hq-branch: branch to headquarters"] * 2,
    ]
    assert ("hq-branch", "calling from branch to headquarters") in watcher.steps
    assert results[0].message == "headquarters to branch and branch to headquarters"


def test_only_legs_of_a_pbx_that_was_changed_are_proven() -> None:
    assert [result.pbx for result in legs(ALL_ENCRYPTED, ALL_PROVEN, "depot")] == ["hq-depot"]
    assert legs(ALL_ENCRYPTED, ALL_PROVEN) == ()


@pytest.mark.parametrize(
    ("may_come_later", "outcome"), [(True, Outcome.PENDING), (False, Outcome.NOT_PROVEN)], ids=["push", "verify"]
)
def test_a_leg_to_a_peer_that_has_not_registered_yet_is_pending_after_a_push(
    may_come_later: bool, outcome: Outcome  # noqa: FBT001 -- a case
) -> None:  # fmt: skip
    registering = a_trunk_end("hq-branch", "branch", peering=Peering.PEER_REGISTERS)
    pbxs = (replace(HEADQUARTERS, trunks=(registering,)), BRANCH)
    unregistered = VERIFYING + b"=== now\n1000\n"
    hosts = {
        "headquarters": ScriptedHost(answers={"leg": unregistered, "heard": HEARD}, name="headquarters"),
        "branch": ScriptedHost(answers={"leg": ENCRYPTED, "heard": HEARD}, name="branch"),
    }
    results = came_of(headquarters=Outcome.PROVEN, branch=Outcome.PROVEN)
    (result,) = prove_legs(
        site(hosts),
        pbxs,
        results,
        concerning=["branch"],
        costs_are_agreed=False,
        peers_may_come_later=may_come_later,
    )
    assert result.outcome is outcome
    told = [check for check in result.checks if check.subject == "hq-branch: headquarters to branch"]
    assert "has not registered" in told[0].message
    assert hosts["branch"].verbs == ["leg"], "nobody is asked for a call that was not made"


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
    watcher = Listening()
    results = came_of(headquarters=Outcome.PROVEN) + ([] if other_end is None else came_of(branch=other_end))
    found = legs(ALL_ENCRYPTED, results, "branch", "headquarters", watcher=watcher)
    assert found[0].outcome is outcome
    is_said = any(name == "hq-branch" and words.startswith("calling") for name, words in watcher.steps)
    assert is_said == (outcome is Outcome.PROVEN), "nobody is told of a call that is not made"


@pytest.mark.parametrize(("branch", "outcome"), [(Outcome.UNKNOWN, Outcome.PROVEN), (Outcome.UNDONE, Outcome.PENDING)])
def test_a_pbx_whose_media_cannot_be_looked_at_from_its_host_has_a_part_in_its_legs(
    branch: Outcome, outcome: Outcome
) -> None:
    question = Question(code="CALL-10", level=Level.CALL, subject="a call", vantage=Vantage.HOST)
    unseen = Result(pbx="branch", outcome=branch, message="", checks=(question.not_checked("no datagram goes"),))
    (result,) = legs(ALL_ENCRYPTED, [*came_of(headquarters=Outcome.PROVEN), unseen], "branch")
    assert result.outcome is outcome


@pytest.mark.parametrize(
    ("answer", "outcome", "verdicts"),
    [
        (IN_CLEAR, Outcome.NOT_PROVEN, [Verdict.PASSED, Verdict.FAILED]),
        (UNANSWERED, Outcome.NOT_PROVEN, [Verdict.FAILED, Verdict.UNKNOWN]),
        (broken("no memory"), Outcome.UNKNOWN, [Verdict.UNKNOWN] * 2),
        (refused("PUSH-01 there is no asterisk program"), Outcome.UNKNOWN, [Verdict.UNKNOWN] * 2),
    ],
)
def test_one_bad_end_spoils_the_leg(answer: bytes | Completed, outcome: Outcome, verdicts: list[Verdict]) -> None:
    (result,) = legs({**ALL_ENCRYPTED, "depot": answer}, ALL_PROVEN, "depot")
    assert result.outcome is outcome
    assert [check.verdict for check in result.checks] == [Verdict.PASSED, Verdict.PASSED, *verdicts]


@pytest.mark.parametrize(
    ("heard", "outcome"),
    [
        (b"=== now\n1001\n=== heard\n1001:1:0:id\n", Outcome.NOT_PROVEN),
        (b"=== now\n1001\n=== heard\n1001:1:1:of-another-call\n", Outcome.UNKNOWN),
        (b"=== now\n1001\n=== heard\n", Outcome.UNKNOWN),
        (broken("no memory"), Outcome.UNKNOWN),
        (refused("PUSH-01 there is no asterisk program"), Outcome.UNKNOWN),
    ],
)
def test_the_word_of_the_end_that_called_is_not_enough(heard: bytes | Completed, outcome: Outcome) -> None:
    hosts = {
        name: ScriptedHost(answers={"leg": ENCRYPTED, "heard": heard if name == "depot" else HEARD}, name=name)
        for name in ("headquarters", "depot")
    }
    (result,) = prove_legs(site(hosts), PBXS, ALL_PROVEN, concerning=["depot"], costs_are_agreed=False)
    assert result.outcome is outcome
    assert [check.verdict is Verdict.PASSED for check in result.checks][1:] == [False, True, True]
    assert "depot" in result.checks[1].message


def test_a_leg_takes_two_round_trips_to_each_end() -> None:
    hosts = {
        name: ScriptedHost(answers={"leg": ENCRYPTED, "heard": HEARD}, name=name) for name in ("headquarters", "depot")
    }
    prove_legs(site(hosts), PBXS, ALL_PROVEN, concerning=["depot"], costs_are_agreed=False)
    assert {name: sorted(host.verbs) for name, host in hosts.items()} == {
        name: ["heard", "leg"] for name in ("headquarters", "depot")
    }


class Busy(ScriptedHost):
    """Counts the calls that are made from here at once."""

    lock = threading.Lock()
    under_way: ClassVar[Counter[str]] = Counter()
    most: ClassVar[Counter[str]] = Counter()

    def run(self, command: Command, /) -> Completed:
        verb = self.words(command)[0]
        if verb != "leg":
            return super().run(command)
        with self.lock:
            for key in (self.name, "all"):
                self.under_way[key] += 1
                self.most[key] = max(self.most[key], self.under_way[key])
        time.sleep(0.02)
        with self.lock:
            for key in (self.name, "all"):
                self.under_way[key] -= 1
        return super().run(command)


def test_legs_are_proven_side_by_side_and_no_pbx_makes_two_calls_at_once() -> None:
    names = [f"branch-{number}" for number in range(6)]
    ends: dict[str, list[TrunkEnd]] = {name: [] for name in names}
    for first in names:
        for second in names:
            if first < second:
                ends[first].append(a_trunk_end(f"{first}-{second}", second))
                ends[second].append(a_trunk_end(f"{first}-{second}", first))
    pbxs = [a_pbx(name, trunks=tuple(ends[name])) for name in names]
    hosts: dict[str, ScriptedHost] = {
        name: Busy(answers={"leg": ENCRYPTED, "heard": HEARD}, name=name) for name in names
    }
    elsewhere = site(hosts)

    results = prove_legs(
        elsewhere,
        pbxs,
        [Result(pbx=name, outcome=Outcome.PROVEN, message="") for name in names],
        concerning=names,
        costs_are_agreed=False,
    )

    assert {result.outcome for result in results} == {Outcome.PROVEN}
    assert {Busy.most[name] for name in names} == {1}
    assert Busy.most["all"] > 1
    assert isinstance(elsewhere.connections, FakeConnections)
    assert sorted(elsewhere.connections.released) == names  # each once, after its last leg


def test_an_end_that_cannot_be_reached_is_unknown() -> None:
    (result,) = legs({"headquarters": ENCRYPTED}, ALL_PROVEN, "depot")
    assert (result.outcome, result.exit_code) == (Outcome.UNKNOWN, 4)
    assert [check.code for check in result.checks] == ["LEG-01", "LEG-01", "CALL-01", "CALL-02"]
    assert all("depot cannot be reached" in check.message for check in result.checks)


def test_failure_outweighs_what_is_unknown() -> None:
    answers: dict[str, bytes | Completed] = {"headquarters": broken("x"), "depot": IN_CLEAR}
    (result,) = legs(answers, ALL_PROVEN, "depot")
    assert (result.outcome, result.exit_code) == (Outcome.NOT_PROVEN, 1)


def test_an_interruption_while_legs_are_proven_loses_no_result() -> None:
    class Interrupted(FakeConnections):
        def to(self, pbx: Pbx) -> Host:
            raise KeyboardInterrupt(pbx.name)

    elsewhere = Site(Interrupted({}), Listening(), Stop())
    results = prove_legs(elsewhere, PBXS, ALL_PROVEN, concerning=["headquarters"], costs_are_agreed=True)

    assert [result.outcome for result in results] == [Outcome.UNKNOWN, Outcome.UNKNOWN]


def test_legs_that_were_not_asked_before_somebody_stopped_it_are_unknown() -> None:
    stopped = site({name: ScriptedHost(answers={"leg": ENCRYPTED}, name=name) for name in ALL_ENCRYPTED})
    stopped.stop.ask()

    (result,) = prove_legs(stopped, PBXS, ALL_PROVEN, concerning=["depot"], costs_are_agreed=True)

    assert {check.message for check in result.checks} == {CALLED_OFF}  # so that the run ends as an interrupted one
    assert result.outcome is Outcome.UNKNOWN


CUSTOMER = a_pbx("customer", trunks=(), provider_trunks=(a_provider_trunk(), a_provider_trunk("spare")))
REFUSED = (
    b"=== log\n[x] WARNING[1] y.c: '403' fatal response received from 'sip:z' on registration attempt to '%s', so\n"
)


def legs_of_customer(pbx: Pbx, answer: bytes | Completed, *came: Result) -> tuple[Result, ...]:
    hosts = {"customer": ScriptedHost(answers={"provider": answer}, name="customer")}
    results = came or came_of(customer=Outcome.PROVEN)
    return prove_legs(site(hosts), [pbx], list(results), concerning=["customer"], costs_are_agreed=True)


def test_each_trunk_to_a_provider_is_a_leg() -> None:
    results = legs_of_customer(CUSTOMER, REFUSED % b"sip:4930123@carrier.example.test")
    assert [(result.pbx, result.outcome, result.exit_code) for result in results] == [
        ("to-carrier", Outcome.NOT_PROVEN, 1),
        ("spare", Outcome.NOT_PROVEN, 1),
    ]
    assert [check.code for result in results for check in result.checks] == ["CALL-04", "CALL-04"]


@pytest.mark.parametrize(
    ("answer", "outcome"),
    [(broken("no memory"), Outcome.UNKNOWN), (refused("PUSH-01 there is no asterisk program"), Outcome.UNKNOWN)],
)
def test_a_leg_to_a_provider_that_cannot_be_asked_is_unknown(answer: Completed, outcome: Outcome) -> None:
    assert {result.outcome for result in legs_of_customer(CUSTOMER, answer)} == {outcome}


def test_a_leg_to_a_provider_of_a_pbx_that_is_not_proven_is_pending() -> None:
    results = legs_of_customer(CUSTOMER, b"", *came_of(customer=Outcome.REFUSED))
    assert {(result.outcome, result.exit_code) for result in results} == {(Outcome.PENDING, 0)}


def test_without_the_level_call_no_leg_is_checked_and_none_fails() -> None:
    silent = Verification(vantage=Vantage.OPERATOR, levels=frozenset({Level.STATE}))
    to_provider = legs_of_customer(replace(CUSTOMER, verification=silent), broken("not asked"))
    pbxs = [replace(pbx, verification=silent) for pbx in PBXS]
    to_peers = prove_legs(site({}), pbxs, ALL_PROVEN, concerning=["depot"], costs_are_agreed=True)

    for result in (*to_provider, *to_peers):
        assert (result.outcome, result.exit_code) == (Outcome.NOT_CHECKED, 0)
        assert {check.verdict for check in result.checks} == {Verdict.NOT_CHECKED}


def test_a_leg_that_one_end_alone_has_checked_is_not_proven() -> None:
    silent = Verification(vantage=Vantage.OPERATOR, levels=frozenset({Level.STATE}))
    hosts = {
        name: ScriptedHost(answers={"leg": ENCRYPTED, "heard": HEARD}, name=name) for name in ("headquarters", "depot")
    }
    pbxs = [HEADQUARTERS, BRANCH, replace(DEPOT, verification=silent)]
    (result,) = prove_legs(site(hosts), pbxs, ALL_PROVEN, concerning=["depot"], costs_are_agreed=True)
    assert result.outcome is Outcome.NOT_CHECKED


WITH_TEST_NUMBER = a_pbx("customer", trunks=(), provider_trunks=(a_provider_trunk(test_number="+4930111"),))


@pytest.mark.parametrize(
    ("standing", "codes", "outcome"),
    [
        (Verdict.PASSED, [("CALL-05", "passed"), ("CALL-06", "passed")], Outcome.PROVEN),
        (Verdict.PENDING, [("CALL-05", "pending"), ("CALL-06", "pending")], Outcome.PENDING),
        (Verdict.UNKNOWN, [("CALL-05", "unknown"), ("CALL-06", "unknown")], Outcome.UNKNOWN),
        (Verdict.FAILED, [("CALL-05", "unknown"), ("CALL-06", "unknown")], Outcome.NOT_PROVEN),
    ],
)
def test_a_test_number_is_called_only_where_the_provider_is_there_and_the_costs_are_agreed(
    monkeypatch: pytest.MonkeyPatch, standing: Verdict, codes: list[tuple[str, str]], outcome: Outcome
) -> None:
    def stands(*_: object) -> Check:
        question = Question(code="CALL-03", level=Level.CALL, subject="", vantage=Vantage.INSIDE)
        return replace(question.passed("so it is"), verdict=standing)

    monkeypatch.setattr(verify, "prove_provider", stands, raising=False)
    host = ScriptedHost(answers={"test_call": ENCRYPTED}, name="customer")

    def prove(*, costs_are_agreed: bool) -> Result:
        came = came_of(customer=Outcome.PROVEN)
        (result,) = prove_legs(
            site({"customer": host}),
            [WITH_TEST_NUMBER],
            came,
            concerning=["customer"],
            costs_are_agreed=costs_are_agreed,
        )
        return result

    pushed = prove(costs_are_agreed=False)
    assert [check.code for check in pushed.checks] == ["CALL-03"]
    assert host.verbs == []

    verified = prove(costs_are_agreed=True)
    assert [(check.code, check.verdict.value) for check in verified.checks[1:]] == codes
    assert verified.outcome is outcome
    assert host.verbs == (["test_call"] if standing is Verdict.PASSED else [])


def test_an_interruption_of_the_thread_that_waits_loses_no_result(monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("confgen.fleet.legs.wait", interrupted)
    watcher = Listening()
    hosts = {name: ScriptedHost(answers={"leg": ENCRYPTED, "heard": HEARD}, name=name) for name in ALL_ENCRYPTED}
    elsewhere = site(hosts, watcher)

    results = prove_legs(elsewhere, PBXS, ALL_PROVEN, concerning=["headquarters"], costs_are_agreed=False)

    assert elsewhere.stop.is_asked
    assert len(results) == 2
    assert sorted(watcher.ended, key=lambda result: result.pbx) == list(results)


def test_a_leg_of_which_nothing_was_asked_is_not_proven() -> None:
    assert outcome_of(()) is Outcome.UNKNOWN
