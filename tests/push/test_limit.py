"""A PBX that takes too long is given up before its switch, and never after it."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import replace

import pytest

from confgen.model.api import ApiAnswer, ApiHost, ApiRequest
from confgen.model.host import Command, Completed, HostError
from confgen.model.result import Outcome
from confgen.model.shelf import Shelf
from confgen.push.limit import UNLIMITED, TimeLimit, TimeLimitReached
from confgen.verify.inside_ports import listening_ports
from tests.push.conftest import Transactions
from tests.remote.memory_shelf import MemoryShelf
from tests.toy.driver import documents
from tests.toy.host import Fault, ToyHost

LIMIT = 60.0  # seconds


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Callable[[float], None]:
    """Lets time pass."""
    now = [1000.0]
    monkeypatch.setattr(time, "monotonic", lambda: now[0])

    def passes(seconds: float) -> None:
        now[0] += seconds

    return passes


def late_at(verb: str, clock: Callable[[float], None]) -> Transactions:
    """A push on which the limit comes to its end while the host is busy with a verb."""
    host = ToyHost(at={verb: lambda: clock(LIMIT + 1)})
    return Transactions(host=host, limit=TimeLimit.of(LIMIT))


@pytest.mark.parametrize("verb", ["observe", "lock", "stage", "preflight"])
def test_before_the_switch_nothing_more_is_asked_and_the_pbx_is_as_it_was(
    verb: str, clock: Callable[[float], None]
) -> None:
    pushed = late_at(verb, clock)

    with pytest.raises(TimeLimitReached, match=r"^headquarters: given up after 60 s, before anything was switched"):
        pushed.push(documents("101"))

    assert pushed.host.objects == {}
    assert pushed.host.current is None
    assert pushed.host.holder is None
    assert not {"apply", "switched", "activate", "confirm"} & set(pushed.host.verbs)


def test_a_lock_whose_answer_comes_too_late_is_given_back(clock: Callable[[float], None]) -> None:
    pushed = late_at("lock", clock)
    pushed.host.faults["lock"] = Fault(error=HostError("no answer in time"), is_after=True)

    with pytest.raises(TimeLimitReached):
        pushed.push(documents("101"))

    assert pushed.host.holder is None


@pytest.mark.parametrize("verb", ["switched", "activate", "confirm"])
def test_from_the_switch_on_it_goes_to_its_end(verb: str, clock: Callable[[float], None]) -> None:
    result = late_at(verb, clock).push(documents("101"))

    assert result.outcome is Outcome.PROVEN


def test_an_undo_has_all_the_time_it_needs(clock: Callable[[float], None]) -> None:
    pushed = late_at("activate", clock)
    pushed.host.complaints = ["no"]

    result = pushed.push(documents("101"))

    assert result.outcome is Outcome.UNDONE
    assert pushed.host.objects == {}


def test_a_rollback_is_given_up_like_a_push(clock: Callable[[float], None]) -> None:
    pushed = Transactions()
    pushed.push(documents("101"))
    pushed.push(documents("101", "102"))
    pushed.limit = TimeLimit.of(LIMIT)
    pushed.host.at["stage_kept"] = lambda: clock(LIMIT + 1)

    with pytest.raises(TimeLimitReached):
        pushed.rollback()

    assert pushed.host.current == 2


def test_waiting_for_calls_to_end_is_not_counted_and_what_is_told_holds_it(clock: Callable[[float], None]) -> None:
    limit = TimeLimit.of(LIMIT)

    assert limit.and_waiting(600).remaining > 600
    clock(LIMIT + 601)
    with pytest.raises(TimeLimitReached, match="given up after 660 s"):
        limit.and_waiting(600).need_some_left(ToyHost())
    assert UNLIMITED.remaining == float("inf")


def test_each_command_has_what_is_left_and_no_more(clock: Callable[[float], None]) -> None:
    asked: list[float] = []

    class Host(ToyHost):
        def run(self, command: Command, /) -> Completed:
            asked.append(command.timeout)
            return Completed(exit_status=0, stdout=b"", stderr=b"")

    host = TimeLimit.of(LIMIT).on(Host())
    host.run(Command(argv=("a",), timeout=10))
    clock(LIMIT - 4)
    host.run(Command(argv=("b",), timeout=10))
    clock(4)
    with pytest.raises(TimeLimitReached):
        host.run(Command(argv=("c",), timeout=10))
    with pytest.raises(TimeLimitReached):
        host.again()

    assert asked == [10, 4]


def test_what_went_wrong_at_the_limit_is_told_as_well(clock: Callable[[float], None]) -> None:
    class Changed(ToyHost):
        def run(self, _command: Command, /) -> Completed:
            clock(LIMIT + 1)
            raise HostError("HOST KEY CHANGED")

    with pytest.raises(TimeLimitReached, match=r"given up after 60 s, .*; at last: HOST KEY CHANGED"):
        TimeLimit.of(LIMIT).on(Changed()).run(Command(argv=("a",)))


def test_nobody_goes_on_without_what_could_not_be_asked_for_lack_of_time(clock: Callable[[float], None]) -> None:
    class Deaf(ToyHost):
        def run(self, _command: Command, /) -> Completed:
            raise HostError("no answer")

    host = TimeLimit.of(LIMIT).on(Deaf())
    assert listening_ports(host) is None
    clock(LIMIT + 1)

    with pytest.raises(TimeLimitReached):
        listening_ports(host)


def test_what_else_goes_wrong_in_time_is_told_as_it_is() -> None:
    class Broken(ToyHost):
        def run(self, _command: Command, /) -> Completed:
            raise HostError("the connection was lost")

    with pytest.raises(HostError, match="the connection was lost"):
        TimeLimit.of(LIMIT).on(Broken()).run(Command(argv=("a",)))


def test_an_api_stays_one_and_each_request_has_what_is_left(clock: Callable[[float], None]) -> None:
    asked: list[ApiRequest] = []

    class Api(ToyHost):
        @property
        def shelf(self) -> Shelf:
            return MemoryShelf()

        def request(self, request: ApiRequest, /) -> ApiAnswer:
            asked.append(request)
            return ApiAnswer(status=200)

    host = TimeLimit.of(LIMIT).on(Api())
    assert isinstance(host, ApiHost)
    assert not isinstance(TimeLimit.of(LIMIT).on(ToyHost()), ApiHost)
    request = ApiRequest(method="GET", path="/a", timeout=30)
    host.request(request)
    clock(LIMIT - 1)
    host.request(request)

    assert asked == [request, replace(request, timeout=1)]
