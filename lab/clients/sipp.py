"""Runs SIPp with the scenarios that lie beside this module."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from enum import Enum
from pathlib import Path

from lab.clients.phone import ClientFailed, Phone
from lab.clients.root import SHARED, start_client
from lab.instance import CONTROL_ADDRESS, Instance

_SCENARIOS = Path(__file__).parent / "sipp"
_STATUS = re.compile(r"^SIP/2\.0 (\d{3})", re.MULTILINE)
_RECEIVED = re.compile(r"^\S+ message received [^\n]*$(.*?)(?=^-{20,}|\Z)", re.MULTILINE | re.DOTALL)
_MEDIUM = re.compile(r"^m=[^\r\n]*", re.MULTILINE)
_CUT_OFF = "remote peer probably closed the socket"
_END = "end"  # a file that tells the calls of HOLD_CALLS_WITH_SRTP to end
_PCMU = bytes(range(160)) * 50  # a second of audio that repeats, so that it is known when it is in clear


class Scenario(Enum):
    """What SIPp can be asked to prove."""

    REGISTER_AND_CALL_WITH_SRTP = "register_and_call_with_srtp.xml"
    PLAIN_RTP_IS_REFUSED = "plain_rtp_is_refused.xml"
    HOLD_CALLS_WITH_SRTP = "hold_calls_with_srtp.xml"
    CALL_WITH_SRTP_OR_WITHOUT = "call_with_srtp_or_without.xml"
    CALL_WITHOUT_SRTP_OR_WITH = "call_without_srtp_or_with.xml"


@dataclass(frozen=True, slots=True, kw_only=True)
class ScenarioRun:
    """How a scenario went."""

    is_success: bool
    statuses: tuple[int, ...]  # of every response that SIPp received, in order
    answered: tuple[str, ...]  # every line of theirs on a medium: `m=audio 20014 RTP/SAVP 0`
    error: str  # SIPp's last words, empty after a success


def run_sipp(lab: Instance, scenario: Scenario, phone: Phone, number: str, folder: Path) -> ScenarioRun:
    """Play a scenario once; `folder`, which must be new, keeps its files. The server must be an address.

    Asterisk at times shuts a connection down in the place of an earlier one that brought no request. SIPp does not
    connect again by itself, as a phone does.
    """
    run = _played(lab, scenario, phone, number, folder)
    return _played(lab, scenario, phone, number, folder / "again") if _CUT_OFF in run.error else run


def _played(lab: Instance, scenario: Scenario, phone: Phone, number: str, folder: Path) -> ScenarioRun:
    process = _start(lab, scenario, [phone], number, folder, ["-t", "l1", "-timeout", "20", "-timeout_error"])
    return _ended(process, folder, timeout=40)


class HeldCalls:
    """Calls of SIPp's that go on until they are told to end."""

    def __init__(self, process: subprocess.Popen[bytes], folder: Path) -> None:
        """Take over a SIPp that calls."""
        self._process = process
        self._folder = folder

    def last_words(self) -> str:
        """What SIPp said last."""
        return _last_words(self._folder)

    def end(self) -> ScenarioRun:
        """Let each call fall silent, wait for what is still on its way, and hang up."""
        (self._folder / _END).write_text("end", encoding="ascii")
        return _ended(self._process, self._folder, timeout=30)


@contextmanager
def holding_calls(lab: Instance, phones: Sequence[Phone], number: str, folder: Path) -> Iterator[HeldCalls]:
    """A call of each phone of one PBX, over a connection of its own, with audio both ways; `folder` must be new."""
    together = str(len(phones))
    options = ["-t", "ln", "-max_socket", "1000", "-r", together, "-l", together]
    process = _start(lab, Scenario.HOLD_CALLS_WITH_SRTP, phones, number, folder, options)
    try:
        yield HeldCalls(process, folder)
    finally:
        process.kill()
        process.wait()


def _start(
    lab: Instance, scenario: Scenario, phones: Sequence[Phone], number: str, folder: Path, options: Sequence[str]
) -> subprocess.Popen[bytes]:
    phone = phones[0]
    folder.mkdir(parents=True)
    (folder / "scenario.xml").write_bytes((_SCENARIOS / scenario.value).read_bytes())
    (folder / "authority.pem").write_bytes(phone.authority.read_bytes())
    (folder / "audio.ulaw").write_bytes(_PCMU)
    (folder / _END).write_text("not yet", encoding="ascii")
    logins = [f"{one.user};[authentication username={one.user} password={one.password}]\n" for one in phones]
    (folder / "users.csv").write_text(f"SEQUENTIAL\n{''.join(logins)}", encoding="ascii")
    argv = ["sipp", f"{phone.server}:{phone.port}", "-tls_ca", f"{SHARED}/authority.pem", "-nostdin", *options]
    argv += ["-sf", "scenario.xml", "-inf", "users.csv", "-s", number, "-i", CONTROL_ADDRESS, "-mi", CONTROL_ADDRESS]
    argv += ["-m", str(len(phones)), "-trace_msg", "-message_file", f"{SHARED}/messages"]
    argv += ["-trace_err", "-error_file", f"{SHARED}/errors"]
    with (folder / "screen").open("wb") as screen:
        return start_client(lab, folder, argv, stdout=screen, stderr=subprocess.STDOUT)


def _ended(process: subprocess.Popen[bytes], folder: Path, timeout: float) -> ScenarioRun:
    try:
        code = process.wait(timeout)
    except subprocess.TimeoutExpired as error:
        process.kill()
        process.wait()
        raise ClientFailed(f"SIPp did not end: {folder}") from error
    messages = folder / "messages"
    said = messages.read_text(encoding="utf-8", errors="replace") if messages.exists() else ""
    return ScenarioRun(
        is_success=code == 0,
        statuses=tuple(int(status) for status in _STATUS.findall(said)),
        answered=tuple(line for text in _RECEIVED.findall(said) for line in _MEDIUM.findall(text)),
        error="" if code == 0 else _last_words(folder),
    )


def _last_words(folder: Path) -> str:
    for name in ("errors", "screen"):
        if (folder / name).exists():
            lines = (folder / name).read_text(encoding="utf-8", errors="replace").strip().splitlines()
            if lines:
                return lines[-1]
    return "it said nothing"
