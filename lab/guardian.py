"""Outlives an instance's owner and removes the instance when the owner dies, even by SIGKILL."""

from __future__ import annotations

import os
import select
import subprocess
import sys
from pathlib import Path

from lab import state
from lab.machine import environment
from lab.owner import Owner

_LOOK_EVERY = 1000  # milliseconds between looks whether the instance still stands


def start(instance: str, owner: Owner) -> subprocess.Popen[bytes]:
    """Start the guardian of an instance as a session of its own, so that no terminal's Ctrl-C reaches it."""
    repository = Path(__file__).parent.parent
    return subprocess.Popen(
        [sys.executable, "-m", "lab.guardian", instance, owner.to_json()],
        env={**environment(), "PYTHONPATH": str(repository)},
        cwd="/",
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )


def guard(instance: str, owner: Owner) -> None:
    """Wait for the owner's end, then tear the instance down; return early when it is gone already."""
    try:
        descriptor = os.pidfd_open(owner.pid)
    except ProcessLookupError:
        state.tear_down(instance, owner)
        return
    waiting = select.poll()
    waiting.register(descriptor, select.POLLIN)
    while owner.is_alive() and not waiting.poll(_LOOK_EVERY):
        if state.owner_of(instance) != owner:
            return
    state.tear_down(instance, owner)


if __name__ == "__main__":
    guard(sys.argv[1], Owner.from_json(sys.argv[2]))
