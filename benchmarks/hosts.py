"""SSH hosts of the benchmark: loopback addresses of one sshd, an ordinary process that ends with the block.

Where root runs it, the user is one that only this sshd knows, with a plain /bin/sh, and all that was started on the
hosts ends with the benchmark, however that ends; else it is who runs it. What the hosts keep lies in memory: disks are
not what is measured. Every tool speaks to them with the same key exchange and the same cipher: there is one of each.
"""

from __future__ import annotations

import getpass
import os
import shutil
import socket
import subprocess
import time
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from benchmarks.scratch import scratch
from confgen.model.inventory import SshAccess

if TYPE_CHECKING:
    from types import TracebackType
    from typing import Self

USER = "confgen-bench"
_USER_ID = 61234  # of nobody else: Debian gives out others
_READY_WITHIN = 5.0  # seconds

_CONFIGURATION = """\
Port {port}
ListenAddress 0.0.0.0 rdomain lo
HostKey {folder}/host_key
AuthorizedKeysFile {folder}/client_key.pub
AllowUsers {user}@127.0.0.0/8
PidFile none
KexAlgorithms curve25519-sha256,curve25519-sha256@libssh.org
HostKeyAlgorithms ssh-ed25519
Ciphers aes128-gcm@openssh.com
Compression no
UsePAM no
PasswordAuthentication no
KbdInteractiveAuthentication no
StrictModes no
MaxStartups 1000
MaxSessions 100
LogLevel ERROR
PrintMotd no
Subsystem sftp internal-sftp
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class SshAddress:
    """One host as every tool needs to know it."""

    address: str
    port: int
    user: str
    client_key: Path
    known_hosts: Path
    folder: Path  # what the host keeps, on this very machine

    @property
    def access(self) -> SshAccess:
        """As an inventory of confgen says it."""
        return SshAccess(
            address=self.address,
            user=self.user,
            port=self.port,
            host_key=None,
            known_hosts=str(self.known_hosts),
            identity_file=str(self.client_key),
            jump_hosts=(),
        )


class SshHosts:
    """So many hosts, for as long as the block takes."""

    def __init__(self, count: int) -> None:
        program = shutil.which("sshd", path=os.defpath + ":/usr/sbin:/usr/local/sbin")
        if program is None:
            raise SystemExit("there is no sshd on this machine: make bench-packages installs OpenSSH's, as root")
        self._count = count
        self._program = program
        self._is_root = os.geteuid() == 0
        self._user = USER if self._is_root else getpass.getuser()

    def _host(self, number: int) -> SshAddress:
        address = f"127.{1 + number // 62500}.{number // 250 % 250}.{1 + number % 250}"
        return SshAddress(
            address=address,
            port=self._port,
            user=self._user,
            client_key=self.folder / "client_key",
            known_hosts=self.folder / "known_hosts",
            folder=self.folder / "hosts" / address,
        )

    def empty(self, tool: str) -> None:
        """Take away what a tool has made on each host."""
        for host in self.hosts:
            if (host.folder / tool).exists():
                shutil.rmtree(host.folder / tool)
            host.folder.mkdir(parents=True, exist_ok=True)
            if self._is_root:
                os.chown(host.folder, _USER_ID, _USER_ID)

    def __enter__(self) -> Self:
        with ExitStack() as stack:
            self.folder = stack.enter_context(scratch())
            self.folder.chmod(0o755)
            with socket.create_server(("127.0.0.1", 0)) as free:
                self._port: int = free.getsockname()[1]
            self.hosts = tuple(self._host(number) for number in range(self._count))
            self._write_keys()
            with (self.folder / "sshd.log").open("wb") as log:
                self._sshd = subprocess.Popen(self._command(), stdin=subprocess.DEVNULL, stdout=log, stderr=log)
            stack.callback(self._end)
            self._wait()
            self._all = stack.pop_all()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self._all.close()

    def _end(self) -> None:
        self._sshd.kill()  # and with it, where root runs it, all that it has started
        self._sshd.wait()

    def _write_keys(self) -> None:
        for name in ("host_key", "client_key"):
            made = ["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", "", "-f", str(self.folder / name)]
            subprocess.run(made, check=True)
        shown = " ".join((self.folder / "host_key.pub").read_text(encoding="ascii").split()[:2])
        lines = [f"[{host.address}]:{self._port} {shown}\n" for host in self.hosts]
        (self.folder / "known_hosts").write_text("".join(lines), encoding="ascii")
        (self.folder / "client_key.pub").chmod(0o644)

    def _command(self) -> list[str]:
        configuration = self.folder / "sshd_config"
        configuration.write_text(
            _CONFIGURATION.format(port=self._port, folder=self.folder, user=self._user), encoding="ascii"
        )
        sshd = [self._program, "-D", "-e", "-f", str(configuration)]
        # setpriv: it dies with this process, however that ends.
        with_us = ["setpriv", "--pdeathsig", "KILL", "--"]
        if not self._is_root:
            return [*with_us, *sshd]
        passwd = self.folder / "passwd"
        home = self.folder / "home"
        home.mkdir()
        os.chown(home, _USER_ID, _USER_ID)
        known = Path("/etc/passwd").read_text(encoding="utf-8")
        passwd.write_text(f"{known}{USER}:x:{_USER_ID}:{_USER_ID}::{home}:/bin/sh\n", encoding="utf-8")
        # What is mounted here is seen by this sshd and its children alone, and it is the first process of theirs: none
        # of them outlives it, be it a session or a timer.
        mounts = f'mkdir -p /run/sshd && mount --bind {passwd} /etc/passwd && exec "$@"'
        apart = ["unshare", "--mount", "--pid", "--fork", "--kill-child=KILL", "--"]
        return [*with_us, *apart, "sh", "-c", mounts, "sh", *sshd]

    def _wait(self) -> None:
        until = time.monotonic() + _READY_WITHIN
        while time.monotonic() < until and self._sshd.poll() is None:
            try:
                with socket.create_connection(("127.0.0.1", self._port), 1.0) as greeted:
                    if greeted.recv(4) == b"SSH-":
                        return
            except OSError:
                time.sleep(0.02)
        said = (self.folder / "sshd.log").read_text(encoding="utf-8", errors="replace")
        raise SystemExit(f"the benchmark's sshd does not start: {said}")
