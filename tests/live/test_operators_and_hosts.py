"""What the operator sees when the link, Asterisk or another operator comes between, and what the host makes of it."""

from __future__ import annotations

import json
import re
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import pytest

from lab.host import Host
from tests.live.company import each_at_once
from tests.live.kill_points import Point, wait_until
from tests.live.killed import UNDO_AFTER, Killed, KilledPbxs, killed_pbxs

_SWITCHED = Point(command="activate", where="before")
_STAGING = Point(command="stage", where="before")
_RECORD = "/etc/confgen/asterisk.undone"
_ASTERISK = "/usr/sbin/asterisk"
_OWNER = re.compile(r"[a-z]+@\S+")
_WRITTEN = "find /etc /usr/local /var/lib /run ! -path '/run/stopping.*' -printf '%p %T@ %C@ %s %i %m %U %G\\n'"
_OTHERS = (
    "/run/systemd/",
    "/run/asterisk/",  # its canary sings every five seconds
    "/run/log/",
    "/run/user",
    "/run/utmp",
    "/run/motd.dynamic",
    "/var/lib/asterisk/",
    "/var/lib/systemd/",
)


@pytest.fixture(scope="module")
def pbxs(tmp_path_factory: pytest.TempPathFactory) -> Iterator[KilledPbxs]:
    with killed_pbxs("parted", tmp_path_factory.mktemp("parted")) as pbxs:
        yield pbxs


@contextmanager
def free(pbxs: KilledPbxs, name: str) -> Iterator[Killed]:
    """A PBX that no operator holds, before and after."""
    with pbxs.settled(name) as one:
        try:
            yield one
        finally:
            one.release()
            wait_until(lambda: not _is_held(one), 40)


@pytest.fixture(params=["new", pytest.param("aged", marks=pytest.mark.full)], ids=["22", "16"])
def pbx(pbxs: KilledPbxs, request: pytest.FixtureRequest) -> Iterator[Killed]:
    with free(pbxs, request.param) as one:
        yield one


def on_both(test: Callable[[Killed], None]) -> Callable[[KilledPbxs], None]:
    """The same on 22 and on 16, at the same time: most of it is waiting."""

    def at_once(pbxs: KilledPbxs) -> None:
        def on_one(name: str) -> None:
            with free(pbxs, name) as pbx:
                test(pbx)

        each_at_once(on_one, ("new", "aged"))

    return at_once


def _is_held(pbx: Killed) -> bool:
    told = pbx.host.run(["cat", "/run/confgen-asterisk.lease"]).stdout.decode().split()
    return bool(told) and float(told[told.index("until") + 1]) > float(pbx.host.read("/proc/uptime").split()[0])


@dataclass(frozen=True, slots=True, kw_only=True)
class Ended:
    """How an operator's push ended."""

    code: int
    told: str
    seconds: float

    @property
    def pbx(self) -> dict[str, Any]:
        found: dict[str, Any] = json.loads(self.told)["pbxs"][0]
        return found

    def mends(self) -> dict[str, str]:
        return {finding["code"]: finding["mend"] for finding in self.pbx["findings"]}


@contextmanager
def stopped(pbx: Killed, point: Point, undo_after: int, *, restarts: bool = False) -> Iterator[subprocess.Popen[bytes]]:
    """An operator who is about to run a command."""
    pbx.company.inventory.write_text(pbx.another(restarts=restarts), encoding="utf-8")
    pbx.stopping.at(point)
    with pbx.operator(undo_after) as operator:
        assert pbx.stopping.wait(operator)
        yield operator
        operator.kill()
    pbx.company.inventory.write_text(pbx.text, encoding="utf-8")


def ended(operator: subprocess.Popen[bytes], since: float, timeout: float = 100) -> Ended:
    told = operator.communicate(timeout=timeout)[0].decode()
    return Ended(code=operator.returncode, told=told, seconds=time.monotonic() - since)


def hang(host: Host) -> None:
    """Asterisk runs and answers nothing any more."""
    host.run(["sh", "-c", 'kill -STOP "$(systemctl show -p MainPID --value asterisk)"'], check=True)


@contextmanager
def damaged_asterisk(host: Host) -> Iterator[None]:
    """What runs goes on; it will not start again."""
    host.run(
        [
            "sh",
            "-c",
            f"cp -p {_ASTERISK} /root/whole && rm {_ASTERISK} && echo broken >{_ASTERISK} && chmod 755 {_ASTERISK}",
        ],
        check=True,
    )
    try:
        yield
    finally:
        host.run(["cp", "-p", "/root/whole", _ASTERISK], check=True)


@pytest.mark.full
@on_both
def test_a_hung_asterisk_is_undone_by_the_host_alone_within_a_bounded_time(pbx: Killed) -> None:
    old = pbx.listing()
    with stopped(pbx, _SWITCHED, UNDO_AFTER) as operator:
        operator.kill()
        hang(pbx.host)
        pbx.stopping.go()
        seconds = wait_until(lambda: pbx.left() == "", UNDO_AFTER + 60)
    verified = pbx.verify(pbx.text)

    assert pbx.listing() == old
    assert seconds < UNDO_AFTER + 50
    assert verified.code == 0, verified.told
    assert "PUSH-43" in verified.out
    assert "neither proven" not in verified.out


@pytest.mark.full
@on_both
def test_a_hung_asterisk_is_found_and_undone_by_the_operator_within_the_time_of_a_push(pbx: Killed) -> None:
    old = pbx.listing()
    with stopped(pbx, _SWITCHED, 60) as operator:
        hang(pbx.host)
        since = time.monotonic()
        pbx.stopping.go()
        push = ended(operator, since)
    verified = pbx.verify(pbx.text)

    assert push.code == 5, push.told
    assert push.seconds < 75
    assert pbx.listing() == old
    assert verified.code == 0, verified.told


@pytest.mark.full
@on_both
def test_a_link_that_comes_back_after_the_hosts_own_undo_is_told_as_that(pbx: Killed) -> None:
    old = pbx.listing()
    with stopped(pbx, _SWITCHED, UNDO_AFTER) as operator:
        with pbx.company.lab.filtered(pbx.host, [22]):
            since = time.monotonic()
            pbx.stopping.go()
            wait_until(lambda: pbx.left() == "", UNDO_AFTER + 8)
        push = ended(operator, since)
    verified = pbx.verify(pbx.text)

    assert push.code == 5, push.told
    assert push.pbx["outcome"] == "undone"
    assert "the host went back by itself at" in push.pbx["message"]
    assert pbx.listing() == old
    assert verified.code == 0, verified.told


@pytest.mark.full
@on_both
def test_a_link_that_stays_dead_is_left_to_the_host_soon_after_its_undo(pbx: Killed) -> None:
    old = pbx.listing()
    with stopped(pbx, _SWITCHED, 20) as operator:
        with pbx.company.lab.filtered(pbx.host, [22]):
            since = time.monotonic()
            pbx.stopping.go()
            push = ended(operator, since)
        wait_until(lambda: pbx.left() == "", 10)
    planned = pbx.company.confgen("plan", "--limit", pbx.name)
    verified = pbx.verify(pbx.text)

    assert push.code == 4, push.told
    assert push.pbx["outcome"] == "left to the host"
    assert push.seconds < 20 + 15 + 12
    assert pbx.listing() == old
    for told in (planned.out, verified.out):
        assert "PUSH-43" in told
        assert "not confirmed within 20 s" in told
        assert _OWNER.search(told)
    assert verified.code == 0, verified.told


@pytest.mark.full
@pytest.mark.timeout(300)
@on_both
def test_an_undo_that_fails_says_what_to_type_and_that_works(pbx: Killed) -> None:
    old = pbx.listing()
    with stopped(pbx, _SWITCHED, 60, restarts=True) as operator:
        with damaged_asterisk(pbx.host):
            since = time.monotonic()
            pbx.stopping.go()
            push = ended(operator, since, 200)
        typed = push.mends()["PUSH-17"].partition("as root: ")[2]
        by_hand = pbx.host.run(["sh", "-c", typed], timeout=60)
    verified = pbx.verify(pbx.text)

    assert push.code == 6, push.told
    assert push.pbx["outcome"] == "undo failed"
    assert by_hand.returncode == 0, by_hand.stdout
    assert pbx.left() == ""
    assert pbx.listing() == old
    assert verified.code == 0, verified.told


@pytest.mark.full
@pytest.mark.timeout(300)
@on_both
def test_an_undo_that_fails_on_a_host_left_alone_is_recorded_until_it_is_mended(pbx: Killed) -> None:
    with stopped(pbx, _SWITCHED, UNDO_AFTER, restarts=True) as operator:
        operator.kill()
        with damaged_asterisk(pbx.host):
            pbx.stopping.go()
            wait_until(lambda: pbx.host.run(["grep", "-q", "^fault ", _RECORD]).returncode == 0, 90)
        record = pbx.host.read(_RECORD).decode()
        planned = pbx.company.confgen("plan", "--limit", pbx.name)
        told = {word: rest for word, _, rest in (line.partition(" ") for line in record.splitlines())}
        typed = f"/usr/local/lib/confgen/confgen-asterisk undo {told['generation']} {told['previous']} restart"
        by_hand = pbx.host.run(["sh", "-c", typed], timeout=60)
    verified = pbx.verify(pbx.text)

    assert "fault systemctl start asterisk failed" in record
    assert "neither proven nor certainly as before" in planned.out
    assert by_hand.returncode == 0, by_hand.stdout
    assert pbx.left() == ""
    assert verified.code == 0, verified.told
    assert "neither proven" not in verified.out


def another_inventory(pbx: Killed) -> str:
    """The same PBX with a change of somebody else's, in a file beside the first."""
    path = pbx.company.folder / "other.yaml"
    path.write_text(pbx.another(restarts=True), encoding="utf-8")
    return path.name


def test_of_two_operators_the_second_is_told_who_is_at_work_and_mixes_nothing(pbx: Killed) -> None:
    with stopped(pbx, _STAGING, 60) as first:
        second = pbx.company.confgen("push", another_inventory(pbx), "--limit", pbx.name)
        wanted = pbx.company.inventory.read_text(encoding="utf-8")
        pbx.stopping.go()
        push = ended(first, time.monotonic())
    verified = pbx.verify(wanted)
    pbx.text = wanted

    assert second.code == 1, second.told
    assert "PUSH-39" in second.out
    assert _OWNER.search(second.out)
    assert push.code == 0, push.told
    assert verified.code == 0, verified.told


@pytest.mark.full
@on_both
def test_of_two_operators_in_the_same_instant_one_wins_whole(pbx: Killed) -> None:
    for _ in range(4):
        other = another_inventory(pbx)
        texts = [pbx.another(restarts=False), (pbx.company.folder / other).read_text()]
        pbx.company.inventory.write_text(texts[0], encoding="utf-8")
        with pbx.operator(60) as one, pbx.operator(60, other) as two:
            since = time.monotonic()
            pushes = [ended(one, since), ended(two, since)]
        assert sorted(push.code for push in pushes) == [0, 1], [push.told for push in pushes]
        winner = [push.code for push in pushes].index(0)
        verified = pbx.verify(texts[winner])
        pbx.text = texts[winner]
        assert verified.code == 0, verified.told


@pytest.mark.full
@on_both
def test_a_dead_operators_lease_is_taken_over_and_that_is_said(pbx: Killed) -> None:
    with stopped(pbx, _STAGING, UNDO_AFTER) as operator:
        operator.kill()
        pbx.stopping.go()
        wait_until(lambda: not _is_held(pbx), UNDO_AFTER + 5)
        wanted = pbx.company.inventory.read_text(encoding="utf-8")
        pushed = pbx.company.confgen("push", "--limit", pbx.name)
    pbx.text = wanted

    assert pushed.code == 0, pushed.told
    assert "PUSH-40" in pushed.out


def written(host: Host) -> set[str]:
    """Everything where a push could write, but for what the system itself writes all the time, and the time of /run."""
    rows = host.run(["sh", "-c", _WRITTEN]).stdout.decode().splitlines()
    return {row for row in rows if not row.startswith(_OTHERS) and not row.startswith("/run ")}


def test_a_push_with_nothing_to_do_takes_three_commands_and_writes_nothing(pbx: Killed) -> None:
    accepted = ["sh", "-c", "journalctl --no-pager -o cat | grep -c 'Accepted publickey'"]
    pbx.company.inventory.write_text(pbx.text, encoding="utf-8")
    pbx.stopping.at(None)
    before, connections = written(pbx.host), int(pbx.host.run(accepted).stdout)

    pushed = pbx.company.confgen("push", "--limit", pbx.name)

    assert pushed.code == 0, pushed.told
    assert len(pbx.stopping.commands()) <= 3
    assert written(pbx.host) ^ before == set()
    assert int(pbx.host.run(accepted).stdout) == connections + 1
