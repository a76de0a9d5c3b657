"""What an ordinary user can tell of an Asterisk's host: nobody's rights are needed, and nothing is written."""

from __future__ import annotations

import time
from dataclasses import dataclass
from importlib.resources import files
from typing import TYPE_CHECKING

from confgen.drivers.asterisk import script
from confgen.drivers.asterisk.modules import REQUIRED
from confgen.model.found import Found
from confgen.model.host import Command, HostError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from confgen.model.host import Host
    from confgen.model.inventory import Pbx

_NEEDED = ("base64", "flock", "setpriv", "setsid", "sha256sum", "systemctl", "tar", "timeout")
_HELPFUL = {
    "openssl": "a handshake is not tried before the switch, and certificates that lie on the host cannot be checked",
    "unshare": "a configuration is not tried before the switch",
}
_CLOCK_MAY_DIFFER = 30.0  # seconds, besides what the question took
_BOOTSTRAP = "`confgen bootstrap` prints what root must run on the host"


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """What an ordinary user told, and when it was asked and answered by the operator's clock."""

    lines: tuple[tuple[str, str], ...]
    asked_at: float  # seconds since the epoch
    answered_at: float


def look(host: Host, now: Callable[[], float] = time.time) -> Look:
    """Ask once; HostError where no shell answers."""
    names = (*REQUIRED, "res_pjsip", "res_rtp_asterisk", "codec_alaw")
    program = files("confgen.drivers.asterisk").joinpath("examine.sh").read_bytes()
    asked_at = now()
    completed = host.run(Command(argv=("sh", "-s", script.INSTALLED, *names), stdin=program))
    lines = script.lines(completed.stdout)
    if ("end", "") not in lines:
        raise HostError(f"a shell there ended with status {completed.exit_status}: {script.last_word(completed)}")
    return Look(lines=lines, asked_at=asked_at, answered_at=now())


def system(seen: Look) -> Iterator[Found]:
    """Which system it is."""
    told = dict(seen.lines)
    yield Found(subject="system", found=f"{told.get('system') or 'of no name'}, {told.get('kernel', '')}")


def clock(seen: Look) -> Iterator[Found]:
    """By how much its clock differs from the operator's."""
    told = dict(seen.lines)
    between = (seen.asked_at + seen.answered_at) / 2
    difference = int(told["clock"]) + 0.5 - between if told.get("clock", "").isdigit() else None
    if difference is None:
        yield Found(subject="clock", found="the host does not tell its time", is_ok=None)
        return
    allowed = _CLOCK_MAY_DIFFER + (seen.answered_at - seen.asked_at) / 2
    ntp = {"yes": ", kept by a time service", "no": ", and no time service keeps it"}.get(
        told.get("synchronised", ""), ""
    )
    is_ok = abs(difference) <= allowed
    where = "as here" if is_ok else f"{abs(difference):.0f} s {'before' if difference > 0 else 'behind'} the one here"
    yield Found(
        subject="clock",
        found=f"{where}{ntp}",
        advice="" if is_ok else "set both clocks by a time service: certificates and the ends of waivers go by them",
        is_ok=is_ok,
    )


def tools(seen: Look) -> Iterator[Found]:
    """Which programs it lacks."""
    lacks = {rest for word, rest in seen.lines if word == "lacks"}
    missing = [program for program in _NEEDED if program in lacks]
    yield Found(
        subject="tools",
        found=f"lacks {', '.join(missing)}" if missing else "everything is there that a push needs",
        advice="install them: coreutils, util-linux, tar and systemd have them" if missing else "",
        is_ok=not missing,
    )
    for program, without in _HELPFUL.items():
        if program in lacks:
            yield Found(subject="tools", found=f"no {program}: {without}")


def rights(pbx: Pbx, seen: Look) -> Iterator[Found]:
    """What the inventory's user may do."""
    told = dict(seen.lines)
    user = told.get("user", "somebody")
    if pbx.ssh.uses_sudo:
        may = ("may", "run") in seen.lines
        yield Found(
            subject="rights",
            found=f"{user} may run confgen's script through sudo, and so every verb of it"
            if may
            else f"{user} may not run confgen's script through sudo",
            advice="" if may else _BOOTSTRAP,
            is_ok=may,
        )
        return
    is_root = told.get("id") == "0"
    yield Found(
        subject="rights",
        found="root: every verb" if is_root else f"{user} is not root",
        advice=""
        if is_root
        else "write ssh: {user: root}, or ssh: {sudo: true} and let `confgen bootstrap` prepare the host",
        is_ok=is_root,
    )


def hands(pbx: Pbx, seen: Look) -> Iterator[Found]:
    """Root's script goes along with each look, and a push installs it; a deputy needs it there beforehand."""
    there = dict(seen.lines).get("script", "")
    if there == script.digest():
        yield Found(subject="confgen's script", found="installed, of this version")
        return
    found = "installed, of another version" if there else "not installed"
    yield Found(
        subject="confgen's script",
        found=found if pbx.ssh.uses_sudo else f"{found}; a push installs it",
        advice=_BOOTSTRAP if pbx.ssh.uses_sudo else "",
        is_ok=not pbx.ssh.uses_sudo,
    )


def undo(seen: Look) -> Iterator[Found]:
    """What the transaction promises there."""
    systemd = dict(seen.lines).get("systemd")
    yield Found(
        subject="undo",
        found=f"by the host itself, also when the link breaks or it starts anew (systemd {systemd}); never a mixture "
        "of two generations"
        if systemd is not None
        else "systemd does not run there, so nothing would undo a push whose link breaks",
        advice="" if systemd is not None else "use a host with systemd",
        is_ok=systemd is not None,
    )
