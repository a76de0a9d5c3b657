"""A run on a cluster, as it is asked for and told."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest

from confgen.fleet import Places
from confgen.model.cluster import SchedulerAccess
from confgen.model.driver import PushRefused
from confgen.model.finding import Finding
from confgen.model.inventory import Inventory, Pbx
from tests.cli.conftest import Run
from tests.cli.fakes import FakeWork
from tests.report.samples import FIRST_PUSH, PROVEN, UNDONE, UNREACHABLE

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


def test_a_rollback_whose_scheduler_is_lost_is_not_followed_by_a_push(run: Run) -> None:
    answer = run("rollback", *SCHEDULER, work=FakeWork(results=(PROVEN,), loses_scheduler=True))
    assert answer.exit_code == 4
    assert "--resume" not in answer.stderr
    assert "confgen history" in answer.stderr


def test_a_lost_scheduler_is_told_beside_what_is_graver(run: Run) -> None:
    results = (PROVEN, replace(UNREACHABLE, pbx="branch"), UNDONE, UNREACHABLE)
    answer = run("push", *SCHEDULER, work=FakeWork(results=results, loses_scheduler=True))
    assert answer.exit_code == UNDONE.exit_code
    assert "CLU-06" in answer.stderr


@pytest.mark.parametrize("error", [KeyboardInterrupt(), OSError(104, "Connection reset by peer")])
def test_what_goes_wrong_when_a_cluster_is_left_takes_no_answer_with_it(run: Run, error: BaseException) -> None:
    class HardToLeave(FakeWork):
        @contextmanager
        def on_cluster(self, access: SchedulerAccess, inventory: Inventory, pbxs: Sequence[Pbx], /) -> Iterator[Places]:
            with super().on_cluster(access, inventory, pbxs) as places:
                yield places
            raise error

    answer = run("push", *SCHEDULER, work=HardToLeave(results=(FIRST_PUSH,)))
    assert "1 PBX: 1 planned" in answer.stdout
