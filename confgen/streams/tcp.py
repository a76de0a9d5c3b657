"""Streams with deadlines: a TCP connection of our own, and the one place where the system's errors become ours."""

from __future__ import annotations

import socket
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from confgen.model import stream as model
from confgen.model.stream import Stream
from confgen.streams.blanking import blanked

Dial = Callable[[str, int, float], Stream]  # address, port, timeout in seconds

RECEIVE_LIMIT = 65536


class WireError(Exception):
    """The wire did not carry what was to be measured; what it tells of that is blanked."""

    exit_code = 4

    def __init__(self, *words: object) -> None:
        super().__init__(*(blanked(word) if isinstance(word, str) else word for word in words))


class Refused(WireError):
    """Nothing listens there."""


class Unreachable(WireError):
    """No way leads there."""


class Barred(Unreachable):
    """Whoever would make the connection for us is not allowed to: nothing is known of the far end."""


class TimedOut(WireError):
    """The deadline passed."""


class Closed(WireError):
    """The far end ended the stream."""


class Reset(Closed):
    """The far end ended the stream by a TCP reset."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Address:
    """An IP address, or a host name, with a port."""

    host: str
    port: int

    def __str__(self) -> str:
        return f"{bracketed(self.host)}:{self.port}"


def bracketed(host: str) -> str:
    """An IPv6 address as SIP and URIs write it; anything else unchanged."""
    return f"[{host}]" if ":" in host else host


@dataclass(frozen=True, slots=True)
class Deadline:
    """A moment on the monotonic clock."""

    moment: float  # seconds

    @classmethod
    def after(cls, seconds: float) -> Deadline:
        """The moment that lies so many seconds ahead."""
        return cls(time.monotonic() + seconds)

    def remaining(self) -> float:
        """The seconds left, always more than zero: a deadline that has passed raises TimedOut."""
        seconds = self.moment - time.monotonic()
        if seconds <= 0:
            raise TimedOut("the deadline passed")
        return seconds


class TcpStream:
    """A TCP connection of this machine."""

    def __init__(self, connection: socket.socket, send_timeout: float) -> None:
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._connection = connection
        self._send_timeout = send_timeout

    @property
    def local(self) -> Address:
        """Our own end of it."""
        host, port = self._connection.getsockname()[:2]
        return Address(host=host, port=port)

    def send_all(self, content: bytes, /) -> None:
        """Send everything."""
        self._connection.settimeout(self._send_timeout)
        self._connection.sendall(content)

    def receive(self, limit: int, timeout: float, /) -> bytes:
        """At most `limit` bytes, at least one; b"" at the end of the stream."""
        self._connection.settimeout(timeout)
        return self._connection.recv(limit)

    def close(self) -> None:
        """Close at once; closing twice is fine."""
        self._connection.close()


def connect(address: str, port: int, timeout: float) -> TcpStream:
    """A TCP connection opened within `timeout` seconds."""
    with translated_errors():
        return TcpStream(socket.create_connection((address, port), timeout), timeout)


@contextmanager
def dialled(dial: Dial, address: Address, timeout: float) -> Iterator[Stream]:
    """A stream to the address, closed when the block is left."""
    with translated_errors():
        stream = dial(address.host, address.port, timeout)
    try:
        yield stream
    finally:
        stream.close()


def send(stream: Stream, content: bytes) -> None:
    """Send everything, or raise a WireError."""
    with translated_errors():
        stream.send_all(content)


def receive(stream: Stream, deadline: Deadline) -> bytes:
    """What has come, at least one byte; the end of the stream raises Closed."""
    timeout = deadline.remaining()
    with translated_errors():
        received = stream.receive(RECEIVE_LIMIT, timeout)
    if not received:
        raise Closed("closed by the far end")
    return received


@contextmanager
def translated_errors() -> Iterator[None]:
    """Turn the system's errors, which every kind of stream raises, into ours."""
    try:
        yield
    except TimeoutError as error:
        raise TimedOut("the deadline passed") from error
    except ConnectionRefusedError as error:
        raise Refused("connection refused") from error
    except ConnectionError as error:
        raise Reset("reset by the far end") from error
    except model.Barred as error:
        raise Barred(str(error)) from error
    except OSError as error:
        raise Unreachable(error.strerror or str(error)) from error
