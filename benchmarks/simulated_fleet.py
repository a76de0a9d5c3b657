"""A fleet of simulated hosts, for as long as a block takes, and `confgen` itself on it.

`python -m benchmarks.simulated_fleet FLEET COMMAND…` is `confgen COMMAND…`, with that fleet in the place of an
inventory.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import tempfile
from contextlib import ExitStack
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from benchmarks.behaviour import Behaviour
from benchmarks.files_fleet import confgen_on, files_pbx, plug_in
from benchmarks.scratch import scratch
from confgen.__main__ import look_seldom_for_garbage
from confgen.model.inventory import SshAccess

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from types import TracebackType
    from typing import Self

    from confgen.model.inventory import Pbx

_ROOT = Path(__file__).parents[1]


@dataclass(frozen=True, slots=True, kw_only=True)
class Fleet:
    """How many hosts behave how, and where they are."""

    counts: Mapping[str, int]  # by the name of the behaviour
    port: int
    folder: str  # of the keys
    edition: str = "1"  # of the documents

    @property
    def pbxs(self) -> tuple[Pbx, ...]:
        """In turn, so that those that misbehave stand among the others."""
        most = max(self.counts.values())
        found = []
        for name, count in self.counts.items():
            behaviour = Behaviour[name]
            found += [
                (number * most / count, f"{name.lower()}-{number:04}", behaviour.address(number))
                for number in range(count)
            ]
        return tuple(
            files_pbx(name, self._access(address), folder="/", edition=self.edition)
            for _, name, address in sorted(found)
        )

    def _access(self, address: str) -> SshAccess:
        return SshAccess(
            address=address,
            user="root",
            port=self.port,
            host_key=None,
            known_hosts=f"{self.folder}/known_hosts",
            identity_file=f"{self.folder}/client_key",
            jump_hosts=(),
        )

    def write(self, file: Path) -> None:
        """Tell another process of it."""
        file.write_text(json.dumps(asdict(self)), encoding="utf-8")


class SimulatedHosts:
    """A server of its own process, as far away as `latency` says, in milliseconds there and back."""

    def __init__(self, counts: Mapping[Behaviour, int], latency: float) -> None:
        self._counts = {behaviour.name: count for behaviour, count in counts.items() if count}
        self._latency = latency

    def __enter__(self) -> Self:
        with ExitStack() as stack:
            self.folder = stack.enter_context(scratch(Path(tempfile.gettempdir())))
            for name in ("host_key", "client_key"):
                made = ["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", "", "-f", str(self.folder / name)]
                subprocess.run(made, check=True)
            self._server = subprocess.Popen(
                [sys.executable, "-m", "benchmarks.simulated_server", str(self.folder), str(self._latency)],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                text=True,
                cwd=_ROOT,
            )
            stack.enter_context(self._server)
            assert self._server.stdin is not None  # noqa: S101 -- a pipe
            stack.callback(self._server.stdin.close)  # it ends by that
            assert self._server.stdout is not None  # noqa: S101 -- a pipe
            told = self._server.stdout.readline()
            if not told:
                raise SystemExit("the simulated hosts do not start")
            self.fleet = Fleet(counts=self._counts, port=int(told), folder=str(self.folder))
            shown = (self.folder / "host_key.pub").read_text(encoding="ascii").split()[:2]
            lines = (f"[{pbx.ssh.address}]:{self.fleet.port} {' '.join(shown)}\n" for pbx in self.fleet.pbxs)
            (self.folder / "known_hosts").write_text("".join(lines), encoding="ascii")
            self._all = stack.pop_all()
        return self

    def pushes(self) -> Mapping[str, int]:
        """How many pushes have held each host so far, by its address."""
        assert self._server.stdin is not None  # noqa: S101 -- a pipe
        assert self._server.stdout is not None  # noqa: S101 -- a pipe
        self._server.stdin.write("pushes\n")
        self._server.stdin.flush()
        told: dict[str, int] = json.loads(self._server.stdout.readline())
        return told

    @property
    def seconds_of_cpu(self) -> float:
        """What the server has used so far."""
        user, system = (
            int(word) for word in Path(f"/proc/{self._server.pid}/stat").read_text(encoding="ascii").split()[13:15]
        )
        return (user + system) / os.sysconf("SC_CLK_TCK")

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self._all.close()


class Confgen:
    """One run of the program on the fleet, which can be followed."""

    def __init__(self, hosts: SimulatedHosts, words: Sequence[str], *, edition: str = "1") -> None:
        file = hosts.folder / "fleet.json"
        replace(hosts.fleet, edition=edition).write(file)
        state = {"XDG_STATE_HOME": str(hosts.folder), "HOME": str(hosts.folder)}
        self._process = subprocess.Popen(
            [sys.executable, "-m", "benchmarks.simulated_fleet", str(file), *words],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            env={**os.environ, "PYTHONPATH": str(_ROOT), **state},
        )
        self._progress: list[str] = []

    def wait_for(self, pbxs: int) -> None:
        """Until so many of them have ended."""
        assert self._process.stderr is not None  # noqa: S101 -- a pipe
        ended = 0
        while ended < pbxs:
            line = self._process.stderr.readline()
            if not line:
                raise SystemExit(f"confgen ended before {pbxs} PBXs had: {''.join(self._progress)}")
            self._progress.append(line)
            ended += " after " in line

    def interrupt(self) -> None:
        """Ctrl-C."""
        self._process.send_signal(signal.SIGINT)

    def end(self) -> tuple[int, str]:
        """The exit code, and all that was said."""
        out, err = self._process.communicate()
        return self._process.returncode, "".join(self._progress) + err + out


def _run() -> None:
    look_seldom_for_garbage()
    file, *command = sys.argv[1:]
    told = Fleet(**json.loads(Path(file).read_text(encoding="utf-8")))
    plug_in()
    confgen_on(told.pbxs, Path(told.folder), command)


if __name__ == "__main__":
    _run()
