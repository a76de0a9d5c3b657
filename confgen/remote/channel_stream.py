"""TCP connections that the host itself makes, as streams."""

from __future__ import annotations

import paramiko

from confgen.model.stream import Barred, Refused, Reset, StreamError, TimedOut, Unreachable
from confgen.remote.transport import ChannelRefused, Transport, close_channel


def dial(transport: Transport, address: str, port: int, timeout: float) -> ChannelStream:
    """A connection to a port that the host at the far end of `transport` reaches."""
    try:
        return ChannelStream(transport.forwarded(address, port, timeout), timeout)
    except ChannelRefused as error:
        raise _refusal(error) from error
    except TimeoutError as error:
        raise TimedOut(f"no answer within {timeout:g} s") from error
    except ConnectionError as error:
        raise Unreachable(str(error)) from error


def _refusal(error: ChannelRefused) -> StreamError:
    """Only the server's own words tell a closed port from a missing route; without them it stays open which it was."""
    words = error.words.strip()
    if error.reason == paramiko.common.OPEN_FAILED_ADMINISTRATIVELY_PROHIBITED:
        return Barred(f"the SSH server forwards no connections ({words or 'administratively prohibited'})")
    if "refused" in words.lower():
        return Refused("connection refused")
    if "timed out" in words.lower():
        return TimedOut("connection timed out")
    return Unreachable(words or "the SSH server could not connect, and did not say why")


class ChannelStream:
    """A forwarded TCP connection; fulfils Stream."""

    def __init__(self, channel: paramiko.Channel, send_timeout: float) -> None:
        self._channel = channel
        self._send_timeout = send_timeout

    def send_all(self, content: bytes, /) -> None:
        """Send everything."""
        self._channel.settimeout(self._send_timeout)
        try:
            self._channel.sendall(content)
        except TimeoutError as error:
            raise TimedOut("the far end takes nothing") from error
        except (paramiko.SSHException, EOFError, OSError) as error:
            raise self._ended() from error

    def receive(self, limit: int, timeout: float, /) -> bytes:
        """At most `limit` bytes, at least one; b"" at the end of the stream."""
        self._channel.settimeout(timeout)
        try:
            received = self._channel.recv(limit)
        except TimeoutError as error:
            raise TimedOut(f"nothing came within {timeout:g} s") from error
        # A lost SSH connection looks like an end of the stream, but is none: the server did not announce it.
        if not received and not self._channel.eof_received:
            raise Unreachable("the SSH connection was lost")
        return received

    def close(self) -> None:
        """Close at once; closing twice is fine."""
        close_channel(self._channel)

    def _ended(self) -> StreamError:
        if self._channel.eof_received:
            return Reset("closed by the far end")
        return Unreachable("the SSH connection was lost")
