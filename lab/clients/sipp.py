"""Runs SIPp with the scenarios that lie beside this module."""

from __future__ import annotations

import re
import subprocess
from dataclasses import dataclass
from enum import Enum
from pathlib import Path

from lab.clients.phone import ClientFailed, Phone
from lab.clients.root import SHARED, start_client
from lab.instance import CONTROL_ADDRESS, Instance

_SCENARIOS = Path(__file__).parent / "sipp"
_STATUS = re.compile(r"^SIP/2\.0 (\d{3})", re.MULTILINE)
_PCMU = bytes(range(160)) * 50  # a second of audio that repeats, so that it is known when it is in clear


class Scenario(Enum):
    """What SIPp can be asked to prove."""

    REGISTER_AND_CALL_WITH_SRTP = "register_and_call_with_srtp.xml"
    PLAIN_RTP_IS_REFUSED = "plain_rtp_is_refused.xml"


@dataclass(frozen=True, slots=True, kw_only=True)
class ScenarioRun:
    """How a scenario went."""

    is_success: bool
    statuses: tuple[int, ...]  # of every response that SIPp received, in order
    error: str  # SIPp's last words, empty after a success


def run_sipp(lab: Instance, scenario: Scenario, phone: Phone, number: str, folder: Path) -> ScenarioRun:
    """Play a scenario once; `folder`, which must be new, keeps its files. The server must be an address."""
    folder.mkdir(parents=True)
    (folder / "scenario.xml").write_bytes((_SCENARIOS / scenario.value).read_bytes())
    (folder / "authority.pem").write_bytes(phone.authority.read_bytes())
    (folder / "audio.ulaw").write_bytes(_PCMU)
    login = f"{phone.user};[authentication username={phone.user} password={phone.password}]"
    (folder / "users.csv").write_text(f"SEQUENTIAL\n{login}\n", encoding="ascii")
    argv = ["sipp", f"{phone.server}:{phone.port}", "-t", "l1", "-tls_ca", f"{SHARED}/authority.pem", "-nostdin"]
    argv += ["-sf", "scenario.xml", "-inf", "users.csv", "-s", number, "-i", CONTROL_ADDRESS, "-mi", CONTROL_ADDRESS]
    argv += ["-m", "1", "-timeout", "20", "-timeout_error", "-trace_msg", "-message_file", f"{SHARED}/messages"]
    argv += ["-trace_err", "-error_file", f"{SHARED}/errors"]
    with (folder / "screen").open("wb") as screen:
        process = start_client(lab, folder, argv, stdout=screen, stderr=subprocess.STDOUT)
    try:
        code = process.wait(timeout=40)
    except subprocess.TimeoutExpired as error:
        process.kill()
        process.wait()
        raise ClientFailed(f"SIPp did not end: {folder}") from error
    messages = folder / "messages"
    said = messages.read_text(encoding="utf-8", errors="replace") if messages.exists() else ""
    return ScenarioRun(
        is_success=code == 0,
        statuses=tuple(int(status) for status in _STATUS.findall(said)),
        error="" if code == 0 else _last_words(folder),
    )


def _last_words(folder: Path) -> str:
    for name in ("errors", "screen"):
        if (folder / name).exists():
            lines = (folder / name).read_text(encoding="utf-8", errors="replace").strip().splitlines()
            if lines:
                return lines[-1]
    return "it said nothing"
