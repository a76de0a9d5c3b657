"""What the Asterisk process listens on is told from the kernel's own tables."""

from __future__ import annotations

import pytest

from confgen.drivers.asterisk.sockets import Listener, listeners, undeclared
from confgen.model.inventory import PortRange

HEAD = "  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode\n"


def row(local: str, state: str, inode: int) -> str:
    return (
        f"   0: {local} 00000000:0000 {state} 00000000:00000000 00:00000000 00000000   101        0 {inode} 1 0 100\n"
    )


BLOCKS = {
    "sockets": "11\n12\n13\n14\n15\n16",
    "/proc/net/tcp": HEAD
    + row("0B0200C0:13C5", "0A", 11)  # 192.0.2.11:5061, LISTEN
    + row("0B0200C0:13C5", "01", 12)  # a phone's connection
    + row("00000000:0016", "0A", 99),  # sshd's
    "/proc/net/tcp6": HEAD + row("B80D0120000000000000000011000000:13C5", "0A", 13),
    "/proc/net/udp": HEAD
    + row("00000000:4E20", "07", 14)
    + row("00000000:13C4", "07", 15)
    + row("0100007F:0035", "01", 16),  # connected: asks a name server, and takes nothing
    "/proc/net/udp6": HEAD + row("00000000000000000000000000000000:D431", "07", 16),
}


def tcp(address: str, port: int) -> Listener:
    return Listener(protocol="tcp", address=address, port=port)


def udp(address: str, port: int) -> Listener:
    return Listener(protocol="udp", address=address, port=port)


def test_the_sockets_of_the_process_that_take_what_comes_are_its_listeners() -> None:
    assert listeners(BLOCKS) == (
        tcp("192.0.2.11", 5061),
        tcp("2001:db8::11", 5061),
        udp("0.0.0.0", 5060),
        udp("0.0.0.0", 20000),
        udp("::", 54321),
    )


def test_without_its_sockets_a_process_has_no_listeners() -> None:
    assert listeners({**BLOCKS, "sockets": ""}) == ()
    assert listeners({}) == ()


@pytest.mark.parametrize(
    ("listener", "is_declared"),
    [
        (tcp("192.0.2.11", 5061), True),
        (tcp("192.0.2.11", 5060), False),
        (tcp("0.0.0.0", 5061), False),
        (tcp("127.0.0.1", 5038), False),
        (tcp("0.0.0.0", 20000), False),
        (udp("0.0.0.0", 20000), True),
        (udp("0.0.0.0", 20200), True),  # RTCP of the last port
        (udp("0.0.0.0", 20201), False),
        (udp("0.0.0.0", 19999), False),
        (udp("0.0.0.0", 5060), False),
        (udp("192.0.2.11", 5061), False),
        (udp("0.0.0.0", 4569), False),
        (udp("0.0.0.0", 45678), True),  # the resolver's
        (udp("192.0.2.11", 45678), False),
    ],
)
def test_what_nothing_declares_is_told(listener: Listener, *, is_declared: bool) -> None:
    binds = frozenset({("192.0.2.11", 5061)})
    left = undeclared([listener], tcp_binds=binds, rtp_ports=PortRange(first=20000, last=20199))
    assert left == (() if is_declared else (listener,))


def test_the_resolver_has_one_socket_of_each_family_and_no_more() -> None:
    found = [udp("0.0.0.0", 40000), udp("0.0.0.0", 40001), udp("::", 40002), udp("::", 40003)]
    left = undeclared(found, tcp_binds=frozenset(), rtp_ports=PortRange(first=20000, last=20199))
    assert left == (udp("0.0.0.0", 40001), udp("::", 40003))


def test_a_listener_is_written_as_people_write_it() -> None:
    assert [str(tcp("::", 5061)), str(udp("0.0.0.0", 5060))] == ["tcp [::]:5061", "udp 0.0.0.0:5060"]
