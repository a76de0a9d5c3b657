"""An SSH connection that says why a channel was not opened, and uses no cipher that is out of date."""

from __future__ import annotations

import contextlib
import logging
import socket
import threading
import time
import weakref
from types import MappingProxyType
from typing import TYPE_CHECKING

import paramiko
from paramiko.packet import Packetizer

from confgen.remote.deadline import Deadline

if TYPE_CHECKING:
    from paramiko.message import Message

# paramiko logs errors with tracebacks, and Python prints what no handler takes: every error reaches us as an exception.
logging.getLogger("paramiko").addHandler(logging.NullHandler())
logging.getLogger("paramiko").propagate = False


# RFC 4254 §5: a channel's messages after our close are for a channel that the far end may have forgotten.
_OF_A_CHANNEL = frozenset(
    {
        paramiko.common.MSG_CHANNEL_WINDOW_ADJUST,
        paramiko.common.MSG_CHANNEL_DATA,
        paramiko.common.MSG_CHANNEL_EXTENDED_DATA,
        paramiko.common.MSG_CHANNEL_EOF,
        paramiko.common.MSG_CHANNEL_REQUEST,
    }
)


class ChannelRefused(Exception):
    """The far end did not open a channel: the reason of RFC 4254 §5.1 and its own words."""

    def __init__(self, reason: int, words: str) -> None:
        super().__init__(words)
        self.reason = reason
        self.words = words


class _Packets(Packetizer):
    """Packets of a far end that is given up once it has been silent for too long."""

    most_silent: float | None = None  # seconds; none while nothing asks for an answer
    _heard = 0.0

    def listen(self, most_silent: float) -> None:
        """From now on count how long the far end is silent."""
        self._heard = time.monotonic()
        self.most_silent = most_silent

    def read_message(self) -> tuple[int, Message]:
        read: tuple[int, Message] = super().read_message()
        self._heard = time.monotonic()
        return read

    def complete_handshake(self) -> None:
        """No timer waits for it any more; one that was kept would keep these packets, as these keep it."""
        super().complete_handshake()
        self._Packetizer__timer = None

    def _check_keepalive(self) -> None:  # called whenever nothing has come for a tenth of a second
        if self.most_silent is not None and time.monotonic() - self._heard > self.most_silent:
            raise EOFError
        super()._check_keepalive()  # type: ignore[misc] # not in the stubs


def _handle_close(channel: paramiko.Channel, message: Message) -> None:
    transport = channel.transport
    assert isinstance(transport, Transport)  # noqa: S101  it is its table
    transport.ended.add(channel)
    channel._handle_close(message)  # type: ignore[attr-defined] # noqa: SLF001


class Transport(paramiko.Transport):
    """paramiko keeps one refusal for all threads and drops the server's words; here each caller gets its own."""

    _channel_handler_table = MappingProxyType(
        {
            **paramiko.Transport._channel_handler_table,  # type: ignore[attr-defined] # noqa: SLF001 -- not in the stubs
            paramiko.common.MSG_CHANNEL_CLOSE: _handle_close,
        }
    )

    def __init__(self, sock: socket.socket | paramiko.Channel) -> None:
        super().__init__(sock, packetizer_class=_Packets)
        self._refusals: dict[int, ChannelRefused] = {}
        self._sending = threading.Lock()
        self._closed: set[int] = set()  # channels by the far end's numbers, which it may use again
        # Channels that the far end has closed. One that is lost with its connection is closed as well, and even before
        # paramiko calls that inactive; nor does an exit status tell: sshd sends it before the last of the output.
        self.ended: weakref.WeakSet[paramiko.Channel] = weakref.WeakSet()
        self._requested = threading.local()
        self._given_up: set[int] = set()  # channels by our numbers, which nobody waits for any more
        options = self.get_security_options()
        modern = (cipher for cipher in options.ciphers if "cbc" not in cipher)
        # Those that need no MAC besides (RFC 5647) first: paramiko compares one octet by octet.
        options.ciphers = tuple(sorted(modern, key=lambda cipher: "gcm" not in cipher))
        options.digests = tuple(digest for digest in options.digests if "sha2" in digest)
        options.kex = tuple(method for method in options.kex if not method.endswith("sha1"))

    def run(self) -> None:
        """The thread that reads; when a jump host is lost it stumbles over the channel that was its socket."""
        with contextlib.suppress(paramiko.SSHException, EOFError, OSError):
            super().run()
        self._let_go()

    def _let_go(self) -> None:
        """Once nothing more is read, hold nothing that leads back here.

        What ends with the last that uses it costs a run of thousands of hosts no memory until garbage is looked for.
        """
        self._handler_table.clear()  # type: ignore[attr-defined] # not in the stubs
        if (error := self.saved_exception) is not None:
            error.__traceback__ = error.__context__ = None  # with the frames of this thread

    def _log(self, level: int, msg: object, *args: object) -> None:
        """Nobody hears of it (see above)."""

    def _parse_debug(self, message: Message) -> None:
        """Not shown, as RFC 4253 §11.3 leaves it to us; paramiko quotes it for its log octet by octet."""

    def watch(self, asked_every: float, most_silent: float) -> None:
        """Ask the far end for a sign of life every so many seconds, and give it up when none has come for as long.

        Through a jump host nothing else tells: the kernel knows only the first part of the way.
        """
        assert isinstance(self.packetizer, _Packets)  # noqa: S101  made above
        self.packetizer.listen(most_silent)
        transport = weakref.proxy(self)
        # A bound method would keep alive what nobody uses any more.
        self.packetizer.set_keepalive(asked_every, lambda: transport._ask_for_an_answer())  # noqa: PLW0108, SLF001

    def _ask_for_an_answer(self) -> None:
        """RFC 4254 §4: whoever does not know a request says so, if it is asked to answer."""
        request = paramiko.Message()
        request.add_byte(bytes((paramiko.common.MSG_GLOBAL_REQUEST,)))
        request.add_string("keepalive@openssh.com")
        request.add_boolean(True)  # noqa: FBT003  paramiko's
        self._send_user_message(request)

    def session(self, timeout: float) -> paramiko.Channel:
        """A channel for one command."""
        return self._open("session", None, timeout)

    def forwarded(self, address: str, port: int, timeout: float) -> paramiko.Channel:
        """A TCP connection that the far end makes for us."""
        return self._open("direct-tcpip", (address, port), timeout)

    def _open(self, kind: str, destination: tuple[str, int] | None, timeout: float) -> paramiko.Channel:
        """A channel; ChannelRefused, TimeoutError or ConnectionError when there is none."""
        deadline = Deadline.after(timeout)
        self._requested.number = None
        try:
            return self.open_channel(kind, destination, ("127.0.0.1", 0), timeout=timeout)
        except (paramiko.SSHException, EOFError, OSError) as error:
            refusal = self._refusals.pop(self._requested.number, None)
            if refusal is not None:
                raise refusal from error
            if not deadline.remaining:
                self._given_up.add(self._requested.number)
                raise TimeoutError("the SSH server did not answer in time") from error
            raise ConnectionError("the SSH connection was lost") from error

    def _send_user_message(self, message: Message) -> None:
        """A command may end while its input is still sent: what comes to be sent after our close is not sent at all.

        OpenSSH ends the whole connection for it.
        """
        head = bytes(message.packet.getbuffer()[:5])
        kind, number = head[0], int.from_bytes(head[1:], "big")
        with self._sending:
            if kind in _OF_A_CHANNEL and number in self._closed:
                return
            if kind == paramiko.common.MSG_CHANNEL_CLOSE:
                self._closed.add(number)
            super()._send_user_message(message)  # type: ignore[misc] # not in the stubs

    def _parse_channel_open_success(self, message: Message) -> None:
        number, far_number = message.get_int(), message.get_int()
        self._closed.discard(far_number)
        if number in self._given_up:  # it would stay one of the sessions that the server opens (MaxSessions)
            close = paramiko.Message()
            close.add_byte(bytes((paramiko.common.MSG_CHANNEL_CLOSE,)))
            close.add_int(far_number)
            self._send_user_message(close)
            return
        message.rewind()
        super()._parse_channel_open_success(message)  # type: ignore[misc] # not in the stubs

    def _next_channel(self) -> int:
        number: int = super()._next_channel()  # type: ignore[misc] # not in the stubs
        self._requested.number = number
        return number

    def _parse_channel_open_failure(self, message: Message) -> None:
        number, reason, words = message.get_int(), message.get_int(), message.get_text()
        self._refusals[number] = ChannelRefused(reason, words)
        message.rewind()
        super()._parse_channel_open_failure(message)  # type: ignore[misc] # not in the stubs


def close_channel(channel: paramiko.Channel) -> None:
    """Close a channel whatever has become of its connection; twice is fine."""
    with contextlib.suppress(paramiko.SSHException, EOFError, OSError):
        channel.close()
