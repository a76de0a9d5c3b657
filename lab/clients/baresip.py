"""Drives baresip: registers, calls, answers."""

from __future__ import annotations

import json
import math
import re
import socket
import struct
import subprocess
import time
import wave
from collections.abc import Iterator
from collections.abc import Set as AbstractSet
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from lab.clients.phone import Call, ClientFailed, MediaEncryption, Phone, Registration
from lab.clients.root import SHARED, start_client
from lab.instance import CONTROL_ADDRESS, Instance

_OFFER = {
    MediaEncryption.SDES: ";mediaenc=srtp-mand",
    MediaEncryption.DTLS: ";mediaenc=dtls_srtp",
    MediaEncryption.NONE: "",
}
_CONFIG = """\
sip_listen {address}:0
sip_cafile {shared}/authority.pem
sip_verify_server yes
audio_source aufile,{shared}/tone.wav
audio_player aubridge,player
audio_alert aubridge,alert
rtp_stats yes
call_max_calls 1
module_path /usr/lib/baresip/modules
module g711.so
module aubridge.so
module aufile.so
module srtp.so
module dtls_srtp.so
module_tmp uuid.so
module_tmp account.so
module_app menu.so
module_app ctrl_tcp.so
ctrl_tcp_listen 127.0.0.1:{port}
"""
_PACKETS = re.compile(rb"^packets:\s+(\d+)\s+(\d+)", re.MULTILINE)
_TONE_SECONDS = 60
_TIMEOUT = 15.0  # seconds
_LONGEST_CALL = 50.0  # seconds
_OF_A_CALL = frozenset({"CALL_ESTABLISHED", "CALL_MENC", "CALL_RTPESTAB", "CALL_CLOSED"})


@dataclass(frozen=True, slots=True, kw_only=True)
class _Event:
    kind: str
    parameter: str


class Baresip:
    """One running baresip with one user."""

    def __init__(self, phone: Phone, control: socket.socket, log: Path) -> None:
        """Take over a baresip that runs and has no user yet."""
        self._phone = phone
        self._control = control
        self._log = log
        self._received = b""

    def register(self, *, answers: bool = True) -> Registration:
        """Make the user known to baresip, which registers it; where it does not answer, calls ring."""
        phone = self._phone
        account = f"<sip:{phone.user}@{phone.server}:{phone.port};transport={phone.transport.value}>"
        account += f";auth_user={phone.user};auth_pass={phone.password};regint=120"
        account += f";answermode={'auto' if answers else 'manual'}"
        account += f";audio_codecs=PCMU/8000/1{_OFFER[phone.media_encryption]}"
        self._command("uanew", account)
        event = self._next_event({"REGISTER_OK", "REGISTER_FAIL"}, time.monotonic() + _TIMEOUT)
        if event is None:
            raise self._silent("an answer to its REGISTER", _TIMEOUT)
        return Registration(is_registered=event.kind == "REGISTER_OK", reason=event.parameter)

    def call(self, number: str, seconds: float = 2.0, timeout: float = _TIMEOUT) -> Call:
        """Call a number of the user's PBX; hang up `seconds` after the media began to arrive."""
        self._command("dial", number)
        return self._conversation(timeout, talk=seconds)

    def answer(self, timeout: float = _TIMEOUT) -> Call:
        """Wait for a call, which baresip answers by itself, and for the caller to end it."""
        return self._conversation(timeout, talk=None)

    def _conversation(self, timeout: float, *, talk: float | None) -> Call:
        """Follow one call to its end, which is ours to bring about when `talk` says after how long."""
        counted = len(self._packet_counts())
        kinds: set[str] = set()
        deadline = time.monotonic() + timeout
        is_hung_up = False
        while True:
            event = self._next_event(_OF_A_CALL, deadline)
            if event is None:
                if "CALL_ESTABLISHED" not in kinds or is_hung_up or talk is None:
                    raise self._silent("the next word about its call", timeout)
                self._command("hangup", "")
                is_hung_up = True
                deadline = time.monotonic() + _TIMEOUT
                continue
            kinds.add(event.kind)
            if event.kind == "CALL_CLOSED":
                break
            if event.kind == "CALL_ESTABLISHED":
                deadline = time.monotonic() + (_LONGEST_CALL if talk is None else _TIMEOUT)
            if talk is not None and {"CALL_ESTABLISHED", "CALL_RTPESTAB"} <= kinds:  # media may come before the answer
                deadline = time.monotonic() + talk
        is_established = "CALL_ESTABLISHED" in kinds
        sent, received = self._packets_after(counted) if is_established else (0, 0)
        return Call(
            is_established=is_established,
            close_reason=event.parameter,
            is_srtp="CALL_MENC" in kinds,
            packets_sent=sent,
            packets_received=received,
        )

    def _silent(self, awaited: str, seconds: float) -> ClientFailed:
        return ClientFailed(f"baresip of {self._phone.user} waited {seconds:.0f} s for {awaited}: {self._log}")

    def _packet_counts(self) -> list[tuple[bytes, bytes]]:
        return _PACKETS.findall(self._log.read_bytes())

    def _packets_after(self, counted: int) -> tuple[int, int]:
        """Baresip prints the counts when a call has ended, a moment after it says so; none if there was no audio."""
        deadline = time.monotonic() + 1
        while len(counts := self._packet_counts()) == counted:
            if time.monotonic() > deadline:
                return 0, 0
            time.sleep(0.02)
        sent, received = counts[-1]
        return int(sent), int(received)

    def _command(self, name: str, parameters: str) -> None:
        message = json.dumps({"command": name, "params": parameters}).encode()
        self._control.sendall(b"%d:%s," % (len(message), message))

    def _next_event(self, kinds: AbstractSet[str], deadline: float) -> _Event | None:
        """The next event of one of these kinds; None when the time is over."""
        while (message := self._next_message(deadline)) is not None:
            if message.get("type") in kinds:
                return _Event(kind=str(message["type"]), parameter=str(message.get("param", "")))
        return None

    def _next_message(self, deadline: float) -> dict[str, object] | None:
        """Read one netstring of JSON; None when the time is over."""
        while True:
            length, colon, rest = self._received.partition(b":")
            if colon and len(rest) > int(length):
                self._received = rest[int(length) + 1 :]
                message: dict[str, object] = json.loads(rest[: int(length)])
                return message
            self._control.settimeout(max(0.001, deadline - time.monotonic()))
            try:
                more = self._control.recv(65536)
            except TimeoutError:
                return None
            if not more:
                raise ClientFailed(f"baresip of {self._phone.user} ended: {self._log}")
            self._received += more


@contextmanager
def baresip(lab: Instance, phone: Phone, folder: Path) -> Iterator[Baresip]:
    """Run baresip for the length of the block; `folder`, which must be new, keeps its configuration and log."""
    folder.mkdir(parents=True)
    (folder / "authority.pem").write_bytes(phone.authority.read_bytes())
    _write_tone(folder / "tone.wav")
    (folder / "accounts").touch()  # the user is given later, over the control connection, so that no event is missed
    with lab.inside(), socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    config = _CONFIG.format(address=CONTROL_ADDRESS, shared=SHARED, port=port)
    (folder / "config").write_text(config, encoding="ascii")
    log = folder / "baresip.log"
    with log.open("wb") as output:
        process = start_client(lab, folder, ["baresip", "-f", SHARED], stdout=output, stderr=subprocess.STDOUT)
    try:
        with _connect(lab, port, process, log) as control:
            yield Baresip(phone, control, log)
            process.terminate()  # it unregisters; the connection must stand as long as it talks
            process.wait(timeout=5)
    finally:
        process.kill()
        process.wait()


def _connect(lab: Instance, port: int, process: subprocess.Popen[bytes], log: Path) -> socket.socket:
    deadline = time.monotonic() + _TIMEOUT
    while True:
        try:
            with lab.inside():
                return socket.create_connection(("127.0.0.1", port), timeout=1)
        except OSError as error:
            if process.poll() is not None or time.monotonic() > deadline:
                raise ClientFailed(f"baresip did not start: {log}") from error
            time.sleep(0.02)


def _write_tone(path: Path) -> None:
    second = b"".join(struct.pack("<h", int(8000 * math.sin(2 * math.pi * 400 * at / 8000))) for at in range(8000))
    with wave.open(str(path), "wb") as audio:
        audio.setnchannels(1)
        audio.setsampwidth(2)
        audio.setframerate(8000)
        audio.writeframes(second * _TONE_SECONDS)
