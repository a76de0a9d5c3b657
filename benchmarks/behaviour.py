"""How a simulated host behaves, which its address says."""

from __future__ import annotations

from enum import Enum


class Behaviour(Enum):
    """What a host does, by the second number of its address."""

    ANSWERS = 20
    SILENT = 21  # takes connections, and says nothing
    HANGS = 22  # lets in, and no command ends
    DIES = 23  # the connection is lost in the midst of an answer
    TRICKLES = 24  # a byte at a time
    RESETS = 25  # takes no connection

    def address(self, number: int) -> str:
        """The address of one of its hosts, of which there are 62,500."""
        return f"127.{self.value}.{number // 250}.{1 + number % 250}"


def behaviour_at(address: str) -> Behaviour:
    """How the host at an address behaves; most answer."""
    second = int(address.split(".")[1])
    return Behaviour(second) if second in {known.value for known in Behaviour} else Behaviour.ANSWERS
