"""What the checks of a PBX without an inventory mean together, and how several are gone through."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager

import pytest

from confgen.fleet import Stop, verify_outside
from confgen.fleet.job import Silent
from confgen.fleet.outside import judged
from confgen.model.check import Check, Level, Vantage, Verdict
from confgen.model.depth import Depth
from confgen.model.outside import Outsider, Wanted
from confgen.model.result import Outcome, Result

ALL = frozenset(Level)
FOUR = (Level.TLS, Level.CLEAR, Level.DOWNGRADE, Level.CALL)
WANTED = Wanted(profile="baseline", authority=None, login=None, depth=Depth())


def check(level: Level, verdict: Verdict = Verdict.PASSED, code: str = "TLS-04") -> Check:
    return Check(code=code, level=level, subject="it", verdict=verdict, vantage=Vantage.OPERATOR, message="seen")


STATE_ABSENT = check(Level.STATE, Verdict.NOT_CHECKED, "OUT-01")
NO_CALLS = (check(Level.DOWNGRADE, Verdict.NOT_CHECKED, "OUT-04"), check(Level.CALL, Verdict.NOT_CHECKED, "OUT-05"))


@pytest.mark.parametrize(
    ("checks", "asked", "outcome", "words"),
    [
        (map(check, FOUR), ALL, Outcome.PROVEN, "proven: tls, clear, downgrade, call; absent: state"),
        (
            (check(Level.TLS), check(Level.CLEAR), check(Level.DOWNGRADE), *NO_CALLS),
            ALL,
            Outcome.PROVEN_IN_PART,
            "proven: tls, clear; not checked: calls; absent: state",
        ),
        (
            (check(Level.TLS),),
            {Level.TLS},
            Outcome.PROVEN_IN_PART,
            "proven: tls; not asked for: clear, downgrade, call; absent: state",
        ),
        (
            (*map(check, FOUR), check(Level.TLS, Verdict.NOT_CHECKED, "OUT-02")),
            ALL,
            Outcome.PROVEN_IN_PART,
            "proven: tls, clear, downgrade, call; not looked at: it; absent: state",
        ),
        ((check(Level.TLS), check(Level.TLS, Verdict.FAILED)), ALL, Outcome.NOT_PROVEN, "not proven"),
        (
            (check(Level.TLS), check(Level.CLEAR), check(Level.DOWNGRADE)),
            ALL,
            Outcome.PROVEN_IN_PART,
            "proven: tls, clear, downgrade; not checked: calls; absent: state",
        ),
        (
            (check(Level.TLS), check(Level.TLS, Verdict.UNKNOWN)),
            ALL,
            Outcome.UNKNOWN,
            "some of it could not be told: it: seen",
        ),
        (
            (check(Level.TLS, Verdict.FAILED), check(Level.TLS, Verdict.UNKNOWN)),
            ALL,
            Outcome.NOT_PROVEN,
            "not proven",
        ),
        (NO_CALLS, {Level.CALL}, Outcome.UNKNOWN, "nothing was checked"),
        ((), ALL, Outcome.UNKNOWN, "nothing was checked"),
    ],
)
def test_the_checks_mean_no_more_than_was_seen(
    checks: Sequence[Check], asked: frozenset[Level], outcome: Outcome, words: str
) -> None:
    assert judged((STATE_ABSENT, *checks), asked) == (outcome, words)


class Watching(Silent):
    """Remembers whom it was told of."""

    def __init__(self) -> None:
        self.told: list[str] = []

    def begin(self, pbx: str, /) -> None:
        self.told.append(f"{pbx} begun")

    def end(self, result: Result, /) -> None:
        self.told.append(f"{result.pbx} ended")


def nowhere(*_: object, **_more: object) -> list[object]:
    raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")


def test_a_host_that_does_not_resolve_is_unknown_in_one_line(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(socket, "getaddrinfo", nowhere)
    watcher = Watching()

    results = verify_outside([Outsider(host="a.test", name="a.test")], WANTED, watcher)

    assert [(result.pbx, result.outcome, result.message, result.checks) for result in results] == [
        ("a.test:5061", Outcome.UNKNOWN, "a.test does not resolve: Name or service not known", ())
    ]
    assert watcher.told == ["a.test:5061 begun", "a.test:5061 ended"]


def test_a_fault_of_ours_keeps_nobody_from_the_other_hosts(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(outsider: Outsider, *_: object, **_more: object) -> tuple[Check, ...]:
        if outsider.host == "a.test":
            raise ZeroDivisionError
        return tuple(map(check, FOUR))

    monkeypatch.setattr("confgen.fleet.outside.prove_outside", broken)
    both = [Outsider(host=host, name=host) for host in ("a.test", "b.test")]

    results = verify_outside(both, WANTED, Silent())

    assert [result.outcome for result in results] == [Outcome.UNKNOWN, Outcome.PROVEN]


def test_a_slow_host_keeps_nobody_from_calling_another(monkeypatch: pytest.MonkeyPatch) -> None:
    both_call = threading.Barrier(2)

    def slow(
        outsider: Outsider, *_: object, calling: Callable[[str], AbstractContextManager[object]], **_more: object
    ) -> tuple[Check, ...]:
        with calling(outsider.host):
            both_call.wait(5)  # breaks where only one may call
        return tuple(map(check, FOUR))

    monkeypatch.setattr("confgen.fleet.outside.prove_outside", slow)
    two = [Outsider(host=host, name=host) for host in ("192.0.2.1", "192.0.2.2")]

    assert [result.outcome for result in verify_outside(two, WANTED, Silent())] == [Outcome.PROVEN] * 2


def test_two_names_of_one_address_are_called_one_after_the_other(monkeypatch: pytest.MonkeyPatch) -> None:
    begun: list[str] = []

    def looked(
        outsider: Outsider, *_: object, calling: Callable[[str], AbstractContextManager[object]], **_more: object
    ) -> tuple[Check, ...]:
        with calling("192.0.2.1"):
            begun.append(outsider.name)
            time.sleep(0.02)
            begun.append(outsider.name)
        return tuple(map(check, FOUR))

    monkeypatch.setattr("confgen.fleet.outside.prove_outside", looked)
    verify_outside([Outsider(host=host, name=host) for host in ("a.test", "b.test")], WANTED, Silent())

    assert begun[0] == begun[1]
    assert begun[2] == begun[3]


def test_nothing_is_begun_once_somebody_asked_to_stop() -> None:
    stop = Stop()
    stop.ask()

    assert verify_outside([Outsider(host="a.test", name="a.test")], WANTED, Silent(), stop=stop) == ()
