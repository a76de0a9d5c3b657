"""Whatever happens to a worker or to the scheduler is an answer, and what changes a PBX is begun once."""

from __future__ import annotations

from concurrent.futures import Future
from dataclasses import replace

import pytest

from confgen.fleet import Stop
from confgen.fleet.cluster.errors import NoWorker, WorkerLost
from confgen.fleet.cluster.executor import Cluster
from confgen.fleet.cluster.roster import Worker
from confgen.fleet.job import Job, Site, Task
from confgen.push import Stopped
from tests.fleet.cluster.links import FakeLink, greeting, worker
from tests.fleet.fakes import job_of
from tests.fleet.test_legs import FakeConnections, Listening
from tests.model.pbxs import a_pbx


class Clock:
    now = 0.0

    def __call__(self) -> float:
        return self.now


def perform(job: Job, _site: Site) -> str:
    return job.pbx.name


class Run:
    """A cluster whose looks a test makes, one by one."""

    def __init__(self, *workers: Worker) -> None:
        self.link = FakeLink.of(*workers)
        self.clock = Clock()
        self.stop = Stop()
        self.watcher = Listening()
        self.site = Site(FakeConnections({}), self.watcher, self.stop)
        self.cluster = Cluster(
            self.link,
            "run",
            [replace(each, token=f"token of {each.address}") for each in workers],
            sites={None, "eu"},
            folder="/srv/telephony",
            welcome=lambda told: told.demands_encryption,
            clock=self.clock,
        )

    def submit(self, task: Task, name: str = "hq", site: str | None = None) -> Future[str]:
        return self.cluster.submit(perform, job_of(replace(a_pbx(name), site=site), task=task), self.site)

    def look(self) -> None:
        self.cluster.take_in(0.001)
        self.cluster.look()

    def lose(self, address: str) -> None:
        del self.link.there[address]
        self.look()


def test_work_is_sent_to_one_worker_with_a_ticket_of_its_own_and_the_inventorys_folder_there() -> None:
    run = Run(worker("eu", site_eu=2), worker("anywhere"))
    answer = run.submit(Task.PUSH, site="eu")
    run.submit(Task.PUSH, "branch", site="eu")

    first, second = run.link.sent
    assert (first.worker.address, first.resource) == ("tls://eu:1", "site-eu")
    assert (first.ticket.run, first.ticket.worker) == ("run", "token of tls://eu:1")
    assert first.ticket.number != second.ticket.number
    _, work = first.parcel.opened()
    assert (work.pbx.name, work.inventory.folder) == ("hq", "/srv/telephony")
    assert not run.cluster.has_room("eu")
    first.comes_back("done")
    run.look()
    assert answer.result(timeout=0) == "done"
    assert run.cluster.has_room("eu")


@pytest.mark.parametrize("task", [Task.PUSH, Task.ROLLBACK])
def test_what_changes_a_pbx_is_not_begun_again_when_its_worker_dies(task: Task) -> None:
    run = Run(worker("one"), worker("two"))
    answer = run.submit(task)
    (sent,) = run.link.sent

    run.lose(sent.worker.address)

    assert len(run.link.sent) == 1
    assert sent.future.cancelled(), "so that the scheduler forgets it"
    with pytest.raises(WorkerLost, match="--resume"):
        answer.result(timeout=0)


@pytest.mark.parametrize("task", [Task.PLAN, Task.VERIFY, Task.EXAMINE])
def test_what_only_looks_is_given_to_another_worker_with_a_new_ticket(task: Task) -> None:
    run = Run(worker("one"), worker("two"))
    answer = run.submit(task)

    run.lose(run.link.sent[0].worker.address)

    first, second = run.link.sent
    assert first.worker != second.worker
    assert first.ticket.number != second.ticket.number
    second.comes_back("done")
    run.look()
    assert answer.result(timeout=0) == "done"


def test_what_only_looks_is_not_repeated_for_ever() -> None:
    run = Run(*(worker(name) for name in "abcdef"))
    answer = run.submit(Task.PLAN)
    for _ in range(3):
        run.lose(run.link.sent[-1].worker.address)
    assert len(run.link.sent) == 3
    with pytest.raises(WorkerLost):
        answer.result(timeout=0)


def test_a_process_that_came_in_the_place_of_another_is_greeted_before_it_is_given_anything() -> None:
    run = Run(worker("one"))
    answer = run.submit(Task.PUSH)
    run.link.greetings["tls://one:1"] = greeting("of the new process")

    run.link.sent[0].is_refused()  # Dask gave it to whoever had the address
    run.look()

    with pytest.raises(WorkerLost):
        answer.result(timeout=0)
    run.submit(Task.PUSH, "branch")
    assert run.link.sent[1].ticket.worker == "of the new process"


def test_a_worker_that_comes_later_is_used_where_it_is_welcome_and_else_left_alone() -> None:
    run = Run(worker("one", threads=1))
    run.submit(Task.PUSH)
    for late in (worker("good"), worker("clear"), worker("us", site_us=1)):  # of the last one nothing is needed
        run.link.there[late.address] = late
    run.link.greetings["tls://clear:1"] = greeting("x", demands_encryption=False)
    run.look()
    run.look()
    assert run.link.said == ["greet run tls://clear:1 tls://good:1"], "nobody is greeted again and again"
    for name in ("a", "b"):
        run.submit(Task.PUSH, name)
    assert [sent.worker.address for sent in run.link.sent[1:]] == ["tls://good:1"] * 2
    assert not run.cluster.has_room(None)


def test_a_scheduler_that_is_lost_ends_everything_under_way_and_nothing_new_is_begun() -> None:
    run = Run(worker("one"))
    pushed, planned = run.submit(Task.PUSH), run.submit(Task.PLAN, "branch")
    run.link.is_lost = True
    run.look()
    for answer in (pushed, planned):
        with pytest.raises(WorkerLost, match="scheduler"):
            answer.result(timeout=0)
    assert run.cluster.is_lost
    with pytest.raises(NoWorker):
        run.submit(Task.PUSH)
    run.cluster.end()
    assert run.link.said == [], "nobody can be told"


def test_an_answer_that_is_lost_takes_neither_its_worker_with_it_nor_what_that_does_besides() -> None:
    """Dask has it done again then, by the same process, which does not."""
    run = Run(worker("one", threads=4))
    pushed, planned, other = run.submit(Task.PUSH), run.submit(Task.PLAN, "branch"), run.submit(Task.PUSH, "lab")
    for sent in run.link.sent[:2]:
        sent.is_refused(sent.ticket.worker)
    run.look()
    with pytest.raises(WorkerLost, match="answer of the worker at tls://one:1 was lost; the PBX is wholly"):
        pushed.result(timeout=0)
    for sent in run.link.sent[2:]:
        sent.comes_back("done")
    run.look()
    assert (planned.result(timeout=0), other.result(timeout=0)) == ("done", "done")
    assert run.link.said == [], "the worker need not be greeted anew"


def test_a_ticket_is_good_for_a_minute_on_the_clock_of_its_worker_whatever_that_shows() -> None:
    run = Run(worker("one", threads=1))
    run.submit(Task.PUSH)
    run.clock.now = 1000.0
    run.link.there["tls://late:1"] = worker("late")
    run.link.greetings["tls://late:1"] = greeting("token", now=7.0)
    run.look()
    run.clock.now = 1010.0
    run.submit(Task.PUSH)
    assert [sent.ticket.until for sent in run.link.sent] == [60.0, 77.0]


def test_what_came_late_is_sent_anew_for_nobody_has_begun_it() -> None:
    run = Run(worker("one"))
    answer = run.submit(Task.PUSH)
    run.link.sent[0].is_late()
    run.look()
    first, second = run.link.sent
    assert first.ticket.number != second.ticket.number
    assert (first.priority, second.priority) == (0, 1), "another operator's next ones do not overtake it for ever"
    second.comes_back("done")
    run.look()
    assert answer.result(timeout=0) == "done"
    stopped = run.submit(Task.PUSH, "branch")
    run.stop.ask()
    run.link.sent[2].is_late()
    run.look()
    with pytest.raises(Stopped):
        stopped.result(timeout=0)


def test_what_somebody_else_cancels_takes_nothing_else_with_it() -> None:
    run = Run(worker("one"))
    cancelled, other = run.submit(Task.PUSH), run.submit(Task.PUSH, "branch")
    run.link.sent[0].future.cancel()
    run.look()
    with pytest.raises(WorkerLost, match="dropped by the cluster; the PBX is wholly"):
        cancelled.result(timeout=0)
    assert not run.cluster.is_lost
    run.link.sent[1].comes_back("done")
    run.look()
    assert other.result(timeout=0) == "done"


def test_a_link_that_broke_for_a_moment_is_lost_too() -> None:
    """Dask has dropped what was under way then, and connected anew: its answers never come."""
    run = Run(worker("one"))
    answer = run.submit(Task.PUSH)
    run.link.sent[0].future.cancel()
    run.link.is_lost = True
    run.look()
    assert run.cluster.is_lost
    with pytest.raises(WorkerLost, match="scheduler"):
        answer.result(timeout=0)


def test_a_scheduler_that_only_does_not_answer_is_borne_for_a_minute_and_then_lost() -> None:
    """As one that was stopped, or whose machine is so busy that nobody hears it: the connection holds."""
    run = Run(worker("one"))
    pushed = run.submit(Task.PUSH)
    run.link.is_silent = True
    run.stop.ask()
    run.clock.now = 59.0
    run.look()
    assert not pushed.done()
    assert run.link.said == [], "nobody is told through it, which takes its time"
    run.link.is_silent = False
    run.look()
    run.link.is_silent = True
    run.clock.now = 118.0
    run.look()
    assert not run.cluster.is_lost, "it was heard meanwhile"
    run.clock.now = 119.0
    run.look()
    with pytest.raises(WorkerLost, match="scheduler"):
        pushed.result(timeout=0)


def test_a_worker_that_gave_no_answer_is_greeted_again_after_a_while() -> None:
    run = Run(worker("one", threads=1))
    run.submit(Task.PUSH)
    run.link.there["tls://busy:1"] = worker("busy")
    run.link.greetings["tls://busy:1"] = "it did not answer in time"
    run.look()
    run.look()
    assert len(run.link.said) == 1
    del run.link.greetings["tls://busy:1"]
    run.clock.now = 31.0
    run.look()
    assert run.cluster.has_room(None)


def test_what_goes_wrong_in_watching_lets_nobody_wait() -> None:
    run = Run(worker("one"))
    answer = run.submit(Task.PUSH)
    run.link.there["tls://one:1"] = None  # type: ignore[assignment] # nothing that a worker can be
    run.cluster.begin()
    with pytest.raises(WorkerLost):
        answer.result(timeout=5)
    run.cluster.end()


def test_what_dask_itself_fails_is_told_without_its_words() -> None:
    run = Run(worker("one"))
    answer = run.submit(Task.PUSH)
    run.link.sent[0].future.set_exception(KeyError("sentinel-4f1d"))
    run.look()
    with pytest.raises(WorkerLost) as told:
        answer.result(timeout=0)
    assert "sentinel" not in str(told.value)
    assert not run.cluster.is_lost


def test_the_operators_word_to_stop_is_carried_to_the_workers_once() -> None:
    run = Run(worker("one"))
    run.submit(Task.PUSH)
    run.look()
    assert run.link.said == []
    run.stop.ask()
    run.look()
    run.look()
    assert run.link.said == ["halt run tls://one:1", "withdraw run token of tls://one:1 [1]"], "it has begun"


def test_what_was_sent_and_not_begun_is_interrupted_at_once_when_the_operator_stops() -> None:
    """Behind the work of another operator it would wait, and so would this one."""
    run = Run(worker("one"))
    begun, waiting = run.submit(Task.PUSH), run.submit(Task.PUSH, "branch")
    run.stop.ask()
    run.link.not_begun = None
    run.look()
    assert not waiting.done(), "nobody told"
    run.link.not_begun = (2,)
    run.look()
    with pytest.raises(Stopped):
        waiting.result(timeout=0)
    assert run.link.sent[1].future.cancelled()
    assert not begun.done()
    run.link.sent[0].comes_back("done")
    run.look()
    assert begun.result(timeout=0) == "done"


def test_what_only_looks_is_not_repeated_once_the_operator_stops() -> None:
    run = Run(worker("one"), worker("two"))
    answer = run.submit(Task.PLAN)
    run.stop.ask()
    run.lose(run.link.sent[0].worker.address)
    with pytest.raises(Stopped):
        answer.result(timeout=0)
    assert len(run.link.sent) == 1


def test_a_site_whose_last_worker_has_gone_is_given_up_after_a_while() -> None:
    run = Run(worker("eu", site_eu=1), worker("anywhere"))
    run.lose("tls://eu:1")
    assert not run.cluster.has_room("eu"), "a worker may come back"
    run.clock.now = 31.0
    assert run.cluster.has_room("eu"), "to be told that there is none"
    with pytest.raises(NoWorker, match="site eu"):
        run.submit(Task.PUSH, site="eu")


def test_a_worker_that_comes_and_goes_at_one_site_keeps_no_other_site_waiting() -> None:
    run = Run(worker("eu", site_eu=1), worker("anywhere"))
    run.lose("tls://eu:1")
    assert not run.cluster.has_room("eu")
    run.link.there["tls://late:1"] = worker("late")
    run.clock.now = 31.0
    run.look()
    assert run.cluster.has_room("eu"), "to be told that there is none"


def test_a_worker_that_pauses_is_given_nothing_and_what_it_has_not_begun_goes_to_another() -> None:
    """As one whose memory is nearly full: Dask sends it nothing then, for as long as that lasts."""
    run = Run(worker("one"))
    begun, waiting, planned = run.submit(Task.PUSH), run.submit(Task.PUSH, "branch"), run.submit(Task.PLAN, "lab")
    run.link.there["tls://one:1"] = replace(worker("one"), is_running=False)
    run.look()
    assert not run.cluster.has_room(None)
    run.link.there["tls://two:1"] = worker("two")
    run.link.not_begun = (2, 3)
    run.clock.now = 29.0
    run.look()
    assert len(run.link.sent) == 3, "it may go on"
    run.clock.now = 30.0
    run.look()
    assert [sent.worker.address for sent in run.link.sent[3:]] == ["tls://two:1"] * 2
    assert run.link.sent[1].future.cancelled()
    for sent in run.link.sent[3:]:
        sent.comes_back("done")
    run.look()
    assert (waiting.result(timeout=0), planned.result(timeout=0), begun.done()) == ("done", "done", False)


def test_where_the_last_worker_of_a_site_pauses_for_long_nobody_waits_for_it() -> None:
    run = Run(worker("eu", site_eu=2))
    waiting = run.submit(Task.PUSH, site="eu")
    run.link.there["tls://eu:1"] = replace(worker("eu", site_eu=2), is_running=False)
    run.link.not_begun = (1,)
    run.look()
    run.clock.now = 31.0
    run.look()
    with pytest.raises(NoWorker, match="nothing was begun"):
        waiting.result(timeout=0)
    run.link.there["tls://eu:1"] = worker("eu", site_eu=2)
    run.look()
    assert run.cluster.has_room("eu"), "it runs again"
    run.submit(Task.PUSH, site="eu")


def test_nobody_of_the_cluster_is_spoken_to_but_those_of_the_run_and_none_without_tls() -> None:
    """Others may have any confgen, and speak without TLS: of none has anything been asked."""
    run = Run(worker("one"))
    for other in (worker("us", site_us=1), replace(worker("clear"), address="ws://clear:1")):
        run.link.there[other.address] = other
    run.submit(Task.PUSH)
    run.stop.ask()
    run.look()
    run.cluster.end()
    assert [words.split()[0] for words in run.link.said] == ["halt", "withdraw", "farewell"]
    assert [words.split()[2:] for words in run.link.said[::2]] == [["tls://one:1"]] * 2


def test_steps_are_told_to_the_watcher() -> None:
    run = Run(worker("one"))
    run.cluster.step("hq", "before anything has begun")
    run.submit(Task.PUSH)
    run.cluster.step("hq", "looking")
    assert run.watcher.steps == [("hq", "looking")]


def test_a_worker_that_pauses_is_not_lost_and_one_that_has_paused_before_is_not_asked() -> None:
    run = Run(worker("one"))
    answer = run.submit(Task.PUSH)
    run.link.there["tls://one:1"] = replace(worker("one"), is_running=False)
    run.link.there["tls://two:1"] = replace(worker("two"), is_running=False)
    run.look()
    assert (answer.done(), run.link.said) == (False, [])
    run.link.there["tls://two:1"] = worker("two")
    run.look()
    assert run.link.said == ["greet run tls://two:1"]
