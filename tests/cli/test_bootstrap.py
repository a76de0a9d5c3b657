"""`confgen bootstrap` prints a script for one host, and contacts nothing."""

from __future__ import annotations

from dataclasses import replace

import pytest

from confgen.load import Loaded
from confgen.model.inventory import Inventory, Pbx
from tests.cli.conftest import Run
from tests.cli.fakes import FakeWork
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


def test_it_prints_the_script_of_one_pbx(run: Run) -> None:
    work = OneInventory(HEADQUARTERS, BRANCH)
    answer = run("bootstrap", "--limit", "branch", work=work)
    assert (answer.exit_code, answer.stdout) == (0, "#!/bin/sh\n")
    assert work.asked == ["load inventory.yaml", "bootstrap branch"]


def test_of_several_pbxs_one_must_be_chosen(run: Run) -> None:
    answer = run("bootstrap", work=OneInventory(HEADQUARTERS, BRANCH))
    assert answer.exit_code == 2
    assert "choose one with --limit, of headquarters, branch" in answer.stderr


@pytest.mark.parametrize(("user", "uses_sudo"), [("root", False), (None, True)])
def test_a_pbx_that_is_not_reached_through_sudo_needs_none(user: str | None, uses_sudo: bool, run: Run) -> None:  # noqa: FBT001 -- a case
    answer = run("bootstrap", work=OneInventory(reached("desk", user=user, uses_sudo=uses_sudo)))
    assert answer.exit_code == 2
    assert "write ssh: {user: NAME, sudo: true}" in answer.stderr


def test_an_inventory_with_errors_gives_no_script(run: Run) -> None:
    work = OneInventory(HEADQUARTERS)
    work.findings = (ERROR,)
    answer = run("bootstrap", work=work)
    assert answer.exit_code == 1
    assert "#!/bin/sh" not in answer.stdout
