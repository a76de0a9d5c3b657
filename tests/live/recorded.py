"""What is started on a host and by the operator, with all words and variables; and what everyone can read meanwhile."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from lab.host import Host
from tests.live.planted import Planted

_TRACING = ("strace", "-f", "-v", "-s", "65536", "-e", "trace=execve,execveat")
_BY_SSH, _BY_SYSTEMD, _SEEN = "/root/started-by-ssh", "/root/started-by-systemd", "/root/seen-by-everyone"
_LOOKED_IN = "/etc /run /tmp /var /home /root /usr/local /dev/shm"
# As nobody, again and again: names of files that hold one of the patterns on stdin.
_LOOK = f"""\
patterns=$(cat)
while :; do
    printf '%s\\n' "$patterns" | grep -rlaF --devices=skip -f - {_LOOKED_IN} 2>/dev/null
    sleep 0.2
done
"""


def traced(trace: Path, argv: Sequence[str]) -> list[str]:
    """The argument vector that runs `argv` and writes down whatever it starts."""
    return [*_TRACING, "--seccomp-bpf", "-o", str(trace), *argv]


class Recorder:
    """A host whose sshd is traced, and on which nobody looks at everything that he may read."""

    def __init__(self, host: Host, planted: Planted) -> None:
        self._host = host
        self._start("recorded-ssh", "-p", "RuntimeDirectory=sshd", *_TRACING, "--seccomp-bpf", "-o", _BY_SSH,
                    "/usr/sbin/sshd", "-D", "-o", "PidFile=none", stop="ssh.service")  # fmt: skip
        self.look_for(planted)

    def look_for(self, planted: Planted) -> None:
        """From now on for these, too."""
        patterns = b"\n".join(planted.forms)
        self._host.run(["systemctl", "stop", "recorded-look"])
        self._host.write("/root/patterns", patterns, mode=0o600)
        self._start("recorded-look", "-p", "User=nobody", "-p", "StandardInput=file:/root/patterns",
                    "-p", f"StandardOutput=append:{_SEEN}", "sh", "-c", _LOOK)  # fmt: skip

    @contextmanager
    def by_systemd(self) -> Iterator[None]:
        """Also what systemd starts during the block: timers, units."""
        self._start("recorded-systemd", *_TRACING, "-p", "1", "-o", _BY_SYSTEMD)
        try:
            yield
        finally:
            self._host.run(["systemctl", "stop", "recorded-systemd"])

    def started(self) -> bytes:
        """Every program that was started, with its words and variables."""
        return self._host.run(["sh", "-c", f"cat {_BY_SSH} {_BY_SYSTEMD} 2>/dev/null"]).stdout

    def seen_by_everyone(self) -> str:
        """Files that nobody could read and that held a secret."""
        return self._host.run(["sort", "-u", _SEEN], check=True).stdout.decode()

    def logs(self) -> bytes:
        """All that was logged, and the configuration of the host that is not Asterisk's or confgen's own."""
        return self._host.run(["sh", "-c", "journalctl --no-pager -o export; cat $(find /var/log -type f)"]).stdout

    def _start(self, unit: str, *words: str, stop: str = "") -> None:
        if stop:
            self._host.run(["systemctl", "stop", stop, "ssh.socket"])
        self._host.run(["systemd-run", "--quiet", f"--unit={unit}", *words], check=True)
