"""A byte stream with deadlines: a TCP connection, a channel through SSH, TLS over either."""

from __future__ import annotations

from typing import Protocol


class StreamError(OSError):
    """The stream did not carry what was asked of it; like the system's own errors, of the same kinds."""


class Refused(StreamError, ConnectionRefusedError):
    """Nothing listens there."""


class TimedOut(StreamError, TimeoutError):
    """The far end was silent until the timeout."""


class Reset(StreamError, ConnectionResetError):
    """The far end broke the connection off."""


class Unreachable(StreamError):
    """No way leads there, or the way was lost."""


class Barred(Unreachable):
    """Whoever would make the connection for us is not allowed to: nothing is known of the far end."""


class Stream(Protocol):
    """Bytes both ways; every wait is bounded by a timeout in seconds, and what goes wrong is a StreamError."""

    def send_all(self, content: bytes, /) -> None:
        """Send everything."""

    def receive(self, limit: int, timeout: float, /) -> bytes:
        """At most `limit` bytes, at least one; b"" at the end of the stream."""

    def close(self) -> None:
        """Close at once; closing twice is fine."""
