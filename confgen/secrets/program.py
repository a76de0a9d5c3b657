"""The output of a program that the operator named, kept within bounds and ended with us."""

from __future__ import annotations

import contextlib
import os
import select
import signal
import subprocess
import threading
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

_TIMEOUT = 60.0  # seconds
_LOOK = 0.05  # seconds between two looks at whether we were interrupted
_CHUNK = 65536  # bytes


class ProgramFailed(Exception):
    """A program gave nothing that can be used; what it wrote stays out of the message."""


def output_of(
    argv: Sequence[str],
    folder: Path,
    *,
    environment: Mapping[str, str],
    size_limit: int,
    interrupted: threading.Event,
) -> bytes:
    """What a program writes to stdout, one byte more than `size_limit` at most.

    Without a shell, with an empty stdin. Its stderr is thrown away: nothing promises that a secret is not in it.
    """
    limits = _Limits(moment=time.monotonic() + _TIMEOUT, interrupted=interrupted)
    try:
        process = subprocess.Popen(  # noqa: S603 - the operator's own words, and no shell
            argv,
            cwd=folder,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            process_group=0,  # so that what it starts can be ended with it
        )
    except (OSError, ValueError) as error:
        raise ProgramFailed(f"not started: {getattr(error, 'strerror', None) or 'not a command'}") from error
    with process:
        try:
            output = _read(process, size_limit, limits)
            if len(output) > size_limit:
                return output
            status = _wait(process, limits)
        finally:
            if process.returncode is None:  # not waited for yet, so the number is still its own
                os.killpg(process.pid, signal.SIGKILL)
    if status:
        raise ProgramFailed(f"ended with exit status {status}" if status > 0 else f"ended by signal {-status}")
    return output


@dataclass(frozen=True, slots=True, kw_only=True)
class _Limits:
    """How long a program may run."""

    moment: float  # on the monotonic clock, seconds
    interrupted: threading.Event

    def check(self) -> None:
        if self.interrupted.is_set():
            raise ProgramFailed("interrupted")
        if time.monotonic() > self.moment:
            raise ProgramFailed(f"did not end within {_TIMEOUT:g} s")


def _read(process: subprocess.Popen[bytes], size_limit: int, limits: _Limits) -> bytes:
    if process.stdout is None:
        return b""
    descriptor = process.stdout.fileno()
    arrival = select.poll()
    arrival.register(descriptor, select.POLLIN)
    output = bytearray()
    while len(output) <= size_limit:
        limits.check()
        if arrival.poll(_LOOK * 1000):
            chunk = os.read(descriptor, _CHUNK)
            if not chunk:
                break
            output += chunk
    return bytes(output[: size_limit + 1])


def _wait(process: subprocess.Popen[bytes], limits: _Limits) -> int:
    while True:
        limits.check()
        with contextlib.suppress(subprocess.TimeoutExpired):
            return process.wait(_LOOK)
