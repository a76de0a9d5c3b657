"""A run on a cluster, as it is asked for and told."""

from __future__ import annotations

from pathlib import Path

import pytest

from confgen.model.driver import PushRefused
from confgen.model.finding import Finding
from tests.cli.conftest import Run
from tests.cli.fakes import FakeWork
from tests.report.samples import FIRST_PUSH, PROVEN

SCHEDULER = ("--scheduler", "tls://scheduler.example.net:8786")
CERTIFICATES = ("--cluster-ca", "ca.crt", "--cluster-cert", "me.crt", "--cluster-key", "me.key")


@pytest.mark.parametrize("command", ["plan", "push", "verify", "rollback"])
def test_the_work_is_done_where_the_scheduler_says(run: Run, command: str) -> None:
    work = FakeWork(results=(PROVEN,))
    assert run(command, *SCHEDULER, *CERTIFICATES, work=work).exit_code == 0
    assert work.scheduler is not None
    assert (work.scheduler.address, work.scheduler.key) == ("tls://scheduler.example.net:8786", Path("me.key"))
    assert work.executor is not None
    assert work.asked[-1] == "the cluster is left"


def test_without_a_scheduler_no_cluster_is_asked(run: Run) -> None:
    work = FakeWork(results=(PROVEN,))
    run("push", work=work)
    assert (work.scheduler, work.executor) == (None, None)


@pytest.mark.parametrize(
    "address", ["tcp://scheduler.example.net:8786", "scheduler.example.net:8786", "tls://scheduler.example.net", "ucx://a:1"]
)  # fmt: skip
def test_a_scheduler_is_reached_over_tls_only(run: Run, address: str) -> None:
    work = FakeWork()
    answer = run("push", "--scheduler", address, work=work)
    assert (answer.exit_code, work.asked) == (2, [])
    assert "tls://HOST:PORT" in answer.stderr


def test_certificates_without_a_scheduler_are_a_mistake(run: Run) -> None:
    assert run("push", *CERTIFICATES, work=FakeWork()).exit_code == 2


def test_a_host_without_an_inventory_is_looked_at_from_here(run: Run) -> None:
    assert run("verify", "--host", "sip.example.net", *SCHEDULER, work=FakeWork()).exit_code == 2


def test_what_is_in_the_way_is_told_and_nothing_is_begun(run: Run) -> None:
    finding = Finding(code="CLU-01", message="no worker of the site eu", mend="start one")
    work = FakeWork(cluster_refuses=PushRefused(finding))
    answer = run("push", *SCHEDULER, work=work)
    assert answer.exit_code == 1
    assert "CLU-01 no worker of the site eu" in answer.stdout + answer.stderr
    assert not any(asked.startswith("push") for asked in work.asked)


def test_what_came_of_it_is_said_before_the_cluster_is_left_which_may_take_its_time(run: Run) -> None:
    answer = run("push", *SCHEDULER, work=FakeWork(results=(PROVEN,), is_left_slowly=True))
    assert "headquarters" in answer.stdout
    assert answer.exit_code == 130


def test_a_run_whose_scheduler_is_lost_ends_with_4_and_says_how_to_go_on(run: Run) -> None:
    answer = run("push", *SCHEDULER, work=FakeWork(results=(FIRST_PUSH,), loses_scheduler=True))
    assert answer.exit_code == 4
    assert "CLU-06" in answer.stderr
    assert "--resume" in answer.stderr
    looked = run("verify", *SCHEDULER, work=FakeWork(results=(PROVEN,), loses_scheduler=True))
    assert (looked.exit_code, "--resume" in looked.stderr) == (4, False)
