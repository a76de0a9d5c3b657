"""What takes SIP in clear text is found; silence alone proves nothing."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress

import pytest

from confgen.model.check import Check, Level, Vantage, Verdict
from confgen.model.stream import Stream
from confgen.streams.tcp import Address
from confgen.verify.clear_level import clear_checks
from confgen.verify.inside_ports import Port
from confgen.verify.wire.clear_probe import NoAnswer, UdpAnswer
from tests.verify.conftest import CannedStream, answering, failing, target_at

ALERT = b"\x15\x03\x01\x00\x02\x02\x0a"
DROPPED, SIP, HTTP = b"", b"SIP/2.0 200 OK\r\n", b"HTTP/1.1 400 Bad Request\r\n"
NOTHING: frozenset[Port] = frozenset({("tcp", 5061), ("tcp", 22)})
SILENT, CLOSED, NO_WAY = TimeoutError("silent"), ConnectionRefusedError("refused"), OSError(113, "no route to host")

Dial = Callable[[str, int, float], Stream]


def by_port(tls: Dial, others: Dial) -> Dial:
    """One behaviour on the TLS port, another on every other one."""
    return lambda address, port, timeout: (tls if port == 5061 else others)(address, port, timeout)


def judged(dial: Dial, inside: frozenset[Port] | None = NOTHING) -> dict[str, Check]:
    """The checks by what they looked at, from the host, through which no datagram goes."""
    found = list(clear_checks(target_at(dial=dial, vantage=Vantage.HOST), inside))
    assert len(found) == 4
    assert {check.level for check in found} == {Level.CLEAR}
    return {f"{check.code} {check.subject}": check for check in found}


@pytest.mark.parametrize(
    ("answer", "verdict"),
    [
        (ALERT, Verdict.PASSED),
        (DROPPED, Verdict.PASSED),
        (ConnectionResetError("reset"), Verdict.PASSED),
        (SIP, Verdict.FAILED),
        (HTTP, Verdict.UNKNOWN),
        (SILENT, Verdict.UNKNOWN),
    ],
)
def test_clear_text_to_the_tls_port_must_be_dropped(answer: bytes | OSError, verdict: Verdict) -> None:
    found = judged(by_port(answering(answer), failing(CLOSED)))
    assert found["CLEAR-03 tcp 127.0.0.1:5061"].verdict is verdict


@pytest.mark.parametrize("error", [SILENT, CLOSED, NO_WAY])
def test_where_the_tls_port_is_not_reached_clear_text_to_it_is_unknown(error: OSError) -> None:
    assert judged(failing(error))["CLEAR-03 tcp 127.0.0.1:5061"].verdict is Verdict.UNKNOWN


@pytest.mark.parametrize(
    ("dial", "inside", "verdict", "vantage"),
    [
        (failing(CLOSED), None, Verdict.PASSED, Vantage.HOST),
        (failing(CLOSED), NOTHING, Verdict.PASSED, Vantage.HOST),
        (failing(CLOSED), frozenset({("tcp", 5060)}), Verdict.FAILED, Vantage.HOST),  # a firewall rejects us alone
        (answering(DROPPED), NOTHING, Verdict.FAILED, Vantage.HOST),
        (failing(SILENT), NOTHING, Verdict.PASSED, Vantage.INSIDE),
        (failing(SILENT), frozenset({("tcp", 5060)}), Verdict.FAILED, Vantage.INSIDE),
        (failing(SILENT), frozenset({("udp", 5060)}), Verdict.PASSED, Vantage.INSIDE),
        (failing(SILENT), None, Verdict.UNKNOWN, Vantage.INSIDE),
        (failing(NO_WAY), None, Verdict.UNKNOWN, Vantage.INSIDE),
        (failing(NO_WAY), NOTHING, Verdict.PASSED, Vantage.INSIDE),
    ],
)
def test_the_port_of_clear_sip_over_tcp_is_judged_and_where_it_is_silent_by_the_hosts_sockets(
    dial: Dial, inside: frozenset[Port] | None, verdict: Verdict, vantage: Vantage
) -> None:
    check = judged(by_port(answering(ALERT), dial), inside)["CLEAR-04 tcp 127.0.0.1:5060"]
    assert (check.verdict, check.vantage) == (verdict, vantage)


@pytest.mark.parametrize("port", [5060, 5061])
def test_udp_is_judged_by_the_hosts_sockets_where_no_datagram_gets_there(port: int) -> None:
    dial = by_port(answering(ALERT), failing(CLOSED))
    subject = f"CLEAR-04 udp 127.0.0.1:{port}"
    assert judged(dial)[subject].verdict is Verdict.PASSED
    assert judged(dial, frozenset({("udp", port)}))[subject].verdict is Verdict.FAILED
    assert judged(dial, None)[subject].verdict is Verdict.UNKNOWN


def test_from_the_operator_a_datagram_is_sent_and_a_refusal_counts() -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as reserved:
        reserved.bind(("127.0.0.1", 0))
        port = reserved.getsockname()[1]
    address = Address(host="127.0.0.1", port=port)
    target = target_at(address, dial=lambda *_: CannedStream(ALERT))
    found = {check.subject: check for check in clear_checks(target, None)}
    udp = found[f"udp 127.0.0.1:{port}"]
    assert (udp.verdict, udp.vantage) == (Verdict.PASSED, Vantage.OPERATOR)


def test_every_failure_says_what_to_do() -> None:
    found = judged(answering(SIP), frozenset({("udp", 5060), ("udp", 5061)}))
    assert {check.verdict for check in found.values()} == {Verdict.FAILED}
    assert all(check.mend for check in found.values())


def test_tls_on_port_5060_is_not_mistaken_for_clear_text() -> None:
    target = target_at(Address(host="127.0.0.1", port=5060), dial=lambda *_: CannedStream(ALERT))

    found = {check.subject: check.verdict for check in clear_checks(target, frozenset())}

    assert found["tcp 127.0.0.1:5060"] is Verdict.PASSED
    assert len(found) == 2


def test_a_waived_port_reads_waived_where_it_is_open_and_any_other_fails() -> None:
    target = target_at(dial=by_port(answering(ALERT), answering(SIP)), vantage=Vantage.HOST)
    inside = frozenset({*NOTHING, ("udp", 5060), ("udp", 5061)})
    found = {check.subject: check for check in clear_checks(target, inside, {("udp", 5060)}, "waived until X by Ann")}
    assert found["udp 127.0.0.1:5060"].verdict is Verdict.WAIVED
    assert found["udp 127.0.0.1:5060"].message == "waived until X by Ann: a socket on the host listens there"
    assert found["udp 127.0.0.1:5061"].verdict is Verdict.FAILED
    assert found["tcp 127.0.0.1:5060"].verdict is Verdict.FAILED


def test_a_waived_port_that_is_closed_is_closed() -> None:
    target = target_at(dial=by_port(answering(ALERT), failing(CLOSED)), vantage=Vantage.HOST)
    found = {check.subject: check for check in clear_checks(target, NOTHING, {("udp", 5060)}, "waived")}
    assert found["udp 127.0.0.1:5060"].verdict is Verdict.PASSED


@contextmanager
def datagrams(answer_after: float | None) -> Iterator[int]:
    """A UDP port that answers SIP in clear text after so many seconds, or is silent."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock:
        sock.bind(("127.0.0.1", 0))
        sock.settimeout(5)

        def serve() -> None:
            with suppress(OSError):
                _, sender = sock.recvfrom(4096)
                if answer_after is not None:
                    time.sleep(answer_after)
                    sock.sendto(SIP + b"Content-Length: 0\r\n\r\n", sender)

        thread = threading.Thread(target=serve)
        thread.start()
        try:
            yield sock.getsockname()[1]
        finally:
            thread.join(5)


def seconds_and_check(port: int, inside: frozenset[Port] | None) -> tuple[float, Check]:
    target = target_at(Address(host="127.0.0.1", port=port), dial=lambda *_: CannedStream(ALERT))
    begun = time.monotonic()
    found = {check.subject: check for check in clear_checks(target, inside)}
    return time.monotonic() - begun, found[f"udp 127.0.0.1:{port}"]


def test_where_the_host_told_its_sockets_silence_is_not_waited_for_long() -> None:
    with datagrams(answer_after=None) as port:
        seconds, check = seconds_and_check(port, NOTHING)
    assert seconds < 1.2
    assert (check.verdict, check.vantage) == (Verdict.PASSED, Vantage.INSIDE)


@pytest.mark.parametrize("inside", [NOTHING, None])
def test_an_answer_counts_whatever_the_host_told(inside: frozenset[Port] | None) -> None:
    with datagrams(answer_after=0.1) as port:
        _, check = seconds_and_check(port, inside)
    assert (check.verdict, check.vantage) == (Verdict.FAILED, Vantage.OPERATOR)


def test_a_pbx_that_is_far_away_is_waited_for_longer(monkeypatch: pytest.MonkeyPatch) -> None:
    patience: list[float] = []

    def probe(_: Address, timeout: float) -> UdpAnswer:
        patience.append(timeout)
        return NoAnswer()

    def far(answer: bytes) -> Dial:
        def dial(*_: object) -> Stream:
            time.sleep(0.15)
            return CannedStream(answer)

        return dial

    monkeypatch.setattr("confgen.verify.clear_level.probe_udp", probe)
    list(clear_checks(target_at(dial=by_port(far(ALERT), failing(CLOSED))), NOTHING))
    list(clear_checks(target_at(dial=by_port(answering(ALERT), failing(CLOSED))), NOTHING))
    list(clear_checks(target_at(dial=by_port(answering(ALERT), failing(CLOSED))), None))

    assert 0.6 <= patience[0] <= 1.5
    assert patience[2] == pytest.approx(0.4)
    assert patience[4:] == [1.5, 1.5]
