"""`confgen bootstrap` prints a script for one host and contacts nothing, or has it run on each."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from confgen.load import Loaded
from confgen.model.bootstrap import Bootstrap
from confgen.model.inventory import Inventory, Pbx
from confgen.model.result import Outcome, Result
from tests.cli.conftest import Run
from tests.cli.fakes import FakeWork
from tests.drivers.asterisk.test_bootstrap import ENCODED, OPERATORS
from tests.model.pbxs import a_pbx
from tests.report.samples import ERROR


class OneInventory(FakeWork):
    """An inventory of the test's own."""

    def __init__(self, *pbxs: Pbx) -> None:
        super().__init__()
        self.inventory = Inventory(pbxs=pbxs, folder=".")

    def load(self, path: object, /) -> Loaded:
        self.asked.append(f"load {path}")
        return Loaded(inventory=self.inventory, findings=self.findings)


def reached(name: str, *, user: str | None, uses_sudo: bool) -> Pbx:
    pbx = a_pbx(name)
    return replace(pbx, ssh=replace(pbx.ssh, user=user, uses_sudo=uses_sudo))


HEADQUARTERS = reached("headquarters", user="deploy", uses_sudo=True)
BRANCH = reached("branch", user="deploy", uses_sudo=True)
DESK = reached("desk", user="root", uses_sudo=False)


def test_it_prints_the_script_of_one_pbx(run: Run) -> None:
    work = OneInventory(HEADQUARTERS, BRANCH)
    answer = run("bootstrap", "--limit", "branch", work=work)
    assert (answer.exit_code, answer.stdout) == (0, "#!/bin/sh\n")
    assert work.asked == ["load inventory.yaml", "bootstrap branch"]


def test_of_several_pbxs_one_must_be_chosen(run: Run) -> None:
    answer = run("bootstrap", work=OneInventory(HEADQUARTERS, BRANCH))
    assert answer.exit_code == 2
    assert "choose one with --limit, of headquarters, branch" in answer.stderr


def test_a_pbx_that_is_reached_as_root_has_a_script_too(run: Run) -> None:
    assert run("bootstrap", work=OneInventory(DESK)).stdout == "#!/bin/sh\n"


@pytest.mark.parametrize("option", [(), ("--install",)])
def test_a_right_for_nobody_is_refused(option: tuple[str, ...], run: Run) -> None:
    work = OneInventory(reached("desk", user=None, uses_sudo=True))
    answer = run("bootstrap", *option, work=work)
    assert (answer.exit_code, work.asked) == (2, ["load inventory.yaml"])
    assert "write ssh: {user: NAME, sudo: true} for desk" in answer.stderr


@pytest.mark.parametrize("option", [(), ("--install",)])
def test_a_user_is_created_only_where_confgen_is_not_root(option: tuple[str, ...], run: Run) -> None:
    work = OneInventory(DESK)
    answer = run("bootstrap", "--create-user", *option, work=work)
    assert (answer.exit_code, work.asked) == (2, ["load inventory.yaml"])
    assert "--create-user and --key are for a user through sudo" in answer.stderr


def test_on_request_every_host_is_prepared_and_what_was_done_is_said(run: Run) -> None:
    work = OneInventory(HEADQUARTERS, BRANCH, DESK)
    work.results = tuple(
        Result(pbx=pbx.name, outcome=Outcome.PREPARED, message="installed the script") for pbx in (HEADQUARTERS, BRANCH)
    )
    answer = run("bootstrap", "--install", work=work)
    assert answer.exit_code == 0
    assert answer.stdout.splitlines()[0] == "headquarters: prepared: installed the script"
    assert work.asked == ["load inventory.yaml", "install as None headquarters,branch,desk"]
    assert work.wanted == Bootstrap()


def test_who_root_is_there_and_whose_key_is_let_in_can_be_said(run: Run, tmp_path: Path) -> None:
    (tmp_path / "key.pub").write_text(f"{OPERATORS}\n")
    work = OneInventory(HEADQUARTERS, BRANCH)
    words = ("--install", "--as", "admin", "--create-user", "--key", str(tmp_path / "key.pub"), "-l", "branch")
    run("bootstrap", *words, work=work)
    assert work.asked == ["load inventory.yaml", "install as admin branch"]
    assert work.wanted == Bootstrap(creates_user=True, public_key=OPERATORS)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--as", "admin"), "--as goes with --install"),
        (("--install", "--as", "root@branch"), "no name of a user"),
        (("--install", "--as", "-oProxyCommand=x"), "no name of a user"),
        (("--key", "missing.pub"), "missing.pub: No such file"),
        (("--key", "private"), "private: this is a private key"),
    ],
)
def test_what_makes_no_sense_is_refused_before_anything_is_read(
    words: tuple[str, ...], said: str, run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "private").write_text(f"-----BEGIN OPENSSH PRIVATE KEY-----\n{ENCODED}\n")
    work = OneInventory(BRANCH)
    answer = run("bootstrap", *words, work=work)
    assert (answer.exit_code, work.asked) == (2, [])
    assert said in answer.stderr
    assert ENCODED not in answer.output


def test_an_inventory_with_errors_gives_no_script(run: Run) -> None:
    work = OneInventory(HEADQUARTERS)
    work.findings = (ERROR,)
    answer = run("bootstrap", work=work)
    assert answer.exit_code == 1
    assert "#!/bin/sh" not in answer.stdout
