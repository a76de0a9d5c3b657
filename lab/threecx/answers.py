"""What the fake is asked and what it answers, errors in the words that were recorded of a live PBX."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NoReturn

from confgen.model.api import ApiAnswer

ALREADY_IN_USE = "WARNINGS.XAPI.ALREADY_IN_USE"
FORBIDDEN_CHANGE = "WARNINGS.XAPI.FORBIDDEN_CHANGE"
INVALID = "WARNINGS.INVALID"
INVALID_IP_MASK = "WARNINGS.INVALID_IP_MASK"
INVALID_LICENSE_TYPE = "WARNINGS.XAPI.INVALID_LICENSE_TYPE"
NOT_FOUND = "WARNINGS.XAPI.NOT_FOUND"
OUT_OF_RANGE = "WARNINGS.XAPI.OUT_OF_THE_RANGE"
REQUIRED = "WARNINGS.XAPI.REQUIRED"


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A request as it came in."""

    method: str
    target: str  # path and query, encoded
    headers: Mapping[str, str]  # names in small letters
    body: bytes = b""

    def __repr__(self) -> str:
        return f"Asked({self.method} {self.target})"


@dataclass(frozen=True, slots=True, kw_only=True)
class Complaint:
    """One thing that is wrong with a request."""

    target: str  # the field, from the top: Gateway.SRTPMode
    warning: str


class Refused(Exception):
    """The request is answered with an error, and nothing was changed."""

    def __init__(self, answer: ApiAnswer) -> None:
        super().__init__(f"status {answer.status}")
        self.answer = answer


def refuse(status: int, complaints: Sequence[Complaint]) -> NoReturn:
    """Answer with what is wrong, as a live PBX was seen to."""
    details = [{"code": "", "message": one.warning, "target": one.target} for one in complaints]
    message = "\n".join(f"{one.target}:\n{one.warning}" for one in complaints)
    raise Refused(ApiAnswer(status=status, body={"error": {"code": "", "message": message, "details": details}}))


def refuse_one(status: int, target: str, warning: str) -> NoReturn:
    """Answer with the one thing that is wrong."""
    refuse(status, [Complaint(target=target, warning=warning)])


def say_nothing(status: int) -> NoReturn:
    """Answer with a status alone, as live PBXs were seen to for what they did not expect."""
    raise Refused(ApiAnswer(status=status))
