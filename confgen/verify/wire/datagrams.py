"""Two UDP sockets side by side, for RTP and RTCP, bound before anybody is told of them."""

from __future__ import annotations

import select
import socket
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass

from confgen.streams.tcp import RECEIVE_LIMIT, Address, Unreachable, translated_errors

_ATTEMPTS = 50
AT_ONCE = 256  # datagrams of one socket; whoever floods us must not keep us from looking at the clock


@dataclass(frozen=True, slots=True, kw_only=True)
class Datagram:
    """One that came, from where, and whether on the port of RTCP."""

    content: bytes
    source: Address
    is_on_control_port: bool


class Datagrams:
    """The two sockets; the port of RTP is even, and RTCP's is the next one (RFC 3550 §11)."""

    def __init__(self, media: socket.socket, control: socket.socket) -> None:
        self._media = media
        self._control = control
        # Not select(): a run with many PBXs has more files open than that can count to.
        self._ready = select.poll()
        for one in (media, control):
            self._ready.register(one, select.POLLIN)

    @property
    def local(self) -> Address:
        """Where RTP is expected."""
        host, port = self._media.getsockname()[:2]
        return Address(host=host, port=port)

    def send(self, content: bytes, target: Address) -> None:
        """Send from the port of RTP; what cannot leave counts as lost, a target that no way leads to is Unreachable."""
        try:
            self._media.sendto(content, (target.host, target.port))
        except (BlockingIOError, ConnectionError):
            return
        except OSError as error:
            raise Unreachable(error.strerror or str(error)) from error
        except (OverflowError, ValueError) as error:  # what the system takes for no port, or no host
            raise Unreachable(f"{target}: {error}") from error

    def receive(self, timeout: float) -> list[Datagram]:
        """What has come, after at most so many seconds of waiting for the first; at most `AT_ONCE` of each port."""
        ready = {descriptor for descriptor, _ in self._ready.poll(max(timeout, 0.0) * 1000)}
        readable = (one for one in (self._media, self._control) if one.fileno() in ready)
        return [datagram for one in readable for datagram in self._drained(one)]

    def _drained(self, ready: socket.socket) -> Iterator[Datagram]:
        for _ in range(AT_ONCE):
            try:
                content, source = ready.recvfrom(RECEIVE_LIMIT)
            except BlockingIOError:
                return
            except ConnectionError:  # an ICMP answer to an earlier datagram of ours
                continue
            yield Datagram(
                content=content,
                source=Address(host=source[0].partition("%")[0], port=source[1]),
                is_on_control_port=ready is self._control,
            )


@contextmanager
def bound(local: str) -> Iterator[Datagrams]:
    """Two sockets on our own address, closed when the block is left; Unreachable when there is no such pair."""
    family = socket.AF_INET6 if ":" in local else socket.AF_INET
    for _ in range(_ATTEMPTS):
        with ExitStack() as stack:
            with translated_errors():
                media = stack.enter_context(socket.socket(family, socket.SOCK_DGRAM))
                media.bind((local, 0))
            port: int = media.getsockname()[1]
            control = stack.enter_context(socket.socket(family, socket.SOCK_DGRAM))
            if port % 2 or not _could_bind(control, local, port + 1):
                continue
            for one in (media, control):
                one.settimeout(0)
            yield Datagrams(media, control)
            return
    raise Unreachable("no two ports side by side are free for media")


def _could_bind(free: socket.socket, local: str, port: int) -> bool:
    try:
        free.bind((local, port))
    except (OSError, OverflowError):
        return False
    return True
