"""The benchmarks' product goes through the real transaction, its script run by this machine's own shell."""

from __future__ import annotations

import subprocess
from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from benchmarks import files_driver
from benchmarks.files_fleet import files_pbx, plug_in
from confgen.drivers import driver_of
from confgen.model.check import Check
from confgen.model.document import Document
from confgen.model.driver import Driver
from confgen.model.host import Command, Completed
from confgen.model.inventory import Pbx, SshAccess
from confgen.model.result import Outcome, Result
from confgen.model.stream import Refused, Stream
from confgen.model.terms import Terms
from confgen.push import push, rollback
from confgen.render import render

SSH = SshAccess(address="127.0.0.1", user=None, port=None, host_key=None, known_hosts=None, identity_file=None)

Prove = Callable[[Pbx, Collection[Document]], tuple[Check, ...]]


@dataclass
class Here:
    """Commands are run on this machine."""

    name: str = "here"
    verbs: list[str] = field(default_factory=list)

    def run(self, command: Command, /) -> Completed:
        self.verbs.append(command.argv[1])
        ran = subprocess.run(command.whole, input=command.stdin, capture_output=True, check=False)
        return Completed(exit_status=ran.returncode, stdout=ran.stdout, stderr=ran.stderr)

    def dial(self, _address: str, _port: int, _timeout: float, /) -> Stream:
        raise Refused("nothing listens")

    def again(self) -> None: ...


@pytest.fixture(autouse=True)
def plugged_in() -> None:
    plug_in()


def pushed(host: Here, folder: Path, edition: str, prove: Prove | None = None) -> Result:
    pbx = files_pbx("here", SSH, folder=str(folder), edition=edition)
    documents = render(files_driver.sources(pbx), {})
    proof: Prove = prove or (lambda as_pushed, wanted: tuple(files_driver.state(host, as_pushed, wanted)))
    return push(host, pbx, files_driver, documents, terms=Terms(), prove=proof, step=lambda _: None)


def editions(folder: Path) -> set[str]:
    """Of what is read under the names, in the first line of each."""
    return {path.read_text(encoding="utf-8").splitlines()[0].rpartition(" ")[2] for path in (folder / "etc").iterdir()}


def test_it_is_a_driver_like_any_other() -> None:
    driver: Driver = files_driver

    assert driver_of("files") is driver


def test_a_first_push_is_six_commands_and_one_where_nothing_differs_is_one(tmp_path: Path) -> None:
    host = Here()
    assert pushed(host, tmp_path / "pbx", "1").outcome is Outcome.PROVEN
    assert host.verbs == ["observe", "lock", "stage", "switch", "digests", "confirm"]
    host.verbs.clear()

    assert pushed(host, tmp_path / "pbx", "1").outcome is Outcome.UNCHANGED

    assert host.verbs == ["observe"]
    assert editions(tmp_path / "pbx") == {"1"}


def test_what_is_not_proven_is_undone(tmp_path: Path) -> None:
    pushed(Here(), tmp_path, "1")

    undone = pushed(Here(), tmp_path, "2", prove=lambda _pbx, _documents: ())

    assert undone.outcome is Outcome.UNDONE
    assert editions(tmp_path) == {"1"}
    assert not (tmp_path / "armed").exists()


def test_one_can_go_back(tmp_path: Path) -> None:
    host = Here()
    for edition in ("1", "2"):
        pushed(host, tmp_path, edition)
    pbx = files_pbx("here", SSH, folder=str(tmp_path))

    back = rollback(
        host, pbx, files_driver, None, terms=Terms(), step=lambda _: None,
        prove=lambda as_kept, kept: tuple(files_driver.state(host, as_kept, kept)),
    )  # fmt: skip

    assert back.outcome is Outcome.PROVEN
    assert editions(tmp_path) == {"1"}
