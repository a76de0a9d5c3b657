"""However little of a PBX can be asked, all that can be is told."""

from __future__ import annotations

from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from confgen.fleet.connections import Connections
from confgen.fleet.examining import examine_one, judged
from confgen.model.check import Vantage
from confgen.model.found import Found
from confgen.model.host import HostError
from confgen.model.inventory import Inventory, Pbx
from confgen.model.result import Outcome, Result
from confgen.model.stream import Refused, Stream, TimedOut
from tests.drivers.asterisk.test_examination import a_host
from tests.model.pbxs import a_pbx

PBX = a_pbx()


def opened(_address: str, _port: int, _timeout: float) -> Stream:
    return SimpleNamespace(close=lambda: None)


def closed(_address: str, _port: int, _timeout: float) -> Stream:
    raise Refused("nothing listens")


def silent(_address: str, _port: int, _timeout: float) -> Stream:
    raise TimedOut("silent")


def unreachable(*_words: object, **_named: object) -> Any:  # noqa: ANN401 -- never anything
    error = HostError("nobody answers at 192.0.2.11:22")
    error.code = "SSH-01"
    raise error


def examined(dial: Any, outward: Any = opened, pbx: Pbx = PBX) -> Result:  # noqa: ANN401 -- functions
    with ExitStack() as stack:
        connections = Connections(Inventory(pbxs=(pbx,), folder=str(Path())), stack, dial=dial)
        return examine_one(connections, pbx, lambda _words: None, outward=outward)


def subjects(result: Result, *, is_ok: bool | None) -> list[str]:
    return [found.subject for found in result.found if found.is_ok is is_ok]


def connecting(*_words: object, **_named: object) -> Any:  # noqa: ANN401 -- a host that can be closed
    host = a_host()
    host.close = lambda: None  # type: ignore[attr-defined]
    return host


def test_a_pbx_is_asked_by_its_driver_and_knocked_at() -> None:
    result = examined(connecting)
    told = {found.subject: found.found for found in result.found}
    assert {"connection", "version", "rights", "from here"} <= told.keys()
    assert told["from here"] == "the port of SIP over TLS, 5061, takes connections"
    assert result.outcome is Outcome.FAULTY  # files that somebody changed by hand


def test_a_pbx_that_cannot_be_reached_is_knocked_at_all_the_same() -> None:
    result = examined(unreachable)
    assert (result.outcome, result.exit_code) == (Outcome.UNKNOWN, 4)
    assert [(found.subject, found.code) for found in result.found if found.is_ok is None] == [("connection", "SSH-01")]
    assert subjects(result, is_ok=True) == ["from here"]


@pytest.mark.parametrize(("outward", "is_ok"), [(opened, True), (closed, True), (silent, None)])
def test_a_door_that_stays_silent_is_not_told(outward: Any, *, is_ok: bool | None) -> None:  # noqa: ANN401
    assert "from here" in subjects(examined(unreachable, outward), is_ok=is_ok)


def test_a_pbx_that_is_proven_from_its_host_is_not_knocked_at() -> None:
    pbx = replace(PBX, verification=replace(PBX.verification, vantage=Vantage.HOST))

    def nobody(*_words: object) -> Stream:
        raise AssertionError("somebody knocked")

    assert "not tried" in next(
        one.found for one in examined(unreachable, nobody, pbx).found if one.subject == "from here"
    )


@pytest.mark.parametrize(
    ("found", "outcome", "message"),
    [
        ((True, True), Outcome.SOUND, "2 things looked at"),
        ((True, None), Outcome.UNKNOWN, "1 not told"),
        ((False, True), Outcome.FAULTY, "1 thing wrong"),
        ((False, None, False), Outcome.FAULTY, "2 things wrong, 1 not told"),
        ((), Outcome.UNKNOWN, "nothing was looked at"),
    ],
)
def test_unknown_is_not_well(found: tuple[bool | None, ...], outcome: Outcome, message: str) -> None:
    assert judged([Found(subject="a", found="b", is_ok=is_ok) for is_ok in found]) == (outcome, message)
