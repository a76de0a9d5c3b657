"""Root folders of Debian hosts: built once with mmdebstrap, kept in a cache outside the repository."""

from __future__ import annotations

import fcntl
import hashlib
import json
import os
import re
import shutil
import subprocess
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from enum import Enum
from pathlib import Path
from typing import IO

from lab.machine import LabUnavailable, environment, require_machine

Report = Callable[[str], None]
_KEYRINGS = (
    Path("/usr/share/keyrings/debian-archive-keyring.gpg"),
    Path("/usr/share/keyrings/debian-archive-keyring.pgp"),
)
_PBX_PACKAGES = (
    "asterisk",
    "ca-certificates",
    "dbus",
    "iproute2",
    "openssh-server",
    "openssl",
    "procps",
    "strace",
    "sudo",
    "systemd-sysv",
    "tar",
)
_OPTIONS = (
    'APT::Install-Recommends "false"',
    'Acquire::Languages "none"',
    # A mirror may be an older copy whose Release file is past its Valid-Until; its signature is still checked.
    'Acquire::Check-Valid-Until "false"',
)
_LEFT_OUT = ("/usr/share/doc/*", "/usr/share/man/*", "/usr/share/locale/*")
_MASKED_UNITS = (
    "apt-daily-upgrade.timer",
    "apt-daily.timer",
    "console-getty.service",
    "dpkg-db-backup.timer",
    "e2scrub_all.timer",
    "e2scrub_reap.service",
    "fstrim.timer",
    "getty.target",
    "systemd-networkd.service",
    "systemd-resolved.service",
    "systemd-timesyncd.service",
)
_SSHD = """\
HostKey /etc/ssh/ssh_host_ed25519_key
PasswordAuthentication no
PermitRootLogin prohibit-password
"""


class Root(Enum):
    """The root folders that the lab can build."""

    ASTERISK_22 = "asterisk22"
    ASTERISK_16 = "asterisk16"
    CLIENTS = "clients"


@dataclass(frozen=True, slots=True, kw_only=True)
class Recipe:
    """What a root folder is made of and which version of its main program it must contain."""

    suite: str
    packages: tuple[str, ...]
    version_command: tuple[str, ...]
    version_wanted: str
    is_pbx: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class BuiltRoot:
    """A root folder that stands in the cache, with the version that was found in it."""

    folder: Path
    version: str
    seconds: float


class BuildFailed(Exception):
    """A root folder could not be built; the message says why in one line."""


RECIPES: Mapping[Root, Recipe] = {
    Root.ASTERISK_22: Recipe(
        suite="forky",
        packages=_PBX_PACKAGES,
        version_command=("/usr/sbin/asterisk", "-V"),
        version_wanted=r"Asterisk (22\.\d+\.\d+)",
        is_pbx=True,
    ),
    Root.ASTERISK_16: Recipe(
        suite="bullseye",
        packages=(*_PBX_PACKAGES, "asterisk-voicemail"),
        version_command=("/usr/sbin/asterisk", "-V"),
        version_wanted=r"Asterisk (16\.28\.\d+)",
        is_pbx=True,
    ),
    Root.CLIENTS: Recipe(
        suite="forky",
        packages=("baresip-core", "ca-certificates", "openssl", "sip-tester", "tcpdump"),
        version_command=("/usr/bin/sipp", "-v"),
        version_wanted=r"SIPp v(3\.8\.\d+)",
        is_pbx=False,
    ),
}


def cache_folder() -> Path:
    """Where root folders are kept."""
    if named := os.environ.get("CONFGEN_LAB_CACHE"):
        return Path(named)
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "confgen-lab"


def build(root: Root, report: Report) -> BuiltRoot:
    """Give the root folder, building it when the cache has none of this recipe."""
    require_machine()
    folder = cache_folder() / f"{root.value}-{_digest(RECIPES[root])}"
    if (built := _in_cache(folder)) is not None:
        return built
    folder.parent.mkdir(parents=True, exist_ok=True)
    with _locked(folder.with_suffix(".lock"), report, root) as lock:
        if (built := _in_cache(folder)) is None:
            built = _build(root, folder, lock, report)
    return built


def build_all(roots: Iterable[Root], report: Report) -> dict[Root, BuiltRoot | BuildFailed]:
    """Build several root folders at the same time; a failure of one leaves the others alone."""

    def outcome(root: Root) -> BuiltRoot | BuildFailed:
        try:
            return build(root, report)
        except BuildFailed as error:
            return error

    wanted = tuple(roots)
    with ThreadPoolExecutor(max_workers=max(1, len(wanted))) as executor:
        return dict(zip(wanted, executor.map(outcome, wanted), strict=True))


def _digest(recipe: Recipe) -> str:
    ingredients = [asdict(recipe), _OPTIONS, _LEFT_OUT, _MASKED_UNITS, _SSHD]
    return hashlib.sha256(json.dumps(ingredients).encode()).hexdigest()[:12]


def _in_cache(folder: Path) -> BuiltRoot | None:
    try:
        made = json.loads((folder / "built.json").read_text(encoding="utf-8"))
    except FileNotFoundError:
        return None
    return BuiltRoot(folder=folder / "root", version=made["version"], seconds=made["seconds"])


@contextmanager
def _locked(path: Path, report: Report, root: Root) -> Iterator[IO[str]]:
    with path.open("w", encoding="ascii") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            report(f"{root.value}: another process is building it; waiting")
            fcntl.flock(lock, fcntl.LOCK_EX)
        yield lock


def _build(root: Root, folder: Path, lock: IO[str], report: Report) -> BuiltRoot:
    recipe = RECIPES[root]
    started = time.monotonic()
    temporary = folder.with_name(f".{folder.name}.building")
    shutil.rmtree(temporary, ignore_errors=True)  # an interrupted build's; we hold the lock
    (temporary / "root").mkdir(parents=True)
    report(f"{root.value}: building from Debian {recipe.suite} (about a minute)")
    _run_mmdebstrap(root, temporary, lock, report)
    version = _found_version(root, temporary / "root")
    _prepare(recipe, temporary / "root")
    seconds = round(time.monotonic() - started, 1)
    made = {"root": root.value, "suite": recipe.suite, "version": version, "seconds": seconds}
    (temporary / "built.json").write_text(json.dumps(made) + "\n", encoding="utf-8")
    temporary.rename(folder)
    report(f"{root.value}: ready, {version}, {seconds:.0f} s")
    return BuiltRoot(folder=folder / "root", version=version, seconds=seconds)


def _run_mmdebstrap(root: Root, temporary: Path, lock: IO[str], report: Report) -> None:
    recipe = RECIPES[root]
    argv = ["unshare", "--mount", "--pid", "--fork", "--kill-child", "--mount-proc"]
    argv += ["mmdebstrap", "--variant=minbase", "--mode=root", f"--include={','.join(recipe.packages)}"]
    argv += [f"--aptopt={option}" for option in _OPTIONS]
    argv += [f"--dpkgopt=path-exclude={pattern}" for pattern in _LEFT_OUT]
    argv += [recipe.suite, str(temporary / "root"), f"deb [signed-by={_keyring()}] {_mirror()} {recipe.suite} main"]
    log = temporary / "mmdebstrap.log"
    # The child inherits the lock: should we be killed, nobody builds the same until it has ended.
    with (
        log.open("w", encoding="utf-8") as stream,
        subprocess.Popen(
            argv,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            text=True,
            errors="replace",
            env=environment(),
            pass_fds=[lock.fileno()],
        ) as process,
    ):
        for line in process.stderr or ():
            stream.write(line)
            if line.startswith("I: ") and line.rstrip().endswith("..."):
                report(f"{root.value}: {line[3:].strip()}")
    if process.returncode != 0:
        raise BuildFailed(_reason(root, log.read_text(encoding="utf-8")))


def _reason(root: Root, log: str) -> str:
    recipe = RECIPES[root]
    if "NO_PUBKEY" in log or "Missing key" in log:
        return (
            f"{root.value}: this machine's debian-archive-keyring has no key for Debian {recipe.suite}: "
            "install a newer debian-archive-keyring"
        )
    lines = [line.strip() for line in log.splitlines() if line.strip()]
    errors = [line for line in lines if line.startswith(("E: ", "Err:", "W: Failed"))]
    return f"{root.value}: mmdebstrap failed: {(errors or lines[-1:] or ['it gave no reason'])[0]}"


def _keyring() -> Path:
    for path in _KEYRINGS:
        if path.exists():
            return path
    raise LabUnavailable("the lab needs Debian's archive keys: apt-get install debian-archive-keyring")


def _mirror() -> str:
    """The Debian mirror that this machine's own apt uses."""
    targets = subprocess.run(
        ["apt-get", "indextargets", "--format", "$(LABEL)|$(SITE)", "Created-By: Packages"],
        check=False,
        capture_output=True,
        text=True,
        env=environment(),
    ).stdout
    for target in targets.splitlines():
        label, _, site = target.partition("|")
        if label == "Debian":
            return site
    raise LabUnavailable("the lab takes its Debian mirror from apt, which knows none: run apt-get update")


def _found_version(root: Root, folder: Path) -> str:
    recipe = RECIPES[root]
    said = subprocess.run(
        ["chroot", str(folder), *recipe.version_command],
        check=False,
        capture_output=True,
        text=True,
        stdin=subprocess.DEVNULL,
        env=environment(),
    )
    if (found := re.search(recipe.version_wanted, said.stdout + said.stderr)) is None:
        first_line = (said.stdout + said.stderr).strip().partition("\n")[0]
        raise BuildFailed(f"{root.value}: wanted {recipe.version_wanted}, Debian {recipe.suite} gave: {first_line}")
    return found[0]


def _prepare(recipe: Recipe, folder: Path) -> None:
    """What every host of this root folder shares; keys and names come from the instance."""
    (folder / "etc/resolv.conf").unlink(missing_ok=True)
    (folder / "etc/resolv.conf").touch()
    if not recipe.is_pbx:
        return
    for unit in _MASKED_UNITS:
        link = folder / "etc/systemd/system" / unit
        link.unlink(missing_ok=True)
        link.symlink_to("/dev/null")
    for key in (folder / "etc/ssh").glob("ssh_host_*"):
        key.unlink()
    (folder / "etc/ssh/sshd_config.d/lab.conf").write_text(_SSHD, encoding="ascii")
    subprocess.run(
        ["chroot", str(folder), "useradd", "--create-home", "--shell", "/bin/bash", "deploy"],
        check=True,
        capture_output=True,
        env=environment(),
    )
