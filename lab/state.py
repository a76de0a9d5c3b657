"""What stands of every instance on this machine, and its removal, whoever made it."""

from __future__ import annotations

import fcntl
import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from lab import cgroup, namespace
from lab.owner import Owner, this_process

_STATE = Path("/run/confgen-lab")
_NAME = re.compile(r"[a-z0-9][a-z0-9-]{0,24}")


class BadName(ValueError):
    """A name that the kernel or the domain name system would refuse."""


class InstanceInUse(Exception):
    """An instance of this name runs already, and its owner is alive."""


def instance_folder(instance: str) -> Path:
    """Where an instance keeps its keys, logs and disks."""
    return _STATE / instance


def control_namespace(instance: str) -> str:
    """The network namespace with the bridge, the name server and the clients."""
    return f"cglab-{instance}"


def host_namespace(instance: str, host: str) -> str:
    """The network namespace of one host; the dot keeps it apart from every control namespace."""
    return f"{control_namespace(instance)}.{host}"


def check_name(name: str) -> str:
    """The name of an instance or a host, refused when the kernel's or a domain's rules would refuse it."""
    if not _NAME.fullmatch(name):
        raise BadName(f"not a name for the lab: {name!r} (lower-case letters, digits and hyphens, at most 25)")
    return name


def claim(instance: str) -> Path:
    """Remove what dead owners left, then make the instance's folder ours."""
    with _locked():
        for name, owner in instances():
            if owner is None or not owner.is_alive():
                _tear_down(name)
        folder = instance_folder(check_name(instance))
        if folder.exists():
            raise InstanceInUse(f"the lab instance {instance!r} runs already: {folder}")
        folder.mkdir(mode=0o700)
        (folder / "owner.json").write_text(this_process().to_json(), encoding="ascii")
    return folder


def tear_down(instance: str, owner: Owner | None = None) -> None:
    """Remove everything of the instance; with an owner, only if it is still that owner's."""
    with _locked():
        if owner is None or owner_of(instance) == owner:
            _tear_down(instance)


def instances() -> Iterator[tuple[str, Owner | None]]:
    """Every instance that stands, with its owner; None when it died before it could write its name."""
    if _STATE.is_dir():
        for folder in sorted(_STATE.iterdir()):
            if folder.is_dir():
                yield folder.name, owner_of(folder.name)


def owner_of(instance: str) -> Owner | None:
    """The owner of a standing instance."""
    try:
        return Owner.from_json((instance_folder(instance) / "owner.json").read_text(encoding="ascii"))
    except (FileNotFoundError, ValueError):
        return None


def _tear_down(instance: str) -> None:
    group = cgroup.instance_cgroup(instance)
    cgroup.kill(group)  # the mounts go with the last process of the instance's own mount namespace
    cgroup.remove(group)
    control = control_namespace(instance)
    if namespace.NETNS.is_dir():
        of_hosts = [path.name for path in namespace.NETNS.glob(f"{control}.*")]
        namespace.delete([control, *of_hosts])
    shutil.rmtree(instance_folder(instance), ignore_errors=True)


@contextmanager
def _locked() -> Iterator[None]:
    _STATE.mkdir(mode=0o700, parents=True, exist_ok=True)
    with (_STATE / "lock").open("w", encoding="ascii") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
