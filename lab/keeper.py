"""The process that holds an instance's mount namespace: its disks and its resolver's file, which vanish with it."""

from __future__ import annotations

import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path

from lab import cgroup, namespace, state
from lab.machine import environment

# $1 is the folder of the disks, $2 a resolv.conf. Nothing mounted here is ever seen outside.
_HOLD = """\
set -e
mount -t tmpfs -o mode=0755 confgen-lab "$1"
if [ -e /etc/resolv.conf ]; then mount --bind "$2" /etc/resolv.conf; fi
echo ready
exec sleep infinity
"""
# systemd-nspawn keeps notes here, and refuses to start when it finds those of a host that was killed.
_BOOT = """\
set -e
mkdir -p /run/systemd/nspawn
mount -t tmpfs -o mode=0755 confgen-lab /run/systemd/nspawn
exec "$@"
"""
_MOUNT_DISK = """\
set -e
mkdir -p "$1/upper" "$1/work" "$1/root"
mount -t overlay "$2" -o "lowerdir=$3,upperdir=$1/upper,workdir=$1/work" "$1/root"
"""
_DISCARD_DISK = """\
set -e
umount --lazy "$1/root"
rm -rf --one-file-system "$1"
"""


class Keeper:
    """Holds the mounts of one instance."""

    def __init__(self, instance: str, layers: Mapping[str, str], name_server: str) -> None:
        """Start the holding process; `layers` gives each host's read-only layers, topmost first."""
        folder = state.instance_folder(instance)
        self.cgroup = cgroup.instance_cgroup(instance) / ".control"
        self._instance = instance
        self._layers = layers
        self._disks = folder / "disks"
        self._disks.mkdir()
        resolv_conf = folder / "resolv.conf"
        resolv_conf.write_text(f"nameserver {name_server}\n", encoding="ascii")
        argv = ["unshare", "--mount", "--propagation", "slave", "sh", "-c", _HOLD, "hold"]
        argv += [str(self._disks), str(resolv_conf)]
        log = folder / "keeper.log"
        with log.open("wb") as errors, namespace.entered(state.control_namespace(instance)):
            self._process = subprocess.Popen(
                cgroup.joined(self.cgroup, argv),
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=errors,
                env=environment(),
            )
        stdout = self._process.stdout
        if stdout is None or stdout.read(6) != b"ready\n":
            raise OSError(
                f"no mount namespace for the lab: {log.read_text(encoding='utf-8', errors='replace').strip()}"
            )

    def entering(self, argv: Sequence[str]) -> list[str]:
        """The argument vector that runs `argv` with the instance's mounts, in the clients' network."""
        return cgroup.joined(self.cgroup, ["nsenter", "-t", str(self._process.pid), "-m", "-n", "--", *argv])

    def with_mounts(self, argv: Sequence[str]) -> list[str]:
        """The argument vector that runs `argv` with the instance's mounts, in the network of who runs it."""
        return cgroup.joined(self.cgroup, [*self._with_mounts(), *argv])

    def disk(self, host: str, number: int) -> Path:
        """Where the host's root file system is mounted, as seen from inside."""
        return self._disks / host / str(number) / "root"

    def make_disk(self, host: str, number: int, below: Sequence[int] = ()) -> None:
        """Give the host an empty disk over its read-only layers, and over those of its disks that are kept below it."""
        kept = [self.disk(host, one).with_name("upper") for one in below]
        layers = ":".join(map(str, (*kept, self._layers[host])))
        self._run(_MOUNT_DISK, self.disk(host, number).parent, f"{self._instance}.{host}", layers)

    def change_disk(self, host: str, number: int, script: str) -> None:
        """Run a script of the shell in the root folder of a host that has not started."""
        self._run('exec chroot "$1" /bin/sh -c "$2"', self.disk(host, number), script)

    def keep_disk(self, host: str, number: int) -> None:
        """Take the disk of a host that is off, so that it can lie below others and never changes again."""
        self._run('umount "$1"', self.disk(host, number))

    def discard_disk(self, host: str, number: int) -> None:
        """Throw a disk away."""
        self._run(_DISCARD_DISK, self.disk(host, number).parent)

    def booting(self, argv: Sequence[str]) -> list[str]:
        """The argument vector that runs systemd-nspawn where the disks are."""
        return [*self._with_mounts(), "unshare", "--mount", "sh", "-c", _BOOT, "boot", *argv]

    def close(self) -> None:
        """Reap the holding process after its cgroup was killed."""
        with self._process:
            self._process.kill()

    def _with_mounts(self) -> list[str]:
        return ["nsenter", "-t", str(self._process.pid), "-m", "--"]

    def _run(self, script: str, *arguments: object) -> None:
        argv = [*self._with_mounts(), "sh", "-c", script, "keeper", *map(str, arguments)]
        done = subprocess.run(argv, check=False, capture_output=True, text=True, env=environment())
        if done.returncode != 0:
            raise OSError(f"a disk of the lab: {done.stderr.strip()}")
