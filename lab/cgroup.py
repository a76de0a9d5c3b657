"""One cgroup per host and per set of clients: the kernel's own record of every process that the lab started."""

from __future__ import annotations

import contextlib
import os
import signal
import time
from collections.abc import Iterator
from pathlib import Path

from lab.machine import cgroup_mount

# Puts itself into the cgroup, then becomes the program: no moment in which a process is not on record.
_JOIN = 'echo $$ > "$0" && exec "$@"'


def instance_cgroup(instance: str) -> Path:
    """The cgroup that holds every process of an instance."""
    return cgroup_mount() / "confgen-lab" / instance


def joined(cgroup: Path, argv: list[str]) -> list[str]:
    """The argument vector that runs `argv` inside the cgroup."""
    cgroup.mkdir(parents=True, exist_ok=True)
    return ["/bin/sh", "-c", _JOIN, str(cgroup / "cgroup.procs"), *argv]


def processes(cgroup: Path) -> Iterator[int]:
    """Every process in the cgroup and below it."""
    for folder, _, _ in os.walk(cgroup):
        with contextlib.suppress(OSError):  # the cgroup went away between the walk and the read
            yield from map(int, (Path(folder) / "cgroup.procs").read_text(encoding="ascii").split())


def kill(cgroup: Path, timeout: float = 10.0) -> None:
    """Kill every process in the cgroup and below it; return when none is left."""
    deadline = time.monotonic() + timeout
    while (alive := list(processes(cgroup))) and time.monotonic() < deadline:
        try:
            (cgroup / "cgroup.kill").write_text("1", encoding="ascii")
        except OSError:  # Linux before 5.14 has no cgroup.kill
            for pid in alive:
                with contextlib.suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGKILL)
        time.sleep(0.005)
    if alive:
        raise TimeoutError(f"processes that do not die in {cgroup}: {alive}")


def remove(cgroup: Path) -> None:
    """Remove the emptied cgroup with those below it."""
    for folder, _, _ in os.walk(cgroup, topdown=False):
        _remove_one(Path(folder))


def _remove_one(cgroup: Path, timeout: float = 2.0) -> None:
    deadline = time.monotonic() + timeout
    while True:
        try:
            cgroup.rmdir()
        except FileNotFoundError:
            return
        except OSError:  # a killed process leaves its cgroup a moment after it has gone from the list
            if time.monotonic() > deadline:
                raise
            time.sleep(0.005)
        else:
            return
