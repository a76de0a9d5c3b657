"""SSH hosts of the benchmark: loopback addresses of one sshd, an ordinary process that ends with the block.

Where root runs it, the user is one that only this sshd knows, with a plain /bin/sh; else it is who runs it. What the
hosts keep lies in memory: disks are not what is measured.
"""

from __future__ import annotations

import getpass
import os
import shutil
import socket
import subprocess
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from confgen.model.inventory import SshAccess

if TYPE_CHECKING:
    from types import TracebackType
    from typing import Self

USER = "confgen-bench"
_USER_ID = 61234  # of nobody else: Debian gives out others
_READY_WITHIN = 5.0  # seconds

_CONFIGURATION = """\
Port {port}
ListenAddress 0.0.0.0
HostKey {folder}/host_key
AuthorizedKeysFile {folder}/client_key.pub
AllowUsers {user}@127.0.0.0/8
PidFile none
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
        memory = Path("/dev/shm")  # noqa: S108 -- a folder of its own below it
        self.folder = Path(tempfile.mkdtemp(prefix="confgen-bench-", dir=memory if memory.is_dir() else None))
        self.folder.chmod(0o755)
        self._program = program
        self._is_root = os.geteuid() == 0
        self._user = USER if self._is_root else getpass.getuser()
        with socket.create_server(("127.0.0.1", 0)) as free:
            self._port: int = free.getsockname()[1]
        self.hosts = tuple(self._host(number) for number in range(count))

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
            shutil.rmtree(host.folder / tool, ignore_errors=True)
            host.folder.mkdir(parents=True, exist_ok=True)
            if self._is_root:
                os.chown(host.folder, _USER_ID, _USER_ID)

    def __enter__(self) -> Self:
        for name in ("host_key", "client_key"):
            made = ["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", "", "-f", str(self.folder / name)]
            subprocess.run(made, check=True)
        shown = " ".join((self.folder / "host_key.pub").read_text(encoding="ascii").split()[:2])
        lines = [f"[{host.address}]:{self._port} {shown}\n" for host in self.hosts]
        (self.folder / "known_hosts").write_text("".join(lines), encoding="ascii")
        (self.folder / "client_key.pub").chmod(0o644)
        configuration = self.folder / "sshd_config"
        configuration.write_text(
            _CONFIGURATION.format(port=self._port, folder=self.folder, user=self._user), encoding="ascii"
        )
        self._sshd = subprocess.Popen(self._started(configuration))
        self._wait()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self._sshd.terminate()
        self._sshd.wait()
        shutil.rmtree(self.folder, ignore_errors=True)

    def _started(self, configuration: Path) -> list[str]:
        sshd = [self._program, "-D", "-e", "-f", str(configuration)]
        if not self._is_root:
            return sshd
        passwd = self.folder / "passwd"
        home = self.folder / "home"
        home.mkdir()
        os.chown(home, _USER_ID, _USER_ID)
        known = Path("/etc/passwd").read_text(encoding="utf-8")
        passwd.write_text(f"{known}{USER}:x:{_USER_ID}:{_USER_ID}::{home}:/bin/sh\n", encoding="utf-8")
        # What is mounted here is seen by this sshd and its children alone.
        mounts = f'mkdir -p /run/sshd && mount --bind {passwd} /etc/passwd && exec "$@"'
        return ["unshare", "--mount", "--", "sh", "-c", mounts, "sh", *sshd]

    def _wait(self) -> None:
        until = time.monotonic() + _READY_WITHIN
        while time.monotonic() < until and self._sshd.poll() is None:
            try:
                with socket.create_connection(("127.0.0.1", self._port), 1.0) as greeted:
                    if greeted.recv(4) == b"SSH-":
                        return
            except OSError:
                time.sleep(0.02)
        self._sshd.kill()
        raise SystemExit("the benchmark's sshd does not start")
