"""Network namespaces: made with `ip`, entered by one thread, removed without a trace."""

from __future__ import annotations

import ctypes
import os
import subprocess
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Literal

from lab.machine import environment

Family = Literal["inet", "inet6"]
NETNS = Path("/run/netns")
_CLONE_NEWNET = 0x40000000
_LIBC = ctypes.CDLL(None, use_errno=True)


def add(names: Sequence[str]) -> None:
    """Make network namespaces without any interface but a loopback that is up."""
    _ip_batch([], [f"netns add {name}" for name in names])
    for name in names:
        _ip_batch(["-n", name], ["link set lo up"])


def configure(name: str, commands: Sequence[str], family: Family | None = None) -> None:
    """Run `ip` commands inside the namespace; those that name no address need to be told their family."""
    _ip_batch(["-n", name, *([] if family is None else ["-family", family])], commands)


def delete(names: Sequence[str]) -> None:
    """Remove those of the namespaces that exist."""
    _ip_batch(["-force"], [f"netns delete {name}" for name in names if (NETNS / name).exists()])


@contextmanager
def entered(name: str) -> Iterator[None]:
    """The calling thread lives in the network namespace until the block ends; what it starts inherits it."""
    before = os.open("/proc/thread-self/ns/net", os.O_RDONLY | os.O_CLOEXEC)
    try:
        target = os.open(NETNS / name, os.O_RDONLY | os.O_CLOEXEC)
        try:
            _set_namespace(target)
        finally:
            os.close(target)
        try:
            yield
        finally:
            _set_namespace(before)
    finally:
        os.close(before)


def _set_namespace(descriptor: int) -> None:
    # os.setns exists from Python 3.12 on.
    if _LIBC.setns(descriptor, _CLONE_NEWNET) != 0:
        number = ctypes.get_errno()
        raise OSError(number, os.strerror(number))


def _ip_batch(options: list[str], commands: Sequence[str]) -> None:
    if commands:
        subprocess.run(
            ["ip", *options, "-batch", "-"],
            input="\n".join(commands) + "\n",
            text=True,
            check=True,
            capture_output=True,
            env=environment(),
        )
