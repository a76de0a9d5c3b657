"""A change goes through a fleet as far as it may, and no PBX is begun after that."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from concurrent.futures import Executor, Future
from typing import Any

import pytest

from confgen.fleet.job import Job, Site, Task
from confgen.fleet.jobs import Jobs
from confgen.fleet.rollout import Rolled, roll_out
from confgen.fleet.selection import NoSuchPbx
from confgen.model.inventory import Inventory
from confgen.model.result import Outcome, Result
from confgen.model.terms import PARALLEL, Batch, Strategy
from tests.fleet.fakes import Hands, Weighed, jobs_of, names_of, told
from tests.fleet.test_legs import Listening
from tests.model.pbxs import a_pbx

FAILURES = [
    outcome for outcome in Outcome if outcome.value not in {"proven", "proven in part", "unchanged", "restored"}
]
ALL_AT_ONCE = (Batch(size=100, is_percent=True),)
TIMEOUT = 20  # seconds, for threads that should meet


def rolled(hands: Hands, names: Sequence[str], strategy: Strategy) -> Rolled:
    with hands.crew() as crew:
        return roll_out(crew, jobs_of(*names), strategy)


def test_every_pbx_is_done_and_told_and_results_are_in_the_inventorys_order() -> None:
    listening = Listening()
    hands = Hands(watcher=listening)
    names = names_of(40)

    came = rolled(hands, names, Strategy(canary=("pbx-0007",), batches=(Batch(size=1), Batch(size=50))))

    assert [result.pbx for result in came.results] == names
    assert hands.begun[0] == "pbx-0007"
    assert sorted(listening.begun) == names
    assert {result.pbx for result in listening.ended} == set(names)
    assert not came.was_stopped
    assert came.put_back == ()


@pytest.mark.parametrize("outcome", [Outcome.PROVEN, Outcome.REFUSED], ids=lambda outcome: outcome.value)
def test_no_job_is_held_before_it_is_begun_nor_after_its_end(outcome: Outcome) -> None:
    """Also where those that had succeeded are put back."""
    names = names_of(200)
    held: list[int] = []

    def job_of(name: str) -> Job:
        return Weighed(task=Task.PUSH, inventory=Inventory(pbxs=(a_pbx(name),), folder="."))

    hands = Hands(outcomes={names[-1]: outcome}, before=lambda _job, _site: held.append(Weighed.held()))
    with hands.crew() as crew:
        roll_out(crew, Jobs(names, job_of), Strategy(batches=ALL_AT_ONCE, undo_succeeded=True))

    assert len(hands.put_back) == (0 if outcome is Outcome.PROVEN else 199)
    assert max(held) <= 2 * PARALLEL


@pytest.mark.parametrize("outcome", FAILURES, ids=lambda outcome: outcome.value)
@pytest.mark.parametrize("most", [0, 5])
def test_a_canary_that_fails_in_any_way_stops_the_others(outcome: Outcome, most: int) -> None:
    hands = Hands(outcomes={"a": outcome})

    came = rolled(hands, ["a", "b", "c"], Strategy(batches=ALL_AT_ONCE, max_failures=most))

    assert told(came.results) == {"a": outcome.value}
    assert hands.begun == ["a"]
    assert came.was_stopped


@pytest.mark.parametrize("outcome", [Outcome.PROVEN, Outcome.PROVEN_IN_PART, Outcome.UNCHANGED, Outcome.RESTORED])
def test_what_succeeded_stops_nothing(outcome: Outcome) -> None:
    names = ["a", "b", "c"]

    assert set(told(rolled(Hands(outcomes=dict.fromkeys(names, outcome)), names, Strategy()).results)) == set(names)


@pytest.mark.parametrize(("most", "begun"), [(0, 2), (1, 3), (2, 6)])
def test_no_pbx_is_begun_once_more_have_failed_than_may(most: int, begun: int) -> None:
    hands = Hands(outcomes={"b": Outcome.UNDONE, "c": Outcome.UNKNOWN})

    came = rolled(hands, list("abcdef"), Strategy(max_failures=most))

    assert hands.begun == list("abcdef")[:begun]
    assert len(came.results) == begun


def test_after_an_undo_that_failed_no_budget_helps() -> None:
    hands = Hands(outcomes={"b": Outcome.UNDO_FAILED})

    came = rolled(hands, list("abcd"), Strategy(max_failures=10))

    assert hands.begun == ["a", "b"]
    assert came.was_stopped


def test_pbxs_of_a_batch_are_worked_on_at_the_same_time() -> None:
    together = threading.Barrier(4, timeout=TIMEOUT)

    def meet(job: Job, _site: Site) -> None:
        if job.pbx.name != "a":
            together.wait()

    came = rolled(Hands(before=meet), list("abcde"), Strategy(batches=(Batch(size=4),)))

    assert set(told(came.results).values()) == {"proven"}


def test_a_batch_is_begun_when_the_one_before_it_has_ended() -> None:
    lock = threading.Lock()
    under_way: set[str] = set()
    seen: list[frozenset[str]] = []

    def note(job: Job, _site: Site) -> None:
        with lock:
            under_way.add(job.pbx.name)
            seen.append(frozenset(under_way))
        together.wait()
        with lock:
            under_way.discard(job.pbx.name)

    together = threading.Barrier(3, timeout=TIMEOUT)
    rolled(Hands(before=note), list("abcdef"), Strategy(canary=("a", "b", "c"), batches=(Batch(size=3),)))

    batches = [frozenset("abc"), frozenset("def")]
    assert all(any(together <= batch for batch in batches) for together in seen)


def test_a_single_pbx_is_worked_on_in_the_thread_that_asks() -> None:
    hands = Hands()

    rolled(hands, ["a", "b"], Strategy())

    assert hands.threads == {threading.current_thread().name}


def test_a_failure_within_a_batch_keeps_what_still_waits_from_being_begun() -> None:
    names = names_of(200)
    first = names[1 : PARALLEL + 1]
    together = threading.Barrier(PARALLEL, timeout=TIMEOUT)

    def meet(job: Job, _site: Site) -> None:
        if job.pbx.name in first:
            together.wait()  # as many as there are hands have been begun, and none has ended

    hands = Hands(outcomes=dict.fromkeys(first, Outcome.REFUSED), before=meet)
    came = rolled(hands, names, Strategy(batches=ALL_AT_ONCE))

    assert sorted(hands.begun) == names[: PARALLEL + 1]
    assert [result.pbx for result in came.results] == names[: PARALLEL + 1]


class InOneInstant(Executor):
    """Does the first thing at once, then so many in one instant, and each of the others at once."""

    def __init__(self, number: int = PARALLEL) -> None:
        self._waits_for = [1, number]
        self._given: list[tuple[Future[Any], Any, Any]] = []

    def submit(self, perform: Any, /, *arguments: Any, **_: Any) -> Future[Any]:  # noqa: ANN401 -- as Executor has it
        future: Future[Any] = Future()
        self._given.append((future, perform, arguments))
        if len(self._given) == (self._waits_for[0] if self._waits_for else 1):
            given, self._given, self._waits_for = self._given, [], self._waits_for[1:]
            for one, does, with_these in given:
                one.set_result(does(*with_these))
        return future


@pytest.mark.parametrize(
    ("first", "second", "most"),
    [
        (Outcome.UNDONE, Outcome.UNKNOWN, 1),
        (Outcome.PROVEN, Outcome.REFUSED, 0),
        (Outcome.PROVEN, Outcome.UNDO_FAILED, 9),
    ],
)
def test_all_that_have_ended_are_counted_before_another_one_is_begun(
    first: Outcome, second: Outcome, most: int
) -> None:
    names = names_of(PARALLEL + 9)
    hands = Hands(outcomes={names[1]: first, names[2]: second}, executor=InOneInstant())

    came = rolled(hands, names, Strategy(batches=ALL_AT_ONCE, max_failures=most))

    assert came.was_stopped
    assert hands.begun == names[: 1 + PARALLEL]


def test_a_thousand_pbxs_need_no_more_threads_than_there_are_hands() -> None:
    before = threading.active_count()
    most = 0
    lock = threading.Lock()

    def count(_job: Job, _site: Site) -> None:
        nonlocal most
        with lock:
            most = max(most, threading.active_count())

    came = rolled(Hands(before=count), names_of(1000), Strategy(batches=ALL_AT_ONCE))

    assert len(came.results) == 1000
    assert most <= before + PARALLEL
    assert threading.active_count() == before


def test_a_canary_that_is_not_there_is_told_before_anything_is_begun() -> None:
    hands = Hands()

    with pytest.raises(NoSuchPbx):
        rolled(hands, ["a"], Strategy(canary=("z",)))
    assert hands.begun == []


def test_what_succeeded_is_put_back_to_what_it_had_when_the_budget_is_spent() -> None:
    hands = Hands(outcomes={"b": Outcome.UNCHANGED, "d": Outcome.UNDONE}, backwards={"c": Outcome.UNDONE})

    came = rolled(hands, list("abcde"), Strategy(undo_succeeded=True))

    assert told(came.results) == {"a": "proven", "b": "unchanged", "c": "proven", "d": "undone"}
    assert sorted(hands.put_back) == [("a", 4), ("c", 4)]
    assert told(came.put_back) == {"a": "proven", "c": "undone"}
    assert all(result.is_put_back for result in came.put_back)
    assert [result.pbx for result in came.put_back] == ["a", "c"]


def test_what_is_kept_of_one_that_was_put_back_is_kept_before_the_next_is_put_back() -> None:
    order: list[str] = []
    hands = Hands(outcomes={"c": Outcome.UNDONE}, executor=InOneInstant(1))
    hands.before = lambda job, _site: order.append(f"work on {job.pbx.name}")

    def keep(result: Result) -> Result:
        order.append(f"keep of {result.pbx}")
        return result

    with hands.crew() as crew:
        roll_out(crew, jobs_of("a", "b", "c"), Strategy(undo_succeeded=True), keep)

    assert order[-4:] == ["work on a", "keep of a", "work on b", "keep of b"]


@pytest.mark.parametrize("undo_succeeded", [True, False])
def test_nothing_is_put_back_while_failures_may_be(undo_succeeded: bool) -> None:  # noqa: FBT001, as pytest gives it
    hands = Hands(outcomes={"b": Outcome.UNDONE})

    came = rolled(hands, list("abc"), Strategy(undo_succeeded=undo_succeeded, max_failures=1))

    assert (came.put_back, hands.put_back) == ((), [])


def test_nothing_is_put_back_unasked() -> None:
    hands = Hands(outcomes={"b": Outcome.UNDONE})

    assert rolled(hands, list("abc"), Strategy()).put_back == ()


def test_once_somebody_stops_it_nothing_new_is_begun_and_what_is_under_way_ends() -> None:
    together = threading.Barrier(2, timeout=TIMEOUT)

    def stop(job: Job, site: Site) -> None:
        if job.pbx.name in "bc":
            together.wait()
        if job.pbx.name == "b":
            site.stop.ask()

    hands = Hands(before=stop)
    came = rolled(hands, list("abcdef"), Strategy(batches=(Batch(size=2),)))

    assert told(came.results) == {"a": "proven", "b": "proven", "c": "proven"}
    assert hands.begun[0] == "a"
    assert came.was_stopped


def test_whoever_stops_it_while_pbxs_are_put_back_is_told_which_were_not() -> None:
    def stop(job: Job, site: Site) -> None:
        if job.pbx.name == "c":
            site.stop.ask()

    hands = Hands(outcomes={"c": Outcome.UNDONE}, before=stop)
    came = rolled(hands, list("abc"), Strategy(undo_succeeded=True))

    assert told(came.put_back) == {"a": "interrupted", "b": "interrupted"}
    assert all("not put back" in result.message for result in came.put_back)
    assert hands.put_back == []


def test_who_is_told_of_a_beginning_is_told_of_its_end_before_the_next() -> None:
    listening = Listening()

    rolled(Hands(watcher=listening), list("abc"), Strategy())

    assert listening.begun == [result.pbx for result in listening.ended] == list("abc")


def test_the_way_back_of_a_pbx_that_confgen_had_never_pushed_to_is_generation_0() -> None:
    hands = Hands(outcomes={"b": Outcome.UNDONE}, generation=None)

    rolled(hands, list("ab"), Strategy(undo_succeeded=True))

    assert hands.put_back == [("a", 0)]
