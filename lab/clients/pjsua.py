"""Drives pjsua2 as a process of its own; never imports it."""

from __future__ import annotations

import importlib.util
import json
import platform
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from lab.clients.phone import Call, ClientFailed, MediaEncryption, Phone, Registration
from lab.instance import Instance

_SCRIPT = Path(__file__).parent / "pjsua2_call.py"


class Pjsua2Missing(Exception):
    """There is no pjsua2 wheel for this Python."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Pjsua2Run:
    """What pjsua2 saw; there is no call when it could not register, or was not called."""

    registration: Registration
    call: Call | None
    offered: tuple[str, ...] = ()  # the profile of each audio stream that it was offered


def call_with_pjsua2(lab: Instance, phone: Phone, number: str, seconds: float = 2.0) -> Pjsua2Run:
    """Register over TLS, call a number for some seconds, hang up."""
    return _run(lab, phone, number, seconds)


def answer_with_pjsua2(lab: Instance, phone: Phone, seconds: float = 2.0) -> Pjsua2Run:
    """Register over TLS, answer the first call for some seconds, hang up; whatever number of it is called."""
    return _run(lab, phone, "", seconds)


def _run(lab: Instance, phone: Phone, number: str, seconds: float) -> Pjsua2Run:
    if importlib.util.find_spec("pjsua2") is None:
        raise Pjsua2Missing(
            f"no pjsua2-python here; it has wheels for some Pythons, perhaps not {platform.python_version()} "
            f"on {platform.machine()}"
        )
    if phone.media_encryption is MediaEncryption.DTLS:
        raise ValueError("this driver of pjsua2 offers SDES or plain RTP")
    order = {
        "user": phone.user,
        "password": phone.password,
        "server": phone.server,
        "port": phone.port,
        "authority": str(phone.authority),
        "media_encryption": phone.media_encryption.value,
        "number": number,
        "seconds": seconds,
    }
    try:
        done = lab.run([sys.executable, str(_SCRIPT)], stdin=json.dumps(order).encode(), timeout=90)
    except subprocess.TimeoutExpired as error:
        raise ClientFailed("pjsua2 did not end") from error
    if done.returncode != 0:
        raise ClientFailed(f"pjsua2 failed: {done.stderr.decode(errors='replace').strip()[-500:]}")
    # pjsua2's own log may stand before the answer, and what it held back to the end, behind it
    result = json.loads(next(line for line in done.stdout.splitlines() if line.startswith(b"{")))
    answer = result["registration"]
    return Pjsua2Run(
        registration=Registration(is_registered=answer.startswith("200 "), reason=answer),
        call=None if result["call"] is None else Call(**result["call"]),
        offered=tuple(result["offered"]),
    )
