"""What a worker begins: each ticket once, and only its own."""

from __future__ import annotations

import pickle
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from types import SimpleNamespace

import pytest

from confgen import __version__
from confgen.fleet.cluster import at_work
from confgen.fleet.cluster.parcel import Greeting, NotBegun, Parcel, Ticket
from confgen.fleet.job import Job, Site
from confgen.model.secret import Secret
from tests.fleet.fakes import jobs_of

RUN = "5f1d" * 4
begun: list[str] = []


def note(job: Job, site: Site) -> str:
    begun.append(job.pbx.name)
    site.watcher.step(job.pbx.name, "looking")
    return f"done {job.pbx.name}"


def halt_and_tell(_job: Job, site: Site) -> bool:
    at_work.halt(RUN)
    return site.stop.is_asked


def tell_whether_stopped(_job: Job, site: Site) -> bool:
    return site.stop.is_asked


@dataclass
class Told:
    steps: list[tuple[str, list[str]]]

    def tell(self, topic: str, words: list[str]) -> None:
        self.steps.append((topic, words))


@pytest.fixture(autouse=True)
def told(monkeypatch: pytest.MonkeyPatch) -> Iterator[Told]:
    told = Told([])
    monkeypatch.setattr(at_work, "_teller", lambda: told.tell)
    begun.clear()
    yield told
    at_work.farewell(RUN)


def _party() -> SimpleNamespace:
    return SimpleNamespace(
        scheduler=SimpleNamespace(address="tls://192.0.2.1:8786"),
        listeners=[SimpleNamespace(contact_address="tls://192.0.2.2:9000")],
        security=SimpleNamespace(require_encryption=True),
    )


def greeted() -> Greeting:
    return at_work.greet(RUN, dask_worker=_party())


def ticket(number: int = 1) -> Ticket:
    told = greeted()
    return Ticket(run=RUN, worker=told.token, number=number, until=told.now + 60)


def parcel(perform: object = note) -> Parcel:
    (job,) = jobs_of("hq")
    return Parcel.packed(perform, job)  # type: ignore[arg-type]


def test_a_worker_tells_its_version_and_how_it_is_reached() -> None:
    told = greeted()
    assert (told.version, told.demands_encryption) == (__version__, True)
    assert told.addresses == ("tls://192.0.2.1:8786", "tls://192.0.2.2:9000")
    assert greeted().token == told.token


def test_a_ticket_is_good_for_one_beginning() -> None:
    """Dask gives a task that it thinks lost to a worker again: a push must not begin twice."""
    used = ticket()
    assert at_work.carry_out(used, parcel()) == "done hq"
    assert at_work.carry_out(used, parcel()) == NotBegun(token=used.worker)
    assert begun == ["hq"]
    assert at_work.carry_out(ticket(2), parcel()) == "done hq"


def test_a_ticket_that_comes_late_begins_nothing_then_nor_later() -> None:
    """A scheduler that hung hands on what the operator gave up long ago, and may have pushed otherwise since."""
    late = replace(ticket(), until=greeted().now - 0.1)
    assert at_work.carry_out(late, parcel()) == NotBegun(token=late.worker, is_late=True)
    again = at_work.carry_out(replace(late, until=late.until + 60), parcel())
    assert again == NotBegun(token=late.worker, is_late=True)
    assert begun == []


def test_a_ticket_of_another_process_begins_nothing() -> None:
    """As of one that had the same address, before it died and was started anew."""
    assert at_work.carry_out(replace(ticket(), worker="another"), parcel()) == NotBegun(token=greeted().token)
    assert begun == []


def test_a_ticket_of_a_run_that_is_over_or_never_greeted_begins_nothing() -> None:
    late = ticket()
    at_work.farewell(RUN)
    assert at_work.carry_out(late, parcel()) == NotBegun()
    anew = greeted()
    assert at_work.carry_out(late, parcel()) == NotBegun(token=anew.token), "an old ticket stays old"
    assert begun == []


def test_steps_are_told_with_the_run_they_belong_to(told: Told) -> None:
    at_work.carry_out(ticket(), parcel())
    assert told.steps == [(at_work.STEPS, [RUN, "hq", "looking"])]


def test_the_operators_word_to_stop_reaches_what_is_under_way_and_what_comes_late() -> None:
    assert at_work.carry_out(ticket(1), parcel(halt_and_tell)) is True
    assert at_work.carry_out(ticket(2), parcel(tell_whether_stopped)) is True


def test_a_ticket_that_is_withdrawn_is_not_begun_any_more_and_one_that_was_begun_cannot_be() -> None:
    begun_one, waiting = ticket(1), ticket(2)
    at_work.carry_out(begun_one, parcel())
    for _ in range(2):  # for the first word may not have been heard
        assert at_work.withdraw(RUN, waiting.worker, [1, 2]) == (2,)
    assert at_work.carry_out(waiting, parcel()) == NotBegun(token=waiting.worker, is_late=True)
    assert begun == ["hq"]


def test_a_process_vouches_for_no_other_and_for_no_run_that_it_does_not_know() -> None:
    """The one before it at this address may have begun anything."""
    greeted()
    assert at_work.withdraw(RUN, "another", [1]) == ()
    assert at_work.withdraw("unknown", "another", [1]) == ()


def test_a_parcel_shows_nothing_of_what_is_in_it() -> None:
    told = parcel()
    assert "hq" not in repr(told)
    assert pickle.loads(pickle.dumps(told)).content == told.content  # noqa: S301 -- our own


def test_a_resolved_secret_is_not_packed() -> None:
    with pytest.raises(TypeError, match="a resolved secret is not pickled"):
        Parcel.packed(note, Secret("sentinel-4f1d"))  # type: ignore[arg-type]


@dataclass
class Resolving:
    """As much of a Resolver as is asked."""

    is_stopped: Callable[[], bool]


def tell_resolver(_job: Job, site: Site) -> object:
    return site.resolver


def tell_resolver_of_another_beside(_job: Job, site: Site) -> tuple[object, object]:
    return site.resolver, at_work.carry_out(ticket(9), parcel(tell_resolver))


def test_secrets_are_asked_for_once_by_all_that_is_under_way_and_not_kept_when_nothing_is(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(at_work, "Resolver", Resolving)
    at_work.farewell(RUN)
    told = at_work.carry_out(ticket(1), parcel(tell_resolver_of_another_beside))
    later = at_work.carry_out(ticket(2), parcel(tell_resolver))
    assert isinstance(told, tuple)
    assert told[0] is told[1]
    assert isinstance(later, Resolving)
    assert later is not told[0]


def test_who_waits_for_a_secret_hears_that_the_operator_stops(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(at_work, "Resolver", Resolving)
    at_work.farewell(RUN)
    resolver = at_work.carry_out(ticket(1), parcel(tell_resolver))
    assert isinstance(resolver, Resolving)
    assert not resolver.is_stopped()
    at_work.halt(RUN)
    assert resolver.is_stopped()


def greet_many(_job: Job, _site: Site) -> None:
    for number in range(100):
        at_work.greet(f"run-{number}", dask_worker=_party())


def test_operators_that_went_without_a_farewell_take_nothing_from_one_that_is_at_work() -> None:
    mine = ticket()
    at_work.carry_out(mine, parcel(greet_many))
    assert greeted().token == mine.worker
    for number in range(100):
        at_work.farewell(f"run-{number}")


def test_only_so_many_runs_are_remembered() -> None:
    for number in range(200):
        at_work._runs.setdefault(f"run-{number}", at_work._Run("t"))  # noqa: SLF001
    greeted()
    assert len(at_work._runs) <= 64  # noqa: SLF001
    assert RUN in at_work._runs  # noqa: SLF001
