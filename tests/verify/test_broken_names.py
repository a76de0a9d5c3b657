"""A header that was made of a name is seen, and a PBX that does not answer any more too."""

from __future__ import annotations

import re
import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from urllib.parse import unquote

import pytest

from confgen.model.check import Check, Verdict
from confgen.model.secret import Secret
from confgen.model.stream import Stream
from confgen.streams.tcp import Address, connect
from confgen.verify import broken_names
from confgen.verify.broken_names import name_checks
from confgen.verify.negative_cases import name_cases
from confgen.verify.probe import Probe
from confgen.verify.wire.broken_request import HEADER
from tests.verify.conftest import PASSWORD, target_at
from tests.verify.wire.servers import serving


@dataclass
class Parser:
    """Answers OPTIONS, with its own idea of where a line ends, and of what to do with a From that it cannot read."""

    line_end: str = r"\r\n(?! )"
    on_bad_name: str = "drop"  # or "answer", "refuse", "close", "hang"
    unescapes: bool = False
    sends_routes_back: bool = True
    connections_left: int = 99
    connections: int = field(default=0)

    def serve(self, connection: socket.socket) -> None:
        self.connections += 1
        if self.connections > self.connections_left:
            return
        received = b""
        while content := connection.recv(65536):
            received += content
            while b"\r\n\r\n" in received:
                head, _, received = received.partition(b"\r\n\r\n")
                if not self.handle(connection, unquote(head.decode()) if self.unescapes else head.decode()):
                    return

    def handle(self, connection: socket.socket, head: str) -> bool:
        """Whether the connection goes on."""
        lines = re.split(self.line_end, head)
        is_sound = any(re.fullmatch(r'From: ("[^"\r\n\0]*" )?<sip:.*', line) for line in lines)
        if is_sound or self.on_bad_name in {"answer", "refuse"}:
            self.reply(connection, lines, "401 Unauthorized" if is_sound else "400 Bad Request")
        elif self.on_bad_name == "hang":
            connection.settimeout(1)
            while connection.recv(65536):
                pass
        return is_sound or self.on_bad_name != "close"

    def reply(self, connection: socket.socket, lines: list[str], status: str) -> None:
        names = ("Via", "From", "To", "Call-ID", "CSeq", *(("Record-Route",) if self.sends_routes_back else ()))
        kept = [line for line in lines if line.partition(":")[0] in names]
        connection.sendall("\r\n".join([f"SIP/2.0 {status}", *kept, "Content-Length: 0", "", ""]).encode())


@pytest.fixture
def judged(monkeypatch: pytest.MonkeyPatch) -> Callable[[Parser], list[Check]]:
    monkeypatch.setattr(broken_names, "TIMEOUT", 0.5)

    def judge(parser: Parser) -> list[Check]:
        with serving(parser.serve) as address:
            return list(name_checks(PlainProbe.at(address)))

    return judge


class PlainProbe(Probe):
    """On a plain connection: what TLS does, its own tests show."""

    @classmethod
    def at(cls, address: Address) -> PlainProbe:
        return cls(
            target=target_at(address),
            authority="",
            name="confgen-probe",
            secret=Secret(PASSWORD),
            echo_number="600",
            local="127.0.0.1",
        )

    @contextmanager
    def connected(self) -> Iterator[Stream]:
        stream = connect(self.target.address.host, self.target.address.port, 1)
        try:
            yield stream
        finally:
            stream.close()


def verdicts(checks: list[Check]) -> set[Verdict]:
    assert len(checks) == len(name_cases())
    return {check.verdict for check in checks}


@pytest.mark.parametrize("on_bad_name", ["drop", "close"])
def test_who_drops_such_a_name_and_answers_on_passes(judged: Callable[[Parser], list[Check]], on_bad_name: str) -> None:
    parser = Parser(on_bad_name=on_bad_name)
    checks = judged(parser)
    assert verdicts(checks) == {Verdict.PASSED}
    assert (parser.connections > 1) is (on_bad_name == "close")
    assert all(">>>" in check.evidence[0].text and "confgen-probe" in check.evidence[0].text for check in checks)
    assert "\\x00" in next(check for check in checks if "NUL" in check.subject).evidence[0].text


def test_a_name_that_is_refused_without_a_header_passes(judged: Callable[[Parser], list[Check]]) -> None:
    found = {check.subject: check for check in judged(Parser(on_bad_name="refuse"))}
    assert found["a line feed in a name"].message == "refused with 400"
    # What it sends back with its refusal are headers all the same.
    assert found["a line break in a name"].verdict is Verdict.FAILED


@pytest.mark.parametrize(
    ("parser", "title"),
    [
        (Parser(on_bad_name="answer"), "a line break in a name"),
        (Parser(on_bad_name="answer", line_end=r"\r\n|\n"), "a line feed in a name"),
        (Parser(on_bad_name="answer", line_end=r"\r\n|\r"), "a carriage return in a name"),
        (Parser(on_bad_name="answer", line_end=r"\r\n|\0"), "a NUL in a name"),
        (Parser(on_bad_name="answer", line_end=r"\r\n *"), "a folded name"),
        (Parser(on_bad_name="answer", unescapes=True), "a line break in a name, escaped"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_a_header_that_was_made_of_a_name_fails(
    judged: Callable[[Parser], list[Check]], parser: Parser, title: str
) -> None:
    (check,) = (check for check in judged(parser) if check.subject == title)
    assert check.verdict is Verdict.FAILED, check.message
    assert HEADER in check.evidence[0].text.partition("<<<")[2]


def test_where_no_header_is_sent_back_nothing_can_be_told(judged: Callable[[Parser], list[Check]]) -> None:
    assert verdicts(judged(Parser(sends_routes_back=False))) == {Verdict.UNKNOWN}


def test_who_hangs_is_unknown(judged: Callable[[Parser], list[Check]]) -> None:
    assert verdicts(judged(Parser(on_bad_name="hang"))) == {Verdict.UNKNOWN}


def test_who_closes_and_answers_nobody_any_more_is_not_passed(judged: Callable[[Parser], list[Check]]) -> None:
    checks = judged(Parser(on_bad_name="close", connections_left=1))
    assert Verdict.PASSED not in {check.verdict for check in checks if "escaped" not in check.subject}
