"""Captures everything that the hosts and clients of an instance send each other."""

from __future__ import annotations

import signal
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from lab.clients.root import start_client
from lab.instance import Instance

_SETTLE = 0.2  # seconds for the last packets to reach tcpdump


class CaptureFailed(Exception):
    """tcpdump did not start, or lost packets."""


@contextmanager
def capturing(lab: Instance, capture: Path) -> Iterator[None]:
    """Write what crosses the instance's bridge during the block into the file `capture`."""
    # -Z root: the chroot has no user to become; -U: each packet is written when it is seen.
    argv = ["tcpdump", "-i", "bridge", "-w", "-", "-U", "--immediate-mode", "-B", "65536", "-n", "-Z", "root"]
    errors = capture.with_name(capture.name + ".log")
    with capture.open("wb") as output, errors.open("wb") as log:
        process = start_client(lab, capture.parent, argv, stdout=output, stderr=log)
    try:
        _wait_until_listening(process, errors)
        yield
        time.sleep(_SETTLE)
    finally:
        process.send_signal(signal.SIGINT)
        process.wait()
    said = errors.read_text(encoding="utf-8", errors="replace")
    if "0 packets dropped by kernel" not in said:
        raise CaptureFailed(said.strip())


def _wait_until_listening(process: subprocess.Popen[bytes], errors: Path) -> None:
    deadline = time.monotonic() + 10
    while "listening on" not in (said := errors.read_text(encoding="utf-8", errors="replace")):
        if process.poll() is not None or time.monotonic() > deadline:
            raise CaptureFailed(said.strip())
        time.sleep(0.01)
