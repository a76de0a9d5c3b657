"""One host of an instance: its own network namespace, disk and real systemd."""

from __future__ import annotations

import contextlib
import shlex
import signal
import socket
import subprocess
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from lab import cgroup, namespace, state
from lab.keeper import Keeper
from lab.layout import LOCAL, MOVE_TO_LOCAL, PACKAGED, Layout
from lab.machine import environment
from lab.network import Place
from lab.root_folder import Root

_BOOT_TIMEOUT = 60.0  # seconds
_POLL = 0.01  # seconds


class HostFailed(Exception):
    """A host did not boot, or is not running when it should be."""


@dataclass(frozen=True, slots=True, kw_only=True)
class HostSpec:
    """A host that an instance is asked for."""

    name: str
    root: Root = Root.ASTERISK_22
    domain: str
    runs_asterisk: bool = True
    layout: Layout = PACKAGED
    behind: str | None = None  # the bastion that alone reaches the host

    @property
    def domain6(self) -> str:
        """The name of the host's IPv6 address: hq6.example.test beside hq.example.test."""
        label, _, rest = self.domain.partition(".")
        return f"{label}6.{rest}"


class Host:
    """A host that an instance made; it starts clean, with the configuration that Debian's package ships."""

    def __init__(self, spec: HostSpec, *, instance: str, place: Place, fingerprint: str, keeper: Keeper) -> None:
        """Name the host and its parts; nothing runs yet."""
        self.spec = spec
        self.name = spec.name
        self.domain = spec.domain
        self.domain6 = spec.domain6
        self.layout = spec.layout
        self.address = place.address
        self.address6 = place.address6
        self.inner_address = place.inner_address
        self.fingerprint = fingerprint
        self.log = state.instance_folder(instance) / f"{spec.name}.log"
        self._instance = instance
        self._keeper = keeper
        self._cgroup = cgroup.instance_cgroup(instance) / spec.name
        self._nspawn: subprocess.Popen[bytes] | None = None
        self._first = 0  # the process that was number 1 inside when it was last looked for
        self._disk = 0
        self._below: tuple[int, ...] = ()  # the kept disks that this one lies on, topmost first
        self._kept: tuple[int, ...] = ()

    def run(
        self, argv: Sequence[str], *, stdin: bytes = b"", timeout: float = 30.0, check: bool = False
    ) -> subprocess.CompletedProcess[bytes]:
        """Run a command as root inside the host; with `check`, raise when it fails."""
        done = subprocess.run(
            enter(self._leader(), argv),
            input=stdin,
            capture_output=True,
            timeout=timeout,
            check=False,
            env=environment(),
        )
        if check and done.returncode != 0:
            said = (done.stdout + done.stderr).decode(errors="replace").strip()
            raise HostFailed(f"{self.name}: {shlex.join(argv)} ended with {done.returncode}: {said}")
        return done

    def entering(self, argv: Sequence[str]) -> list[str]:
        """The argument vector that runs a command as root inside the host, for who does not wait for its end."""
        return enter(self._leader(), argv)

    def popen_beside(
        self,
        argv: Sequence[str],
        *,
        stdin: int = subprocess.DEVNULL,
        stdout: int | None = None,
        stderr: int | IO[bytes] | None = None,
        env: Mapping[str, str] | None = None,
    ) -> subprocess.Popen[bytes]:
        """Start a process of this machine in the host's network, which ends with the instance, not with the host."""
        with namespace.entered(state.host_namespace(self._instance, self.name)):
            return subprocess.Popen(
                self._keeper.with_mounts(argv), stdin=stdin, stdout=stdout, stderr=stderr, env=env, cwd="/"
            )

    def asterisk(self, command: str) -> str:
        """What Asterisk's command line answers to one command."""
        return self.run(self.layout.console(command), check=True).stdout.decode(errors="replace")

    def read(self, path: str) -> bytes:
        """The content of a file of the host."""
        done = self.run(["cat", path])
        if done.returncode != 0:
            raise FileNotFoundError(done.stderr.decode(errors="replace").strip())
        return done.stdout

    def has(self, path: str) -> bool:
        """Whether a file is there; to ask starts no process, so who waits for one may ask often."""
        return Path(f"/proc/{self._leader()}/root{path}").exists()

    def write(self, path: str, content: bytes, *, owner: str | None = None, mode: int | None = None) -> None:
        """Write a file of the host in place, as an editor would; folders that lack are made."""
        script = 'mkdir -p "$(dirname "$1")" && cat > "$1"'
        if owner is not None:
            script += f' && chown {shlex.quote(owner)} "$1"'
        if mode is not None:
            script += f' && chmod {mode:o} "$1"'
        self.run(["sh", "-c", script, "write", path], stdin=content, check=True)

    def start(self) -> None:
        """Boot and wait until sshd answers and Asterisk has fully booted."""
        if self._nspawn is not None:
            raise HostFailed(f"{self.name} is running already")
        if self._disk == 0:
            self._new_disk(())
        self._boot()

    def stop(self) -> None:
        """Shut down in order, as `systemctl poweroff` does; the disk is kept."""
        if self._nspawn is None:
            return
        self._nspawn.send_signal(signal.SIGTERM)
        with contextlib.suppress(subprocess.TimeoutExpired):
            self._nspawn.wait(timeout=30)
        self.power_cut()

    def power_cut(self) -> None:
        """Kill every process of the host at once; the disk is kept."""
        cgroup.kill(self._cgroup)
        if self._nspawn is not None:
            self._nspawn.wait()
            self._nspawn = None
        # Seen on Linux 6.18: in cgroups that outlive cgroup.kill, whatever systemd 262 restarts is killed at once.
        # So the next boot gets new ones.
        cgroup.remove(self._cgroup)

    def reset(self) -> None:
        """Cut the power, throw the disk away, boot the clean system again."""
        self._start_over(())

    def keep(self) -> None:
        """Shut down in order, keep the disk as it is for `restore`, boot again."""
        self.stop()
        self._keeper.keep_disk(self.name, self._disk)
        self._kept = (self._disk, *self._below)
        self._new_disk(self._kept)
        self._boot()

    def restore(self) -> None:
        """Cut the power, throw away what was written since `keep`, or since a `reset` after it, and boot again."""
        if not self._kept:
            raise HostFailed(f"{self.name} has no disk that was kept")
        self._start_over(self._kept)

    def _start_over(self, below: tuple[int, ...]) -> None:
        self.power_cut()
        self._keeper.discard_disk(self.name, self._disk)
        self._new_disk(below)
        self._boot()

    def _new_disk(self, below: tuple[int, ...]) -> None:
        self._disk += 1
        self._below = below
        self._keeper.make_disk(self.name, self._disk, below)
        if self.layout == LOCAL and not below:
            self._keeper.change_disk(self.name, self._disk, MOVE_TO_LOCAL)

    def _boot(self) -> None:
        nspawn = [
            "systemd-nspawn",
            "--boot",
            "--quiet",
            "--register=no",
            "--keep-unit",
            "--console=pipe",
            "--link-journal=no",
            "--resolv-conf=off",
            "--timezone=off",
            f"--machine={state.host_namespace(self._instance, self.name)}",
            f"--hostname={self.name}",
            f"--network-namespace-path={namespace.NETNS / state.host_namespace(self._instance, self.name)}",
            f"--directory={self._keeper.disk(self.name, self._disk)}",
        ]
        with self.log.open("ab") as log:
            self._nspawn = subprocess.Popen(
                cgroup.joined(self._cgroup, self._keeper.booting(nspawn)),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                # On a machine with hybrid cgroups nspawn would otherwise give the host the old hierarchy.
                env={**environment(), "SYSTEMD_NSPAWN_UNIFIED_HIERARCHY": "1"},
            )
        deadline = time.monotonic() + _BOOT_TIMEOUT
        self._wait_for_ssh(self._nspawn, deadline)
        if self.spec.runs_asterisk:
            self._wait_for_asterisk(self._nspawn, deadline)

    def _wait_for_ssh(self, nspawn: subprocess.Popen[bytes], deadline: float) -> None:
        # From the host's own network, which neither a bastion nor a filter keeps us out of.
        with namespace.entered(state.host_namespace(self._instance, self.name)):
            while True:
                try:
                    with socket.create_connection((self.address, 22), timeout=1):
                        return
                except OSError:
                    self._still_booting(nspawn, deadline, "no sshd answers")
                    time.sleep(_POLL)

    def _wait_for_asterisk(self, nspawn: subprocess.Popen[bytes], deadline: float) -> None:
        asking = self.layout.console("core waitfullybooted")
        while True:
            if self.has(self.layout.control_socket) and b"fully booted" in self.run(asking).stdout:
                return
            self._still_booting(nspawn, deadline, "Asterisk has not fully booted")
            time.sleep(_POLL)

    def _still_booting(self, nspawn: subprocess.Popen[bytes], deadline: float, reason: str) -> None:
        if nspawn.poll() is not None or time.monotonic() > deadline:
            last = self.log.read_text(encoding="utf-8", errors="replace").strip().splitlines()[-5:]
            told = " / ".join(last) or "nothing (too many hosts? `sysctl fs.inotify.max_user_instances` ends them so)"
            raise HostFailed(f"{self.name}: {reason}; the last lines of its log: {told}")

    def _leader(self) -> int:
        of_host = f"/{self._instance}/{self.name}/"
        if not _is_first(self._first) or of_host not in _read(f"/proc/{self._first}/cgroup"):
            self._first = leader(self._instance, self.name)
        return self._first


def leader(instance: str, host: str) -> int:
    """The process that is number 1 inside the host."""
    for pid in cgroup.processes(cgroup.instance_cgroup(instance) / host):
        if _is_first(pid):
            return pid
    raise HostFailed(f"{host} of the lab instance {instance!r} is not running")


def _is_first(pid: int) -> bool:
    """Whether the process lives and is number 1 in a namespace below ours."""
    told = {
        word: rest.split()
        for word, _, rest in (line.partition(":") for line in _read(f"/proc/{pid}/status").splitlines())
    }
    return told.get("NSpid", [])[1:] == ["1"] and "Z" not in told["State"]  # nobody may have waited for a dead one


def _read(path: str) -> str:
    """What the kernel tells there; nothing of a process that has ended."""
    try:
        return Path(path).read_text(encoding="utf-8", errors="replace")
    except OSError:
        return ""


def enter(pid: int, argv: Sequence[str]) -> list[str]:
    """The argument vector that runs `argv` in all namespaces of the host whose first process is `pid`."""
    return ["nsenter", "-t", str(pid), "-m", "-p", "-n", "-u", "-i", "-r", "-w", "--", *argv]
