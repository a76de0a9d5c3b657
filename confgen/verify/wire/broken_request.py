"""A request that no parser may take as it stands, with a sound one behind it, and what a PBX made of both."""

from __future__ import annotations

import re
import secrets
from dataclasses import dataclass
from typing import TYPE_CHECKING

from confgen.streams.blanking import blanked
from confgen.streams.tcp import Closed, Deadline, bracketed, receive, send
from confgen.verify.wire.sip import HEAD_LIMIT

if TYPE_CHECKING:
    from confgen.model.stream import Stream

# RFC 3261 §12.1.1, §8.2.6: answers that may begin a dialog carry it back, and pjsip's other ones do too.
HEADER = "Record-Route: <sip:confgen.invalid;lr>"
_STATUS = re.compile(rb"SIP/2\.0 ([1-6][0-9]{2}) ")
_LIMIT = 4 * HEAD_LIMIT


@dataclass(frozen=True, slots=True, kw_only=True)
class Reaction:
    """What came back; a status is None where there was no answer before the connection was closed, or the next one."""

    status: int | None
    has_header: bool  # whether what stood in the name came back as a header of its own
    next_status: int | None
    text: str  # both requests and all answers, signs that no terminal should see written out


@dataclass(frozen=True, slots=True, kw_only=True)
class Sender:
    """Who asks, by a name at a domain, from an address."""

    user: str
    domain: str
    local: str
    confgen_version: str

    def provoke(self, stream: Stream, timeout: float, *, display: str = "", headers: tuple[str, ...] = ()) -> Reaction:
        """Send OPTIONS with this before the address in From, and with these lines; sound OPTIONS at once behind it.

        Both have one Call-ID and one tag, so that a PBX answers them in order: once the second one is answered, no
        answer to the first one will come. TimedOut where the second one is not answered either.
        """
        call_id, tag = secrets.token_hex(16), secrets.token_hex(8)
        broken, sound = (f"z9hG4bK{secrets.token_hex(12)}" for _ in range(2))
        sent = self._options(broken, call_id, tag, 1, display, headers) + self._options(sound, call_id, tag, 2)
        send(stream, sent)
        received = _until_answered(stream, sound.encode(), Deadline.after(timeout))
        answers = received.split(b"\r\n\r\n")
        return Reaction(
            status=_status_of(broken.encode(), answers),
            has_header=any(
                line.strip().startswith(HEADER.encode())
                for answer in answers
                if broken.encode() in answer
                for line in answer.split(b"\r\n")
            ),
            next_status=_status_of(sound.encode(), answers),
            text=f">>>\n{_shown(sent)}\n\n<<<\n{_shown(received) or '(closed)'}",
        )

    def _options(
        self, branch: str, call_id: str, tag: str, number: int, display: str = "", headers: tuple[str, ...] = ()
    ) -> bytes:
        domain = bracketed(self.domain)
        lines = (
            f"OPTIONS sip:{domain};transport=tls SIP/2.0",
            f"Via: SIP/2.0/TLS {bracketed(self.local)}:9;rport;branch={branch}",
            "Max-Forwards: 70",
            f"From: {display}<sip:{self.user}@{domain}>;tag={tag}",
            f"To: <sip:{domain}>",
            f"Call-ID: {call_id}",
            f"CSeq: {number} OPTIONS",
            f"User-Agent: confgen-verify/{self.confgen_version}",
            *headers,
            "Content-Length: 0",
        )
        return "".join(f"{line}\r\n" for line in (*lines, "")).encode()


def _until_answered(stream: Stream, branch: bytes, deadline: Deadline) -> bytes:
    """Everything up to the end of the answer with this branch, or up to the end of the connection."""
    received = b""
    while len(received) < _LIMIT:
        head, found, rest = received.partition(branch)
        if found and b"\r\n\r\n" in rest:
            break
        try:
            received = head + found + rest + receive(stream, deadline)
        except Closed:
            break
    return received


def _status_of(branch: bytes, answers: list[bytes]) -> int | None:
    for answer in answers:
        found = _STATUS.match(answer.lstrip())
        if found is not None and branch in answer:
            return int(found[1])
    return None


def _shown(content: bytes) -> str:
    lines = content.decode(errors="replace").replace("\r\n", "\n").strip("\n")
    return "".join(sign if sign.isprintable() or sign == "\n" else f"\\x{ord(sign):02x}" for sign in blanked(lines))
