"""The clear probes see SIP where it is answered, and tell refusal, silence and an unknown way apart."""

from __future__ import annotations

import socket
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from confgen.streams.tcp import Address, Refused, connect
from confgen.verify.wire.clear_probe import (
    Alerted,
    Answered,
    ClearTextAnswer,
    HungUp,
    NoAnswer,
    PortClosed,
    PortOpen,
    PortUnreachable,
    options_request,
    probe_clear_text,
    probe_tcp,
    probe_udp,
)
from confgen.verify.wire.sip import parse
from tests.verify.wire.servers import (
    Handler,
    answering,
    closed_port,
    echo,
    hanging_up,
    resetting,
    server_context,
    serving,
    shaking_hands,
)
from tests.verify.wire.sip_server import FakePbx


def clear_text(handler: Handler, timeout: float = 5) -> ClearTextAnswer:
    with serving(handler) as address:
        return probe_clear_text(connect, address, timeout)


def test_sip_in_clear_over_tcp_is_seen() -> None:
    answer = clear_text(FakePbx().serve)
    assert isinstance(answer, Answered)
    assert answer.is_sip
    assert answer.status == 200


def test_a_tls_port_that_drops_clear_text_is_seen(pbx_certificate: tuple[Path, Path]) -> None:
    handler = shaking_hands(server_context(pbx_certificate, ssl.TLSVersion.TLSv1_2), echo)
    assert isinstance(clear_text(handler), HungUp | Alerted)


def test_each_way_of_refusing_clear_text_is_told_apart() -> None:
    assert clear_text(hanging_up) == HungUp(by_reset=False)
    assert clear_text(resetting) == HungUp(by_reset=True)
    assert clear_text(answering(b"\x15\x03\x01", b"\x00\x02\x02\x46")) == Alerted(alert="protocol_version")
    assert clear_text(answering(), timeout=0.1) == NoAnswer()


def test_what_is_not_sip_is_not_taken_for_sip() -> None:
    answer = clear_text(answering(b"SSH-2.0-x\r\n"))
    assert isinstance(answer, Answered)
    assert not answer.is_sip
    assert answer.status is None


def test_an_answer_that_stops_half_way_is_an_answer_all_the_same() -> None:
    assert clear_text(answering(b"SIP/2.0 4"), timeout=0.2) == Answered(received=b"SIP/2.0 4")


def test_clear_text_to_a_closed_port_is_an_error_of_the_wire() -> None:
    with pytest.raises(Refused):
        probe_clear_text(connect, closed_port(), 5)


def test_an_open_and_a_closed_tcp_port_are_told_apart() -> None:
    with serving(echo) as address:
        assert probe_tcp(connect, address, 5) == PortOpen()
    assert probe_tcp(connect, closed_port(), 5) == PortClosed()


def test_a_tcp_port_that_nobody_answers_for_is_not_closed() -> None:
    def too_slow(address: str, port: int, timeout: float) -> socket.socket:
        raise TimeoutError(address, port, timeout)

    def no_route(address: str, port: int, timeout: float) -> socket.socket:
        raise OSError(113, f"No route to {address}:{port} in {timeout}")

    address = Address(host="192.0.2.1", port=5060)
    assert probe_tcp(too_slow, address, 5) == NoAnswer()  # type: ignore[arg-type] # never returns
    assert isinstance(probe_tcp(no_route, address, 5), PortUnreachable)  # type: ignore[arg-type] # never returns


@contextmanager
def datagram_server(answer: bytes | None, unanswered: int = 0) -> Iterator[Address]:
    """A UDP socket that answers, after so many datagrams; None never answers."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as server:
        server.bind(("127.0.0.1", 0))
        server.settimeout(5)

        def serve() -> None:
            for count in range(unanswered + 1):
                content, client = server.recvfrom(65536)
                parse(content)
                if answer is not None and count == unanswered:
                    server.sendto(answer, client)

        thread = threading.Thread(target=serve, daemon=True)
        thread.start()
        yield Address(host="127.0.0.1", port=server.getsockname()[1])
        thread.join(5)


@pytest.mark.parametrize("unanswered", [0, 2])
def test_sip_over_udp_is_seen_even_when_datagrams_get_lost(unanswered: int) -> None:
    with datagram_server(b"SIP/2.0 401 Unauthorized\r\n\r\n", unanswered) as address:
        answer = probe_udp(address, 0.9)
    assert isinstance(answer, Answered)
    assert answer.status == 401


def test_a_udp_socket_that_says_nothing_is_silent_and_not_closed() -> None:
    with datagram_server(None) as address:
        assert probe_udp(address, 0.15) == NoAnswer()


def test_a_udp_port_without_socket_is_closed() -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as reserved:
        reserved.bind(("127.0.0.1", 0))
        address = Address(host="127.0.0.1", port=reserved.getsockname()[1])
    assert probe_udp(address, 3) == PortClosed()


def test_an_address_that_is_none_is_unreachable() -> None:
    assert isinstance(probe_udp(Address(host="not a host", port=5060), 1), PortUnreachable)


def test_the_question_in_clear_tells_nothing_of_an_inventory() -> None:
    request = options_request(Address(host="2001:db8::1", port=5060), "UDP")
    assert request.uri == "sip:[2001:db8::1]:5060"
    assert "confgen.invalid" in request.value("From")
