"""Points at which a push is stopped: before or after one of its remote commands, or at a step of the host's script."""

from __future__ import annotations

import subprocess
import time
from collections.abc import Callable
from dataclasses import dataclass

from lab.host import Host

_FORCED = "/usr/local/bin/stopping"
_POINT = "/etc/stopping-point"
# Every command of the operator comes here: it is counted, and one of them stops until it may go on.
_PROGRAM = b"""#!/bin/sh
trap '' HUP PIPE
if [ $# = 0 ] && [ "$SSH_ORIGINAL_COMMAND" = 'exec sh' ]; then
    # The shell in which one command comes after the other begins each of them with this program as well.
    exec /bin/sh -c '{ echo "alias exec=$0"; exec cat; } | exec /bin/sh' "$0"
fi
said=${*:-$SSH_ORIGINAL_COMMAND}
[ $# -gt 0 ] || set -- /bin/sh -c "$SSH_ORIGINAL_COMMAND"
# The proof asks for state and sockets at once, and which of them comes first is no matter.
number=$(flock /run/stopping.count sh -c 'echo x >>/run/stopping.count; wc -l </run/stopping.count')
printf '%s\\n' "$said" >>/run/stopping.commands
NUMBER=0 WHERE=none
[ ! -f /etc/stopping-point ] || . /etc/stopping-point
stop_here() {
    : >/run/stopping.reached
    while ! [ -e /run/stopping.go ]; do sleep 0.02; done
    /bin/rm -f /run/stopping.reached
}
[ "$NUMBER" = "$number" ] || exec "$@"
case $WHERE in
before) stop_here ;;
after)
    "$@"
    status=$?
    stop_here
    exit $status
    ;;
*) export STOPPING_AT="$WHERE" ;;
esac
exec "$@"
"""
# The programs by which the script changes something stand before the real ones in its path.
_CHANGING = ("chown", "chmod", "cp", "ln", "mkdir", "mv", "rm", "sync", "systemctl", "systemd-run", "tar", "touch")
_STEP = b"""#!/bin/sh
name=${0##*/}
for real in /usr/bin/$name /bin/$name; do [ -x $real ] && break; done
[ -n "$STOPPING_AT" ] || exec $real "$@"
number=$(($(cat /run/stopping.step 2>/dev/null || echo 0) + 1))
echo $number >/run/stopping.step
echo "$number $name $*" >>/run/stopping.steps
case "$name $*" in
$STOPPING_AT)
    : >/run/stopping.reached
    while ! [ -e /run/stopping.go ]; do sleep 0.02; done
    /bin/rm -f /run/stopping.reached
    ;;
esac
exec $real "$@"
"""

# What a push with something to do runs on its host, in order; `ports` looks at sockets for the proof.
COMMANDS = (
    "observe", "read", "lock", "observe again", "stage", "preflight", "switch", "activate", "state", "ports", "confirm",
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Point:
    """Before or after a command of COMMANDS, or before what its script runs itself, told by a pattern of the shell."""

    command: str
    where: str  # `before`, `after` or a pattern: `mv *armed.new*`

    def __str__(self) -> str:
        return f"{self.where} {self.command}" if self.where in {"before", "after"} else f"{self.command}: {self.where}"

    @property
    def number(self) -> int:
        return COMMANDS.index(self.command) + 1

    @property
    def restarts(self) -> bool:
        """Whether the change of the push needs a restart there; else it does for every other point."""
        return self.where.startswith("systemctl st") or POINTS.index(self) % 2 == 0


_STEPS = {
    "stage": ("mv *keys/*", "mv *generations/incoming *", "mv *store/*"),
    "switch": (
        "mv *undo.sh*",
        "systemd-run *",
        "mv *confgen-undo*",
        "mv *armed.new*",
        "mv *under_way*",
        "mv *extensions.lua",
        "mv *current.new*",
    ),
    "activate": ("systemctl stop asterisk*", "systemctl start asterisk*"),
    "confirm": (
        "mv *armed *confirmed",
        "mv *under_way*",
        "rm *under_way*",
        "rm *confirmed",
        "rm *confgen-undo*",
        "systemctl stop confgen-undo*",
    ),
}
POINTS = (
    *(Point(command=command, where="before") for command in COMMANDS),
    *(Point(command=command, where="after") for command in ("switch", "confirm")),
    *(Point(command=command, where=step) for command, steps in _STEPS.items() for step in steps),
)


class Stopping:
    """A host on which the operator's commands can be stopped."""

    def __init__(self, host: Host) -> None:
        self.host = host
        host.write(_FORCED, _PROGRAM, mode=0o755)
        for name in _CHANGING:
            host.write(f"/usr/local/bin/{name}", _STEP, mode=0o755)
        host.write("/etc/ssh/sshd_config.d/stopping.conf", f"ForceCommand {_FORCED}\n".encode())
        host.run(["systemctl", "reload", "ssh"], check=True)

    def at(self, point: Point | None) -> None:
        """From now on the commands are counted anew, and stop at this point."""
        if point is None:
            self.host.write(_POINT, b"NUMBER=0 WHERE=none\n")
        else:
            self.host.write(_POINT, f"NUMBER={point.number} WHERE='{point.where}'\n".encode())
        self.host.run(["sh", "-c", "/bin/rm -f /run/stopping.*"], check=True)

    def wait(self, operator: subprocess.Popen[bytes], seconds: float = 30) -> bool:
        """Until the point is reached; False where the operator came to the end without."""
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            if self.host.has("/run/stopping.reached"):
                return True
            if operator.poll() is not None:
                return False
            time.sleep(0.02)
        return False

    def go(self) -> None:
        """What is stopped goes on."""
        going = ": >/run/stopping.go; while [ -e /run/stopping.reached ]; do sleep 0.02; done"
        self.host.run(["/bin/sh", "-c", going], check=True)

    def steps(self) -> list[str]:
        """The steps of the command that was to stop, as far as it came."""
        return self.host.run(["cat", "/run/stopping.steps"]).stdout.decode().splitlines()

    def commands(self) -> list[str]:
        """What was run since the last `at`."""
        return self.host.run(["cat", "/run/stopping.commands"]).stdout.decode().splitlines()


def wait_until(is_so: Callable[[], bool], seconds: float) -> float:
    """Seconds until it was so; AssertionError where it never was."""
    started = time.monotonic()
    while not is_so():
        assert time.monotonic() - started < seconds, f"not so after {seconds} s"
        time.sleep(0.1)
    return time.monotonic() - started
