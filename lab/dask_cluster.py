"""A Dask cluster of processes on loopback, under TLS with an authority of its own, for as long as a block takes."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from lab.pki import make_authority

if TYPE_CHECKING:
    from types import TracebackType
    from typing import Self

    from lab.pki import Authority

_READY_WITHIN = 120.0  # seconds: a busy machine takes its time to load distributed, four times at once
_ROOT = Path(__file__).parents[1]


def free_port() -> int:
    """One of loopback that nobody has now."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port: int = listener.getsockname()[1]
        return port


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkerSpec:
    """One worker; `resources` as `dask worker --resources` has them."""

    name: str
    threads: int = 8
    resources: str = ""
    port: int = 0  # any that is free
    environment: Mapping[str, str] = field(default_factory=dict)


class DaskCluster:
    """A scheduler and workers; what they log lies in `folder`, and no process outlives this one."""

    def __init__(
        self, folder: Path, workers: Sequence[WorkerSpec], *, preload: str | None = None, options: Sequence[str] = ()
    ) -> None:
        self.folder = folder
        self._specs = workers
        self._preload = preload
        self._options = options  # of the workers
        self._processes: dict[str, subprocess.Popen[bytes]] = {}
        self._authority: Authority = make_authority("Lab authority of a Dask cluster")

    @property
    def address(self) -> str:
        told = json.loads((self.folder / "scheduler.json").read_text(encoding="utf-8"))
        return str(told["address"])

    @property
    def words(self) -> tuple[str, ...]:
        """What `confgen push` is told of it."""
        certificates = self._certificates("operator")
        return (
            *("--scheduler", self.address, "--cluster-ca", certificates["ca-file"]),
            *("--cluster-cert", certificates["cert"], "--cluster-key", certificates["key"]),
        )

    def start_scheduler(self, *, port: int = 0) -> None:
        (self.folder / "scheduler.json").unlink(missing_ok=True)
        self._start(
            "scheduler",
            [
                *("dask_scheduler", "--protocol", "tls", "--host", "127.0.0.1", "--port", str(port)),
                *("--scheduler-file", str(self.folder / "scheduler.json")),
                *("--no-dashboard", "--dashboard-address", "127.0.0.1:0"),
            ],
            {},
        )
        self._wait(lambda: self._is_whole("scheduler.json"), "scheduler")

    def start_worker(self, spec: WorkerSpec) -> None:
        """Start it, and let it register later."""
        scratch = self.folder / f"scratch-{spec.name}"
        words = ["dask_worker", self.address, "--name", spec.name, "--nthreads", str(spec.threads), "--no-nanny"]
        words += ["--no-dashboard", "--dashboard-address", "127.0.0.1:0", "--host", "127.0.0.1"]
        words += ["--worker-port", str(spec.port), "--local-directory", str(scratch), *self._options]
        words += ["--resources", spec.resources] if spec.resources else []
        words += ["--preload", self._preload] if self._preload else []
        self._start(spec.name, words, spec.environment)

    def wait_for(self, name: str) -> None:
        """Until the worker has registered."""
        self._wait(lambda: "Registered to:" in self.log(name), name)

    def log(self, name: str) -> str:
        """What a party has logged since it was started last."""
        return (self.folder / f"{name}.log").read_text(encoding="utf-8", errors="replace")

    def kill(self, name: str) -> None:
        """As a power cut does it."""
        self._processes[name].send_signal(signal.SIGKILL)
        self._processes[name].wait()

    def freeze(self, name: str) -> None:
        """It answers nobody any more, and its connections hold."""
        self._processes[name].send_signal(signal.SIGSTOP)

    def thaw(self, name: str) -> None:
        """It goes on where it was."""
        self._processes[name].send_signal(signal.SIGCONT)

    def stop(self, name: str) -> None:
        """End it, where it has not ended by itself."""
        self._processes[name].kill()
        self._processes[name].wait()

    def holds_in_memory(self, name: str, content: bytes) -> bool:
        """Whether it stands anywhere in the memory of the party."""
        process = Path(f"/proc/{self._processes[name].pid}")
        with (process / "mem").open("rb", buffering=0) as memory:
            for line in (process / "maps").read_text(encoding="ascii").splitlines():
                bounds, rights, *_ = line.split()
                if "w" not in rights:
                    continue
                first, last = (int(bound, 16) for bound in bounds.split("-"))
                with contextlib.suppress(OSError):  # a page that is gone meanwhile
                    memory.seek(first)
                    if content in memory.read(last - first):
                        return True
        return False

    def __enter__(self) -> Self:
        try:
            self.start_scheduler()
            for spec in self._specs:
                self.start_worker(spec)
            for spec in self._specs:
                self.wait_for(spec.name)
        except BaseException:
            self.__exit__(None, None, None)
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        for process in self._processes.values():
            process.kill()
        for process in self._processes.values():
            process.wait()

    def _start(self, name: str, words: Sequence[str], environment: Mapping[str, str]) -> None:
        module, *rest = words
        certificates = self._certificates(name)
        tls = ["--tls-ca-file", certificates["ca-file"], "--tls-cert", certificates["cert"]]
        # setpriv: the process dies with the thread that started it, however that ends.
        command = ["setpriv", "--pdeathsig", "KILL", "--", sys.executable, "-m", f"distributed.cli.{module}", *rest]
        with (self.folder / f"{name}.log").open("wb") as log:
            self._processes[name] = subprocess.Popen(
                [*command, *tls, "--tls-key", certificates["key"]],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                cwd=self.folder,
                env={**os.environ, "PYTHONPATH": str(_ROOT), **environment},
            )

    def _certificates(self, name: str) -> Mapping[str, str]:
        authority = self.folder / "authority.crt"
        if not authority.exists():
            authority.write_bytes(self._authority.pem)
        certificate, key = self.folder / f"{name}.crt", self.folder / f"{name}.key"
        if not certificate.exists():
            self._authority.issue(names=[f"{name}.cluster.test"]).write(self.folder, name)
        return {"ca-file": str(authority), "cert": str(certificate), "key": str(key)}

    def _is_whole(self, name: str) -> bool:
        """Whether it is there, and written to its end."""
        file = self.folder / name
        return file.exists() and file.read_text(encoding="utf-8").rstrip().endswith("}")

    def _wait(self, is_ready: Callable[[], bool], name: str) -> None:
        until = time.monotonic() + _READY_WITHIN
        while not is_ready():
            if self._processes[name].poll() is not None or time.monotonic() > until:
                raise TimeoutError(f"{name} does not start: {self.log(name)[-2000:]}")
            time.sleep(0.05)
