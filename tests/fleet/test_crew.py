"""Jobs are plain values, done on any executor, and whatever goes wrong is a result."""

from __future__ import annotations

import multiprocessing
import pickle
import threading
from concurrent.futures import Future, ProcessPoolExecutor, ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from confgen import fleet
from confgen.fleet.crew import Room
from confgen.fleet.job import Job, Site, Task
from confgen.fleet.places import Places
from confgen.fleet.work import perform
from confgen.model.driver import PushRefused
from confgen.model.finding import Finding
from confgen.model.host import Host, HostError
from confgen.model.inventory import Inventory, Pbx
from confgen.model.result import Outcome, Result
from confgen.model.terms import Batch, Strategy, Terms
from confgen.push import Stopped
from tests.fleet.fakes import Hands, job_of, jobs_of, names_of, told
from tests.fleet.test_legs import FakeConnections, Listening
from tests.model.pbxs import a_pbx
from tests.report.samples import FIRST_PUSH, PLANNED, PROVEN, UNDONE

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
