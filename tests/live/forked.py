"""The program without the half second in which it reads its modules: a process of the lab that forks for each run.

`python -m tests.live.forked SOCKET` reads them, goes to the background and takes one run for each connection: where,
what and in which environment as JSON, with the descriptors that become its output; the exit code is the answer. Who
hangs up kills it.
"""

from __future__ import annotations

import contextlib
import json
import os
import selectors
import signal
import socket
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from threading import Lock
from typing import Self

import confgen.cli.commands.push
import confgen.cli.commands.verify
import confgen.cli.work
import confgen.drivers.asterisk
import confgen.remote.ssh
import confgen.verify.call_level  # noqa: F401 -- all that is imported here is there for the runs
from confgen.__main__ import start
from lab.instance import Instance

_MOST = 1 << 17  # octets of what is asked
_STARTING = Lock()


def run(
    lab: Instance, words: Sequence[str], folder: Path, environment: Mapping[str, str], timeout: float
) -> tuple[int, bytes, bytes]:
    """The exit code of `confgen WORD…` in a folder, on the network of the lab, and what it wrote to stdout and stderr.

    Raises TimeoutError after so many seconds; the program is killed then.
    """
    asked = json.dumps({"words": words, "folder": str(folder), "environment": dict(environment)}).encode()
    with _Output() as out, _Output() as err, socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET) as connection:
        connection.settimeout(timeout)
        connection.connect(str(_server(lab, environment)))
        socket.send_fds(connection, [asked], [out.descriptor, err.descriptor])
        answer = connection.recv(16)
        if not answer:
            raise RuntimeError("what forks the program has ended")
        return int(answer), out.written(), err.written()


class _Output:
    """A file in memory that a program writes to."""

    def __enter__(self) -> Self:
        self.descriptor = os.memfd_create("output")
        return self

    def __exit__(self, *_: object) -> None:
        os.close(self.descriptor)

    def written(self) -> bytes:
        return os.pread(self.descriptor, os.fstat(self.descriptor).st_size, 0)


def _server(lab: Instance, environment: Mapping[str, str]) -> Path:
    """Where runs of this lab are taken; with the lab it ends."""
    path = lab.folder / "forked.socket"
    with _STARTING:
        if not path.exists():
            checkout = f"PYTHONPATH={environment['PYTHONPATH']}"
            begun = lab.run(["env", checkout, sys.executable, "-m", __name__, str(path)], timeout=60)
            if begun.returncode != 0:
                raise RuntimeError(begun.stderr.decode())
    return path


def _wait_for_a_run(path: str) -> None:
    """Serve until the lab ends; what returns is the process of a run."""
    with socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET) as listener, selectors.DefaultSelector() as selector:
        listener.bind(f"{path}.new")
        listener.listen(16)
        Path(f"{path}.new").rename(path)
        if os.fork() != 0:
            os._exit(0)
        _without_output()
        selector.register(listener, selectors.EVENT_READ)
        while True:
            for key, _ in selector.select():
                if key.fileobj is not listener:
                    _settle(selector, *key.data)
                elif _has_become_a_run(listener, selector):
                    return


def _has_become_a_run(listener: socket.socket, selector: selectors.BaseSelector) -> bool:
    """True in the process that is forked for it."""
    connection, _ = listener.accept()
    asked, descriptors, _, _ = socket.recv_fds(connection, _MOST, 2)
    if len(descriptors) != 2:
        connection.close()
        return False
    process = os.fork()
    if process == 0:
        for number, descriptor in enumerate(descriptors, start=1):
            os.dup2(descriptor, number)
            os.close(descriptor)
        _become(**json.loads(asked))
        return True
    for descriptor in descriptors:
        os.close(descriptor)
    ended = os.pidfd_open(process)
    selector.register(ended, selectors.EVENT_READ, (process, ended, connection))
    selector.register(connection, selectors.EVENT_READ, (process, ended, connection))
    return False


def _settle(selector: selectors.BaseSelector, process: int, ended: int, connection: socket.socket) -> None:
    """A run has ended, or who wanted it has gone."""
    if connection not in selector.get_map():
        return  # both at once
    selector.unregister(ended)
    selector.unregister(connection)
    signal.pidfd_send_signal(ended, signal.SIGKILL)  # which nothing hears that has ended
    _, status = os.waitpid(process, 0)
    with contextlib.suppress(OSError):
        connection.send(str(os.waitstatus_to_exitcode(status)).encode())
    connection.close()
    os.close(ended)


def _become(words: Sequence[str], folder: str, environment: Mapping[str, str]) -> None:
    os.chdir(folder)
    os.environ.clear()
    os.environ.update(environment)
    sys.argv[1:] = words


def _without_output() -> None:
    """Nobody waits for an end of these."""
    nothing = os.open(os.devnull, os.O_RDWR)
    for number in range(3):
        os.dup2(nothing, number)
    os.close(nothing)


if __name__ == "__main__":
    _wait_for_a_run(sys.argv[1])
    start()
