"""Whatever becomes of the process that owns an instance, nothing of the instance stays."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from lab.cgroup import instance_cgroup, processes
from lab.instance import Instance
from lab.namespace import NETNS
from lab.state import instance_folder, tear_down

_OWN = """\
import sys, time
from lab.host import HostSpec
from lab.instance import Instance

with Instance(sys.argv[1], [HostSpec(name="hq", domain="hq.example.test")]):
    print("up", flush=True)
    time.sleep(600)
"""


class Owner:
    """A process that brought an instance up."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.process = subprocess.Popen([sys.executable, "-c", _OWN, name], stdout=subprocess.PIPE)
        assert self.process.stdout is not None
        assert self.process.stdout.readline() == b"up\n"

    def kill(self) -> None:
        self.process.kill()
        self.process.wait()

    def guardian(self) -> int:
        for pid in Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children").read_text().split():
            if b"lab.guardian" in Path(f"/proc/{pid}/cmdline").read_bytes():
                return int(pid)
        raise LookupError(self.name)


def left_of(name: str) -> list[str]:
    """What stands of an instance, each thing once."""
    left = [f"network namespace {path.name}" for path in NETNS.glob(f"cglab-{name}*")]
    left += [f"process {pid}" for pid in processes(instance_cgroup(name))]
    left += [f"mount {line}" for line in Path("/proc/self/mounts").read_text().splitlines() if name in line]
    return left + [str(path) for path in (instance_folder(name), instance_cgroup(name)) if path.exists()]


@pytest.fixture
def owner() -> Iterator[Owner]:
    started = Owner(f"owner-{os.getpid()}")
    yield started
    started.kill()
    if started.process.stdout is not None:
        started.process.stdout.close()
    tear_down(started.name)


def test_an_owner_killed_leaves_nothing(owner: Owner) -> None:
    standing = left_of(owner.name)
    assert f"network namespace cglab-{owner.name}.hq" in standing
    assert len([one for one in standing if one.startswith("process")]) > 5

    owner.kill()

    deadline = time.monotonic() + 10
    while left_of(owner.name) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert left_of(owner.name) == []


def test_what_owner_and_guardian_left_is_removed_by_the_next_up(owner: Owner) -> None:
    os.kill(owner.guardian(), signal.SIGKILL)
    owner.kill()
    assert len(left_of(owner.name)) > 5

    with Instance(f"next-{os.getpid()}", ()):
        assert left_of(owner.name) == []


def test_an_instance_that_fails_to_come_up_leaves_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    name = f"fails-{os.getpid()}"
    monkeypatch.setattr("lab.instance.Keeper", None)

    with pytest.raises(TypeError):
        Instance(name, ()).up()

    assert left_of(name) == []


def test_an_instance_taken_down_leaves_nothing() -> None:
    name = f"down-{os.getpid()}"
    with Instance(name, ()):
        assert len(left_of(name)) >= 3

    assert left_of(name) == []
