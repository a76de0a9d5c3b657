"""The output of a program that the operator named, kept within bounds and ended with us."""

from __future__ import annotations

import contextlib
import os
import select
import signal
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path

from confgen.secrets.patience import LOOK, Deadline, GaveUp, Patience

_CHUNK = 65536  # bytes


class ProgramFailed(Exception):
    """A program gave nothing that can be used; what it wrote stays out of the message.

    `status` is what it ended with; None where it was not started, or did not end by itself.
    """

    def __init__(self, message: str, status: int | None = None) -> None:
        super().__init__(message)
        self.status = status


class NotStarted(ProgramFailed):
    """There is no such program, or it may not be run."""


def output_of(
    argv: Sequence[str],
    folder: Path,
    *,
    environment: Mapping[str, str],
    size_limit: int,
    patience: Patience,
) -> bytes:
    """What a program writes to stdout, one byte more than `size_limit` at most.

    Without a shell, with an empty stdin. Its stderr is thrown away: nothing promises that a secret is not in it.
    """
    deadline = patience.until()
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
        raise NotStarted(f"not started: {getattr(error, 'strerror', None) or 'not a command'}") from error
    with process:
        try:
            output = _read(process, size_limit, deadline)
            if len(output) > size_limit:
                return output
            status = _wait(process, deadline)
        except GaveUp as gave_up:
            raise ProgramFailed(str(gave_up)) from gave_up
        finally:
            if process.returncode is None:  # not waited for yet, so the number is still its own
                os.killpg(process.pid, signal.SIGKILL)
    if status:
        told = f"ended with exit status {status}" if status > 0 else f"ended by signal {-status}"
        raise ProgramFailed(told, status)
    return output


def _read(process: subprocess.Popen[bytes], size_limit: int, deadline: Deadline) -> bytes:
    if process.stdout is None:
        return b""
    descriptor = process.stdout.fileno()
    arrival = select.poll()
    arrival.register(descriptor, select.POLLIN)
    output = bytearray()
    while len(output) <= size_limit:
        deadline.check()
        if arrival.poll(LOOK * 1000):
            chunk = os.read(descriptor, _CHUNK)
            if not chunk:
                break
            output += chunk
    return bytes(output[: size_limit + 1])


def _wait(process: subprocess.Popen[bytes], deadline: Deadline) -> int:
    while True:
        deadline.check()
        with contextlib.suppress(subprocess.TimeoutExpired):
            return process.wait(LOOK)
