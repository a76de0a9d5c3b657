"""What the inventory asks for is measured, and where it asks for nothing nothing is proven."""

from __future__ import annotations

import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import timedelta
from types import SimpleNamespace
from typing import cast

import pytest

from confgen.model import days
from confgen.model.check import Check, Level, Question, Vantage, Verdict
from confgen.model.driver import Driver
from confgen.model.host import HostError
from confgen.model.inventory import Pbx, Verification
from confgen.model.migration import Migration
from confgen.push.words import Stopped
from confgen.streams.tcp import Address
from confgen.verify import downgrade_level, tls_level
from confgen.verify.prove import local_address, prove
from tests.toy import driver as toy
from tests.toy.host import ToyHost
from tests.verify.conftest import target_at


def asking(pbx: Pbx, *levels: Level) -> Pbx:
    return replace(pbx, verification=Verification(vantage=Vantage.HOST, levels=frozenset(levels)))


def test_where_no_level_is_asked_for_it_is_unknown(pbx: Pbx) -> None:
    checks = prove(ToyHost(), asking(pbx), toy, toy.documents("101"), lambda _: None)
    assert [check.verdict for check in checks] == [Verdict.UNKNOWN]


def test_the_state_is_what_the_driver_tells(pbx: Pbx) -> None:
    host = ToyHost(objects={document.key: document.reveal() for document in toy.documents("101")})
    checks = prove(host, asking(pbx, Level.STATE), toy, toy.documents("101", "102"), lambda _: None)
    assert [check.verdict for check in checks] == [Verdict.PASSED, Verdict.FAILED]


@pytest.mark.parametrize("level", [Level.TLS, Level.DOWNGRADE, Level.CALL])
def test_a_level_that_finds_nobody_is_unknown(pbx: Pbx, level: Level) -> None:
    steps: list[str] = []
    checks = prove(ToyHost(), asking(pbx, level), toy, (), steps.append)
    assert {check.verdict for check in checks} == {Verdict.UNKNOWN}
    assert {check.level for check in checks} == {level}
    assert steps == [f"proving {level.value}"]


@pytest.mark.parametrize(("left", "is_waived"), [(1, True), (0, True), (-1, False)])
def test_a_waiver_that_a_kept_generation_carries_holds_up_to_its_last_day(
    pbx: Pbx, left: int, *, is_waived: bool
) -> None:
    asked: list[Pbx] = []

    def state(_host: object, as_kept: Pbx, _documents: object) -> Sequence[Check]:
        asked.append(as_kept)
        return ()

    until = days.today() + timedelta(days=left)
    kept = replace(pbx, migration=Migration(extensions=("101",), owner="Ann", until=until, place=pbx.place))
    driver = cast("Driver", SimpleNamespace(**{**vars(toy), "state": state}))

    prove(ToyHost(), asking(kept, Level.STATE), driver, toy.documents("101"), lambda _: None)

    assert [one.migration is not None for one in asked] == [is_waived]


def test_only_a_call_loads_what_media_needs() -> None:
    """They cost a tenth of what confgen takes to start, and a plan, or a push without the level, needs none of it."""
    program = (
        "import sys; import confgen.cli.commands.verify, confgen.fleet.work, confgen.verify;"
        "before = {'OpenSSL', 'pylibsrtp'} & set(sys.modules);"
        "import confgen.verify.call_level;"
        "print(sorted(before), sorted({'OpenSSL', 'pylibsrtp'} & set(sys.modules)))"
    )
    answer = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert answer.stdout.strip() == "[] ['OpenSSL', 'pylibsrtp']"


def test_a_fault_of_our_own_takes_no_other_part_with_it_and_tells_no_secret(
    pbx: Pbx, monkeypatch: pytest.MonkeyPatch
) -> None:
    def state(*_: object) -> Iterator[Check]:
        yield Question(code="STATE-01", level=Level.STATE, subject="pbx", vantage=Vantage.INSIDE).failed("gone", "push")
        raise ValueError("correct horse")

    def called(*_: object) -> Iterator[Check]:
        yield Question(code="SRTP-05", level=Level.DOWNGRADE, subject="pbx", vantage=Vantage.HOST).passed("seen")

    def looked(*_: object) -> Iterator[Check]:
        raise UnicodeError("correct horse")

    monkeypatch.setattr(downgrade_level, "downgrade_checks", called)
    monkeypatch.setattr(tls_level, "tls_checks", looked)
    driver = cast("Driver", SimpleNamespace(**{**vars(toy), "state": state}))
    asked = asking(pbx, Level.STATE, Level.TLS, Level.DOWNGRADE)
    found = prove(ToyHost(), asked, driver, toy.documents("101"), lambda _: None)

    assert [(check.code, check.level, check.verdict) for check in found] == [
        ("STATE-01", Level.STATE, Verdict.FAILED),
        ("STATE-20", Level.STATE, Verdict.UNKNOWN),
        ("STATE-20", Level.TLS, Verdict.UNKNOWN),
        ("SRTP-05", Level.DOWNGRADE, Verdict.PASSED),
    ]
    assert "ValueError in state" in found[1].message
    assert not [check for check in found if "horse" in check.message]


@pytest.mark.parametrize("error", [HostError("gone"), Stopped()])
def test_what_is_said_to_whoever_runs_it_passes_through(pbx: Pbx, error: Exception) -> None:
    def state(*_: object) -> Iterator[Check]:
        raise error

    driver = cast("Driver", SimpleNamespace(**{**vars(toy), "state": state}))
    with pytest.raises(type(error)):
        prove(ToyHost(), asking(pbx, Level.STATE), driver, toy.documents("101"), lambda _: None)


def test_our_own_address_is_of_the_first_family_that_leads_there(monkeypatch: pytest.MonkeyPatch) -> None:
    nowhere = (socket.AF_INET6, socket.SOCK_DGRAM, 17, "", ("2001:db8::1", 5061, 0, 0))
    there = (socket.AF_INET, socket.SOCK_DGRAM, 17, "", ("127.0.0.5", 5061))

    class Unrouted(socket.socket):
        def connect(self, address: object) -> None:
            if "2001:db8::1" in str(address):
                raise OSError(101, "Network is unreachable")

    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: [nowhere, there])
    monkeypatch.setattr(socket, "socket", Unrouted)
    monkeypatch.setattr(Unrouted, "getsockname", lambda _: ("192.0.2.9", 40000))
    assert local_address(target_at(Address(host="pbx.example.test", port=5061))) == "192.0.2.9"


def test_the_sockets_are_looked_at_before_any_call_of_ours_is_up(pbx: Pbx, monkeypatch: pytest.MonkeyPatch) -> None:
    begun: list[str] = []

    def state(*_: object) -> Iterator[Check]:
        begun.append("state")
        time.sleep(0.05)
        yield question(Level.STATE)
        begun.append("state told")

    def called(*_: object) -> Iterator[Check]:
        begun.append("call")
        yield question(Level.DOWNGRADE)

    def question(level: Level) -> Check:
        return Question(code="CLEAR-02", level=level, subject="pbx", vantage=Vantage.INSIDE).passed("seen")

    monkeypatch.setattr(downgrade_level, "downgrade_checks", called)
    driver = cast("Driver", SimpleNamespace(**{**vars(toy), "state": state}))
    found = prove(ToyHost(), asking(pbx, Level.STATE, Level.DOWNGRADE), driver, toy.documents("101"), lambda _: None)

    assert begun == ["state", "state told", "call"]
    assert [check.level for check in found] == [Level.STATE, Level.DOWNGRADE]
