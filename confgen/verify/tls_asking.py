"""One ClientHello to a TLS port, what came of it, and how both are told."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from confgen.model.check import Check, Evidence, Level, Question
from confgen.streams.tcp import WireError
from confgen.verify.target import TIMEOUT
from confgen.verify.wire.tls_probe import Accepted, Declined, Downgraded, Dropped, NotTls, Silent, probe_tls

if TYPE_CHECKING:
    from confgen.verify.target import Target
    from confgen.verify.wire.client_hello import ClientHello
    from confgen.verify.wire.tls_probe import TlsAnswer

OUT_OF_REACH = "can this machine reach the port? with `verify: {from: host}` the PBX's own host looks"


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What was offered and what was answered; a WireError where no connection came about."""

    hello: ClientHello
    answer: TlsAnswer | WireError

    @property
    def is_taken(self) -> bool:
        """Whether the server agreed to the offer, even if it broke off afterwards."""
        match self.answer:
            case Accepted() | Declined(after_server_hello=True) | Dropped(after_server_hello=True):
                return True
            case _:
                return False

    @property
    def is_refused(self) -> bool:
        """Whether it said no, by an alert or by hanging up; an answer in another version is none."""
        return not self.is_taken and isinstance(self.answer, Declined | Dropped)

    @property
    def evidence(self) -> Evidence:
        """Both as lines."""
        return Evidence(
            title=f"ClientHello of {self.hello.version.value}", text=f"> {_offered(self.hello)}\n< {said(self.answer)}"
        )


def ask(target: Target, hello: ClientHello) -> Asked:
    """One connection, ended as soon as the server has answered in clear."""
    try:
        return Asked(hello=hello, answer=probe_tls(target.dial, target.address, hello, TIMEOUT))
    except WireError as error:
        return Asked(hello=hello, answer=error)


def question(target: Target, code: str, subject: str) -> Question:
    """About this port: `subject` says what of it."""
    return Question(code=code, level=Level.TLS, subject=f"{target} {subject}", vantage=target.vantage)


def unanswered(asked_about: Question, answer: TlsAnswer | WireError) -> Check:
    """What is neither yes nor no."""
    match answer:
        case Silent():
            return asked_about.unknown("the port is silent", OUT_OF_REACH)
        case NotTls():
            return asked_about.unknown("what answers is not TLS", "is this the PBX's TLS port?")
        case WireError():
            return asked_about.unknown(f"no connection: {answer}", OUT_OF_REACH)
        case _:
            return asked_about.unknown(f"the offer is {said(answer)}")


def said(answer: TlsAnswer | WireError) -> str:  # noqa: PLR0911 -- one for each kind of answer
    """The answer in a few words, which fit behind `it is`."""
    match answer:
        case Accepted():
            group = "" if answer.group is None else f" and {answer.group}"
            return f"accepted with {answer.cipher_suite}{group}"
        case Declined(alert=alert):
            return f"refused with {alert}"
        case Downgraded(chosen=chosen):
            return f"answered with {chosen}"
        case Dropped():
            return "refused without a word"
        case Silent():
            return "met with silence"
        case NotTls():
            return "answered by something that is not TLS"
        case _:
            return f"not asked: {answer}"


def _offered(hello: ClientHello) -> str:
    suites = ", ".join(suite.name for suite in hello.cipher_suites[:3])
    more = "" if len(hello.cipher_suites) <= 3 else f" and {len(hello.cipher_suites) - 3} more"  # noqa: PLR2004
    return f"{hello.version.value}; {suites}{more}; {', '.join(group.name for group in hello.groups)}"
