"""The script that is confgen's hands on an Asterisk host: how its verbs are called and its answers read."""

from __future__ import annotations

import hashlib
import io
import re
import shlex
import tarfile
from functools import lru_cache
from importlib.resources import files
from typing import TYPE_CHECKING

from confgen.model.driver import PushRefused
from confgen.model.finding import Finding
from confgen.model.host import Command, HostError

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from confgen.model.host import Completed, Host

INSTALLED = "/usr/local/lib/confgen/confgen-asterisk"
_REFUSED = 3
_INSTALL = (
    "umask 022 && mkdir -p /usr/local/lib/confgen && cat >/usr/local/lib/confgen/new && "
    "chmod 0755 /usr/local/lib/confgen/new && mv -T /usr/local/lib/confgen/new " + INSTALLED
)


class ScriptFailed(HostError):
    """The host's script ended in a way it should not: what it did is not known."""


@lru_cache(maxsize=1)
def text() -> bytes:
    """The script itself."""
    return files("confgen.drivers.asterisk").joinpath("host/confgen-asterisk.sh").read_bytes()


def digest() -> str:
    """SHA-256 of the script, to tell whether the host has this very one."""
    return hashlib.sha256(text()).hexdigest()


def install(host: Host) -> None:
    """Put the script on the host, where root runs it and nobody else can change it."""
    completed = host.run(Command(argv=("sh", "-c", _INSTALL), stdin=text()))
    if completed.exit_status != 0:
        raise ScriptFailed(_told(host, "install", completed))


def look(host: Host, verb: str, *words: str, timeout: float = 60.0) -> bytes:
    """Run a verb that only reads; the script goes along, so nothing need be installed for it."""
    program = f"set -- {shlex.join((verb, *words))}\n".encode() + text()
    return _answer(host, verb, host.run(Command(argv=("sh", "-s"), stdin=program, timeout=timeout)))


def act(host: Host, verb: str, *words: str, stdin: bytes = b"", timeout: float = 60.0) -> bytes:
    """Run a verb of the installed script."""
    return _answer(host, verb, host.run(Command(argv=(INSTALLED, verb, *words), stdin=stdin, timeout=timeout)))


def is_askable(name: str) -> bool:
    """Whether a name can be one of a verb's words."""
    return re.fullmatch(r"[A-Za-z0-9_-][A-Za-z0-9._-]*", name) is not None


def lines(answer: bytes) -> tuple[tuple[str, str], ...]:
    """An answer of `word rest` lines."""
    found = []
    for line in _lines(answer):
        word, _, rest = line.partition(" ")
        found.append((word, rest))
    return tuple(found)


def blocks(answer: bytes) -> Mapping[str, str]:
    """An answer of `=== title` blocks."""
    found: dict[str, list[str]] = {}
    title = ""
    for line in _lines(answer):
        if line.startswith("=== "):
            title = line[4:]
            found[title] = []
        elif title:
            found[title].append(line)
    return {title: "\n".join(body) for title, body in found.items()}


def _lines(answer: bytes) -> list[str]:
    """Lines as the shell wrote them: any other line end of Unicode may be part of what somebody sent."""
    return answer.decode(errors="replace").removesuffix("\n").split("\n")


def pack(contents: Iterable[tuple[str, str]]) -> bytes:
    """A tar of texts by path, the same bytes for the same texts."""
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w", format=tarfile.USTAR_FORMAT) as archive:
        for path, content in contents:
            entry = tarfile.TarInfo(path)
            body = content.encode()
            entry.size, entry.mode = len(body), 0o640
            archive.addfile(entry, io.BytesIO(body))
    return buffer.getvalue()


def unpack(archive: bytes) -> Mapping[str, str]:
    """The texts of a tar by path; anything but plain files is left out."""
    found: dict[str, str] = {}
    with tarfile.open(fileobj=io.BytesIO(archive), mode="r:") as opened:
        for entry in opened:
            body = opened.extractfile(entry) if entry.isfile() else None
            if body is not None:
                found[entry.name.removeprefix("./")] = body.read().decode(errors="replace")
    return found


def _answer(host: Host, verb: str, completed: Completed) -> bytes:
    if completed.exit_status == _REFUSED:
        reason = next((rest for word, rest in lines(completed.stdout) if word == "refused"), "")
        code, _, message = reason.partition(" ")
        raise PushRefused(
            Finding(code=code, message=message, mend=f"`confgen explain {code}` tells more", pbx=host.name)
        )
    if completed.exit_status != 0:
        raise ScriptFailed(_told(host, verb, completed))
    return completed.stdout


def _told(host: Host, verb: str, completed: Completed) -> str:
    said = completed.stderr.decode(errors="replace").strip().splitlines()
    return f"{host.name}: `{verb}` ended with status {completed.exit_status}: {said[-1] if said else 'no word'}"
