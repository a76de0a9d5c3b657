"""The SIP messages of one conversation as text for people, with every secret blanked."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

from confgen.model.check import Evidence
from confgen.streams.blanking import blanked
from confgen.verify.wire.sip import MalformedSip, Request, Response

MESSAGE_LIMIT = 4096  # characters of one message
TRANSCRIPT_LIMIT = 32768  # characters of all of them


class Transcript:
    """Keeps what was sent and what came, in order, up to a limit; what is beyond it is counted.

    The messages that are kept are the first ones: there the conversation was set up.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._start = clock()
        self._lock = threading.Lock()
        self._parts: list[str] = []
        self._length = 0
        self._left_out = 0

    def sent(self, message: Request | Response) -> None:
        """Note what we send."""
        self._note(">>>", message)

    def received(self, message: Request | Response) -> None:
        """Note what came."""
        self._note("<<<", message)

    def evidence(self, title: str) -> Evidence:
        """What was noted until now."""
        with self._lock:
            parts, left_out = list(self._parts), self._left_out
        if left_out:
            parts.append(f"({left_out} more messages)")
        return Evidence(title=title, text="\n\n".join(parts) or "(no message)")

    def begin_again(self) -> None:
        """Forget what was noted: what comes next is another conversation."""
        with self._lock:
            self._start = self._clock()
            self._parts.clear()
            self._length = self._left_out = 0

    def _note(self, arrow: str, message: Request | Response) -> None:
        part = f"{arrow} {self._clock() - self._start:.3f} s\n{_text(message)}"
        with self._lock:
            if self._left_out or self._length + len(part) > TRANSCRIPT_LIMIT:
                self._left_out += 1
                return
            self._parts.append(part)
            self._length += len(part)


def _text(message: Request | Response) -> str:
    try:
        built = message.build()
    except MalformedSip:
        return "(a message that cannot be written)"
    lines = built.decode(errors="replace").replace("\r\n", "\n").replace("\r", "\n").rstrip("\n")
    text = "".join(sign if sign.isprintable() or sign == "\n" else f"\\x{ord(sign):02x}" for sign in blanked(lines))
    return text if len(text) <= MESSAGE_LIMIT else f"{text[:MESSAGE_LIMIT]}\n({len(text) - MESSAGE_LIMIT} more signs)"
