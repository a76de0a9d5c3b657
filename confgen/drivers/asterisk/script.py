"""The script that is confgen's hands on an Asterisk host: how its verbs are called and its answers read."""

from __future__ import annotations

import hashlib
import re
import shlex
from functools import lru_cache
from importlib.resources import files
from typing import TYPE_CHECKING

from confgen.model.driver import PushRefused
from confgen.model.finding import Finding
from confgen.model.host import Command, HostError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from confgen.model.host import Completed, Host
    from confgen.model.inventory import Pbx

INSTALLED = "/usr/local/lib/confgen/confgen-asterisk"
_REFUSED = 3
# Two may do this at once, or the link may break in the middle: what is not whole never comes to stand there.
INSTALL = (
    "umask 022 && mkdir -p /usr/local/lib/confgen && new=$(mktemp /usr/local/lib/confgen/new.XXXXXX) && "
    'trap \'rm -f "$new"\' EXIT && cat >"$new" && echo "$0  $new" | sha256sum --check --status && '
    'chmod 0755 "$new" && mv -T "$new" ' + INSTALLED
)
_MENDS = {
    "PUSH-11": "start it: confgen changes only a PBX whose state it can read",
    "PUSH-30": "`confgen bootstrap` prints what root must run on the host, once for each version of confgen",
    "PUSH-33": "let it run as a user of its own (`asterisk -U asterisk`), or reach the host as root",
    "PUSH-34": "mend `installation` in the inventory, or leave it out: what runs is found",
    "PUSH-35": "write which one: installation: {service: NAME}",
    "PUSH-36": "`confgen bootstrap` prints what root must run on the host to agree to this",
    "PUSH-38": "write ssh: {user: root}, or ssh: {sudo: true} and let `confgen bootstrap` prepare the host",
}


class ScriptFailed(HostError):
    """The host's script ended in a way it should not: what it did is not known."""


@lru_cache(maxsize=1)
def text() -> bytes:
    """The script itself: one file on the host, of parts that stand here in the order of their names."""
    parts = files("confgen.drivers.asterisk").joinpath("host").iterdir()
    return b"\n".join(part.read_bytes() for part in sorted(parts, key=lambda part: part.name))


def digest() -> str:
    """SHA-256 of the script, to tell whether the host has this very one."""
    return hashlib.sha256(text()).hexdigest()


def install(host: Host) -> None:
    """Put the script on the host, where root runs it and nobody else can change it."""
    completed = host.run(Command(argv=("sh", "-c", INSTALL, digest()), stdin=text()))
    if completed.exit_status != 0:
        raise ScriptFailed(_told(host, "install", completed))


def look(host: Host, pbx: Pbx, verb: str, *words: str, timeout: float = 60.0) -> bytes:
    """Run a verb that only reads; root's script goes along, so nothing need be installed for it."""
    if pbx.ssh.uses_sudo:
        return act(host, pbx, verb, *words, timeout=timeout)
    program = f"set -- {shlex.join((*given(pbx), verb, *words))}\n".encode() + text()
    return _answer(host, pbx, verb, host.run(Command(argv=("sh", "-s"), stdin=program, timeout=timeout)))


def act(
    host: Host, pbx: Pbx, verb: str, *words: str, push: str = "", stdin: bytes = b"", timeout: float = 60.0
) -> bytes:
    """Run a verb of the installed script; through sudo it must be this very script, of which nothing else is root's.

    `push` is whose lease the verb needs.
    """
    argv = (INSTALLED, *given(pbx), *(("--push", push) if push else ()), verb, *words)
    if pbx.ssh.uses_sudo:
        argv = ("sudo", "-n", INSTALLED, "--script", digest(), *argv[1:])
    return _answer(host, pbx, verb, host.run(Command(argv=argv, stdin=stdin, timeout=timeout)))


def given(pbx: Pbx) -> tuple[str, ...]:
    """What the inventory says of where the product lies, in the words of the script."""
    installation = pbx.installation
    said = {
        "--service": installation.service and installation.service.removesuffix(".service"),
        "--binary": installation.binary,
        "--configuration": installation.configuration,
        "--user": installation.user,
    }
    return tuple(word for option, value in said.items() if value is not None for word in (option, value))


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


def _answer(host: Host, pbx: Pbx, verb: str, completed: Completed) -> bytes:
    if completed.exit_status == 0:
        return completed.stdout
    reason = refusal(pbx, completed)
    if reason is not None:
        raise reason
    if pbx.ssh.uses_sudo:
        _judge_sudo(host, pbx, completed)
    raise ScriptFailed(_told(host, verb, completed))


def refusal(pbx: Pbx, completed: Completed) -> PushRefused | None:
    """What the script refused, and why; None where it ended otherwise."""
    reason = next((rest for word, rest in lines(completed.stdout) if word == "refused"), None)
    if completed.exit_status != _REFUSED or reason is None:
        return None
    code, _, message = reason.partition(" ")
    return _refused(pbx, code, message)


def _judge_sudo(host: Host, pbx: Pbx, completed: Completed) -> None:
    """Tell a script that lacks, or is of another version, from a sudo that says no; its words are in any language."""
    there = host.run(Command(argv=("sha256sum", INSTALLED)))
    if there.exit_status != 0:
        raise _refused(pbx, "PUSH-30", f"there is no {INSTALLED} on the host")
    if not there.stdout.startswith(digest().encode()):
        raise _refused(pbx, "PUSH-30", "the script on the host is of another version of confgen")
    if host.run(Command(argv=("sudo", "-n", "-l", INSTALLED))).exit_status != 0:
        raise _refused(pbx, "PUSH-32", f"sudo on the host refuses: {last_word(completed)}")


def _refused(pbx: Pbx, code: str, message: str) -> PushRefused:
    mend = _MENDS.get(code, f"`confgen explain {code}` tells more")
    if code == "PUSH-32":
        mend = f"`confgen bootstrap` prints what root must run on the host; it adds to sudoers: {rule(pbx)}"
    return PushRefused(Finding(code=code, message=message, mend=mend, place=pbx.place, pbx=pbx.name))


def rule(pbx: Pbx) -> str:
    """The line of sudoers that lets the inventory's user run the script, and nothing else."""
    return f"{pbx.ssh.user or 'USER'} ALL=(root) NOPASSWD: {INSTALLED}"


def _told(host: Host, verb: str, completed: Completed) -> str:
    return f"{host.name}: `{verb}` ended with status {completed.exit_status}: {last_word(completed)}"


def last_word(completed: Completed) -> str:
    """The last line of what went wrong."""
    said = completed.stderr.decode(errors="replace").strip().splitlines()
    return said[-1] if said else "no word"
