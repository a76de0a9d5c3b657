"""A connection that the far end may break off, and what is asked anew when it did.

Asterisk looks six seconds after each connection for the one that brought no request, and looks it up by a name that a
later connection may have by then: one that has just begun is shut down in its place, and ends with its first requests
(res_pjsip, pjsip_transport_management.c). Whoever speaks SIP over TCP connects again then (RFC 3261 §18.4).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from confgen.model.check import Evidence, Verdict

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from confgen.model.check import Check
    from confgen.model.stream import Stream


_ASKED_ANEW = Evidence(title="asked a second time", text="the far end broke the connection off")


@dataclass(slots=True)
class Line:
    """What became of the connections of one part of a proof."""

    is_broken: bool = False  # by the far end


class LineStream:
    """A stream that notes on its line when the far end breaks it off; fulfils Stream."""

    def __init__(self, stream: Stream, line: Line) -> None:
        self._stream = stream
        self._line = line

    def send_all(self, content: bytes, /) -> None:
        """Send everything."""
        try:
            self._stream.send_all(content)
        except ConnectionError:
            self._line.is_broken = True
            raise

    def receive(self, limit: int, timeout: float, /) -> bytes:
        """At most `limit` bytes, at least one; b"" at the end of the stream."""
        try:
            received = self._stream.receive(limit, timeout)
        except ConnectionError:
            self._line.is_broken = True
            raise
        self._line.is_broken |= not received
        return received

    def close(self) -> None:
        """Close at once; closing twice is fine."""
        self._stream.close()


def asked_anew(ask: Callable[[Line], Iterable[Check]]) -> tuple[Check, ...]:
    """The checks; asked a second time, on new connections, where the far end broke one off and left something unknown.

    What failed stands: nothing that was seen is asked away.
    """
    line = Line()
    checks = tuple(ask(line))
    verdicts = {check.verdict for check in checks}
    if line.is_broken and Verdict.UNKNOWN in verdicts and Verdict.FAILED not in verdicts:
        return tuple(check.with_evidence(_ASKED_ANEW) for check in ask(Line()))
    return checks
