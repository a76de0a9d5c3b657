"""Jobs are plain values, done on any executor, and whatever goes wrong is a result."""

from __future__ import annotations

import multiprocessing
import pickle
import threading
from concurrent.futures import Executor, Future, ProcessPoolExecutor, ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from confgen import fleet
from confgen.fleet import work
from confgen.fleet.crew import Room
from confgen.fleet.job import Job, Site, Task
from confgen.fleet.places import Places
from confgen.fleet.references import shared_references
from confgen.fleet.rollout import roll_out
from confgen.fleet.work import perform
from confgen.model.driver import PushRefused
from confgen.model.finding import Finding
from confgen.model.host import Command, Completed, Host, HostError
from confgen.model.inventory import Inventory, Pbx
from confgen.model.result import Outcome, Result
from confgen.model.saved import Origin, SavedPlan
from confgen.model.secret import SecretReference, SecretSource
from confgen.model.terms import Batch, Pace, Strategy, Terms
from confgen.push import Stopped
from tests.drivers.asterisk.scripted_host import ScriptedHost
from tests.fleet.fakes import Hands, Weighed, job_of, jobs_of, names_of, told
from tests.fleet.test_legs import FakeConnections, Listening
from tests.model.pbxs import a_pbx, a_trunk_end, an_extension
from tests.report.samples import FIRST_PUSH, PLANNED, PROVEN, UNDONE
from tests.report.test_saved_form import SAVED

INVENTORY = Inventory(
    pbxs=tuple(a_pbx(name) for name in ("headquarters", "branch", "depot")), folder=str(Path(__file__).parent)
)


@pytest.mark.parametrize("value", [*jobs_of("a", terms=Terms(wait_idle=3.0)), PLANNED, FIRST_PUSH, PROVEN, UNDONE])
def test_jobs_and_results_pickle(value: Job | Result) -> None:
    assert pickle.loads(pickle.dumps(value)) == value  # noqa: S301 -- our own


def test_a_push_runs_on_processes_as_well(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("KEY", raising=False)
    watcher = Listening()
    with ProcessPoolExecutor(max_workers=1, mp_context=multiprocessing.get_context("spawn")) as executor:
        results = fleet.push(
            INVENTORY,
            INVENTORY.pbxs,
            watcher,
            terms=Terms(),
            strategy=Strategy(canary=("branch", "depot"), batches=(Batch(size=9),)),
            executor=executor,
        )

    assert told(results) == {"branch": "refused", "depot": "refused"}  # for want of secrets, without a connection
    assert {finding.code for result in results for finding in result.findings} == {"SEC-01"}
    assert watcher.begun == ["branch", "depot"]


def test_an_executor_that_was_given_is_used_for_a_single_pbx_too_and_is_not_ended() -> None:
    with ThreadPoolExecutor(max_workers=1, thread_name_prefix="given") as executor:
        hands = Hands(executor=executor)
        with hands.crew() as crew:
            assert len(list(crew.each(jobs_of("a")))) == 1
        assert hands.threads == {"given_0"}
        assert executor.submit(int).result() == 0


def test_a_worker_that_dies_is_a_result_and_no_crash() -> None:
    def die(_job: Job, _site: Site) -> None:
        raise MemoryError("sentinel-4f1d")

    with Hands(before=die).crew() as crew:
        results = list(crew.each(jobs_of("a", "b")))

    assert told(results) == {"a": "unknown", "b": "unknown"}
    assert "sentinel" not in str(results)


def test_an_executor_that_takes_no_more_work_costs_nobody_elses_result() -> None:
    executor = ThreadPoolExecutor(max_workers=1)

    def end(job: Job, _site: Site) -> None:
        if job.pbx.name == "a":
            executor.shutdown(wait=False)

    with Hands(before=end, executor=executor).crew() as crew:
        results = list(crew.each(jobs_of("a", "b", "c"), room=Room.strict(1)))

    assert told(results) == {"a": "proven", "b": "unknown", "c": "unknown"}


@pytest.mark.parametrize(
    ("error", "outcome", "words"),
    [
        (HostError("nothing answers"), Outcome.UNKNOWN, "nothing answers"),
        (PushRefused(Finding(code="PUSH-10", message="no", mend="look")), Outcome.REFUSED, "refused"),
        (Stopped("interrupted"), Outcome.INTERRUPTED, "nothing was changed"),
        (KeyboardInterrupt(), Outcome.INTERRUPTED, "nothing was changed"),
        (KeyError("sentinel-4f1d"), Outcome.UNKNOWN, "KeyError"),
    ],
    ids=lambda value: type(value).__name__,
)
def test_whatever_goes_wrong_before_the_switch_is_the_pbxs_result(
    error: BaseException, outcome: Outcome, words: str
) -> None:
    class Broken(FakeConnections):
        def to(self, _pbx: Pbx) -> Host:
            raise error

    connections = Broken({})
    (job,) = jobs_of("a")

    result = perform(replace(job, task=Task.ROLLBACK), Site(connections, Listening(), fleet.Stop()))

    assert (result.pbx, result.outcome) == ("a", outcome)
    assert words in result.message
    assert "sentinel" not in repr(result)
    assert connections.released == ["a"]


def test_whoever_leaves_a_run_lets_what_is_under_way_come_to_its_end() -> None:
    begun = threading.Barrier(2, timeout=20)

    def wait_to_be_stopped(job: Job, site: Site) -> None:
        if job.pbx.name == "a":
            begun.wait()
            return
        begun.wait()
        while not site.stop.is_asked:
            pass

    hands = Hands(before=wait_to_be_stopped)

    def leave() -> None:
        with hands.crew() as crew:
            for _ in crew.each(jobs_of("a", "b", *names_of(40)), room=Room.strict(2)):
                raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        leave()
    assert sorted(hands.done) == ["a", "b"]


class OneOfEachSite(Places):
    """Room for one PBX of each site at once."""

    def __init__(self, threads: ThreadPoolExecutor) -> None:
        self._threads = threads
        self.busy: set[str | None] = set()
        self.is_given_up = False

    @property
    def is_lost(self) -> bool:
        return self.is_given_up

    def has_room(self, site: str | None) -> bool:
        return site not in self.busy

    def submit(self, perform: Any, /, *args: Any, **_: Any) -> Future[Any]:  # noqa: ANN401 -- as Executor has it
        job, site = args
        self.busy.add(job.pbx.site)
        future = self._threads.submit(perform, job, site)
        future.add_done_callback(lambda _: self.busy.discard(job.pbx.site))
        return future


def of_sites(*names: str) -> list[Job]:
    return [job_of(replace(a_pbx(name), site=name[:2])) for name in names]


def test_a_site_that_is_full_keeps_no_other_site_waiting() -> None:
    other_site = threading.Event()

    def do(job: Job, _site: Site) -> None:
        if job.pbx.name == "eu-1":
            assert other_site.wait(20), "us-1 waits for eu-2"
        if job.pbx.site == "us":
            other_site.set()

    with ThreadPoolExecutor(max_workers=4) as threads, Hands(before=do, executor=OneOfEachSite(threads)).crew() as crew:
        results = list(crew.each(of_sites("eu-1", "eu-2", "eu-3", "us-1", "us-2")))

    assert told(results) == dict.fromkeys(("eu-1", "eu-2", "eu-3", "us-1", "us-2"), "proven")


def test_nothing_is_begun_any_more_where_the_places_are_lost() -> None:
    with ThreadPoolExecutor(max_workers=4) as threads:
        places = OneOfEachSite(threads)

        def lose(_job: Job, _site: Site) -> None:
            places.is_given_up = True

        with Hands(before=lose, executor=places).crew() as crew:
            results = list(crew.each(of_sites("eu-1", "eu-2", "eu-3")))
    assert told(results) == {"eu-1": "proven"}


def test_hosts_that_do_not_answer_keep_no_others_waiting() -> None:
    room = Room.for_looking(2)

    assert room.has_place([], now=100)
    assert room.has_place([99.9], now=100)
    assert not room.has_place([99.9, 99.9], now=100)
    assert room.has_place([90.0, 99.9], now=100)  # one has taken too long to be counted
    assert not room.has_place([90.0, 99.9, 99.9], now=100)
    assert room.has_place([90.0] * 7, now=100)
    assert not room.has_place([90.0] * 8, now=100)  # and there is an end to it


def test_what_changes_pbxs_is_never_more_at_once_however_long_it_takes() -> None:
    assert not Room.strict(2).has_place([0.0, 0.0], now=1000)


def test_no_more_are_begun_than_results_are_taken() -> None:
    hands = Hands()

    with hands.crew() as crew:
        results = crew.each(jobs_of(*names_of(50)), room=Room.strict(3))
        next(results)
        next(results)
        begun = len(hands.begun)
        crew.site.stop.ask()

    assert begun <= 2 + 3


def test_a_plan_of_many_holds_no_more_jobs_than_are_under_way(monkeypatch: pytest.MonkeyPatch) -> None:
    held: list[int] = []

    def look(job: Job, _site: Site) -> Result:
        held.append(Weighed.held())
        return Result(pbx=job.pbx.name, outcome=Outcome.UNCHANGED, message="")

    monkeypatch.setattr(work, "Job", Weighed)
    monkeypatch.setattr(work, "perform", look)
    inventory = Inventory(pbxs=tuple(a_pbx(name) for name in names_of(200)), folder=".")

    results = fleet.plan(inventory, inventory.pbxs, Listening(), pace=Pace(parallel=2))

    assert [result.pbx for result in results] == names_of(200)
    assert max(held) <= 2 * Room.for_looking(2).most


def test_what_an_executor_hands_back_unbegun_when_somebody_stops_is_interrupted_and_not_unknown() -> None:
    class Stopping(Executor):
        def submit(self, _perform: object, /, *_: Any, **_named: object) -> Future[Any]:  # noqa: ANN401 -- its own
            stopped: Future[Any] = Future()
            stopped.set_exception(Stopped("interrupted"))
            return stopped

    with Hands(executor=Stopping()).crew() as crew:
        (result,) = crew.each(jobs_of("hq"))
    assert (result.outcome, result.message) == (Outcome.INTERRUPTED, "interrupted; nothing was changed")


def test_only_what_is_kept_of_a_result_stays() -> None:
    def keep(result: Result) -> Result:
        return replace(result, plan=None)

    with Hands().crew() as crew:
        results = roll_out(crew, jobs_of("a", "b", "c"), Strategy(batches=(Batch(size=9),)), keep).results

    assert [result.plan for result in results] == [None] * 3


def test_a_job_holds_no_more_of_a_saved_plan_than_its_own_pbx() -> None:
    jobs: list[Job] = []

    class Remembering(Executor):
        def submit(self, _perform: object, /, *arguments: Any, **_named: object) -> Future[Any]:  # noqa: ANN401 -- its own
            job = arguments[0]
            jobs.append(job)
            done: Future[Any] = Future()
            # No end of a leg that would have to be reached for its proof.
            done.set_result(Result(pbx=job.pbx.name, outcome=Outcome.RESTORED, message="done"))
            return done

    agreed = SavedPlan(
        origin=Origin(version="1", inventory="ab"),
        made_at="2026-01-01",
        pbxs=tuple(replace(SAVED.pbxs[0], name=pbx.name) for pbx in INVENTORY.pbxs[:2]),
    )
    fleet.push(
        INVENTORY,
        INVENTORY.pbxs,
        Listening(),
        terms=Terms(),
        strategy=Strategy(batches=(Batch(size=9),)),
        agreed=agreed,
        executor=Remembering(),
    )

    held = {job.pbx.name: [saved.name for saved in job.agreed.pbxs] for job in jobs if job.agreed is not None}
    assert held == {"headquarters": ["headquarters"], "branch": ["branch"], "depot": ["headquarters", "branch"]}


def test_a_pbx_is_asked_for_nothing_beyond_its_time_limit() -> None:
    asked: list[float] = []

    class Slow(ScriptedHost):
        def run(self, command: Command, /) -> Completed:
            asked.append(command.timeout)
            raise HostError("did not end")

    (job,) = jobs_of("a")
    site = Site(FakeConnections({"a": Slow(answers={})}), Listening(), fleet.Stop())

    result = perform(replace(job, task=Task.ROLLBACK, time_limit=0.5), site)

    assert result.outcome is Outcome.UNKNOWN
    assert 0 < asked[0] <= 0.5


@pytest.mark.parametrize("task", [Task.VERIFY, Task.PUSH])
def test_whoever_stops_it_after_the_last_pbx_is_told_that_its_legs_are_not_proven(
    task: Task, monkeypatch: pytest.MonkeyPatch
) -> None:
    stop = fleet.Stop()
    hq = a_pbx("hq", trunks=(a_trunk_end("hq-branch", "branch"),))
    pbxs = (hq, a_pbx("branch", trunks=(a_trunk_end("hq-branch", "hq"),)))
    inventory = Inventory(pbxs=pbxs, folder=".")

    def proven(job: Job, _site: Site) -> Result:
        if job.pbx.name == "branch":
            stop.ask()
        return replace(PROVEN, pbx=job.pbx.name)

    monkeypatch.setattr(work, "perform", proven)
    if task is Task.VERIFY:
        results = fleet.verify(inventory, pbxs, Listening(), stop=stop, pace=Pace(parallel=1))
    else:
        results = fleet.push(inventory, pbxs, Listening(), terms=Terms(), strategy=Strategy(), stop=stop)

    assert told(results) == {"hq": "proven", "branch": "proven", "hq-branch": "unknown"}


def test_what_more_than_one_pbx_refers_to_is_shared() -> None:
    own, shared = (SecretReference(SecretSource.ENVIRONMENT, (name,)) for name in ("OWN", "SHARED"))
    pbxs = [a_pbx("a", extensions=(an_extension("101", own_secret=own), an_extension("102", own_secret=shared)))]
    pbxs += [a_pbx("b", extensions=(an_extension("101", own_secret=shared),))]

    found = shared_references(pbxs)

    assert shared in found
    assert own not in found
