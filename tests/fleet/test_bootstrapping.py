"""Hosts are prepared one after the other, as who may be root there; what went wrong on one is told and stops none."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest

from confgen.fleet import bootstrapping
from confgen.model.bootstrap import Bootstrap
from confgen.model.host import HostError
from confgen.model.inventory import Inventory, Pbx, SshAccess
from confgen.model.result import Outcome
from tests.drivers.asterisk.scripted_host import ScriptedHost, broken
from tests.fleet.test_legs import Listening
from tests.model.pbxs import a_pbx

SAID = b"bootstrap: installed the script\nbootstrap: made the key\nbootstrap: done\n"


def reached(name: str, user: str | None, *, uses_sudo: bool = False) -> Pbx:
    pbx = a_pbx(name)
    return replace(pbx, ssh=replace(pbx.ssh, user=user, uses_sudo=uses_sudo))


PBXS = (reached("headquarters", "deploy", uses_sudo=True), reached("branch", None), reached("depot", "admin"))
INVENTORY = Inventory(pbxs=PBXS, folder=".")


@pytest.fixture
def users(monkeypatch: pytest.MonkeyPatch) -> list[str | None]:
    """As whom each host was reached; the branch says no, and the depot cannot be reached."""
    seen: list[str | None] = []

    @contextmanager
    def connect(access: SshAccess, *, name: str, folder: Path) -> Iterator[ScriptedHost]:
        assert folder == Path()
        seen.append(access.user)
        if name == "depot":
            raise HostError("depot cannot be reached")
        yield ScriptedHost(answers={"install": broken("bootstrap: run this as root") if name == "branch" else SAID})

    monkeypatch.setattr(bootstrapping, "connect", connect)
    return seen


def test_each_is_told_and_none_keeps_the_next_from_being_prepared(users: list[str | None]) -> None:
    watcher = Listening()
    results = bootstrapping.install(INVENTORY, PBXS, watcher, wanted=Bootstrap(), user=None)
    assert [(result.outcome, result.exit_code) for result in results] == [
        (Outcome.PREPARED, 0),
        (Outcome.REFUSED, 1),
        (Outcome.UNKNOWN, 4),
    ]
    assert results[0].message == "installed the script; made the key"
    assert [finding.code for finding in results[1].findings] == ["PUSH-57"]
    assert watcher.begun == [result.pbx for result in watcher.ended] == ["headquarters", "branch", "depot"]
    assert users == ["root", None, "admin"]


def test_who_is_root_there_can_be_said_for_this_once(users: list[str | None]) -> None:
    bootstrapping.install(INVENTORY, PBXS, Listening(), wanted=Bootstrap(), user="admin")
    assert users == ["admin", "admin", "admin"]


def test_nobody_connects_to_a_host_on_which_nothing_is_installed(users: list[str | None]) -> None:
    pbx = a_pbx("site", kind="threecx", own_certificate=None)
    (result,) = bootstrapping.install(
        Inventory(pbxs=(pbx,), folder="."),
        (pbx,),
        Listening(),
        wanted=Bootstrap(creates_user=False, public_key=None),
        user=None,
    )
    assert (result.outcome, [finding.code for finding in result.findings]) == (Outcome.REFUSED, ["TCX-29"])
    assert users == []
