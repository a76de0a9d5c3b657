"""The host's own sockets are the second witness, and a host that tells half of it is none."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from confgen.model.host import Command, Completed, HostError
from confgen.model.stream import Refused, Stream
from confgen.verify.inside_ports import listening_ports
from tests.drivers.asterisk.test_sockets import HEAD, row

TOLD = (
    "=== tcp\n"
    + HEAD
    + row("00000000:13C5", "0A", 1)
    + row("0100007F:13C5", "01", 2)
    + "=== tcp6\n"
    + HEAD
    + row("00000000000000000000000000000000:0016", "0A", 3)
    + "=== udp\n"
    + HEAD
    + row("00000000:13C4", "07", 4)
    + row("0100007F:0035", "01", 5)
    + "=== udp6\n=== end\n"
)


@dataclass
class Telling:
    """A host that answers every command with one text, or not at all."""

    answer: str | HostError
    name: str = "headquarters"

    def run(self, _command: Command, /) -> Completed:
        if isinstance(self.answer, HostError):
            raise self.answer
        return Completed(exit_status=0, stdout=self.answer.encode(), stderr=b"")

    def again(self) -> None:
        raise AssertionError("the connection did not break")

    def dial(self, _address: str, _port: int, _timeout: float, /) -> Stream:
        raise Refused("nothing listens")


def test_ports_that_take_what_comes_are_told() -> None:
    assert listening_ports(Telling(TOLD)) == frozenset({("tcp", 5061), ("tcp", 22), ("udp", 5060)})


@pytest.mark.parametrize(
    ("table", "address", "is_told"),
    [
        ("tcp", "0100007F", False),
        ("udp", "0500007F", False),  # the whole of 127.0.0.0/8
        ("tcp6", "00000000000000000000000001000000", False),
        ("udp6", "0000000000000000FFFF00000100007F", False),  # ::ffff:127.0.0.1
        ("tcp", "0B0200C0", True),
        ("tcp6", "B80D0120000000000000000001000000", True),
    ],
)
def test_what_listens_on_loopback_alone_hears_nobody_else(table: str, address: str, *, is_told: bool) -> None:
    state = "0A" if table.startswith("tcp") else "07"
    told = TOLD.replace(f"=== {table}\n", f"=== {table}\n{HEAD}{row(f'{address}:1F90', state, 6)}")
    assert ((table[:3], 8080) in (listening_ports(Telling(told)) or ())) is is_told


@pytest.mark.parametrize("answer", ["", TOLD.removesuffix("=== end\n"), "sh: cat: not found\n", HostError("gone")])
def test_a_host_that_did_not_tell_it_all_is_no_witness(answer: str | HostError) -> None:
    assert listening_ports(Telling(answer)) is None
