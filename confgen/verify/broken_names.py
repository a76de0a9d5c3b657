"""Names with line breaks in them: no header may come of them, and the PBX must go on answering."""

from __future__ import annotations

from typing import TYPE_CHECKING

from confgen import __version__
from confgen.model.check import CALLED_OFF, Evidence, Level, Question
from confgen.streams.tcp import TimedOut, WireError
from confgen.verify.negative_cases import name_cases
from confgen.verify.target import TIMEOUT
from confgen.verify.wire.broken_request import HEADER, Reaction, Sender

if TYPE_CHECKING:
    from collections.abc import Iterator

    from confgen.model.check import Check
    from confgen.verify.negative_cases import NameCase
    from confgen.verify.probe import Probe

_MEND = "update the PBX: its SIP stack makes a header of what stands in a name"


def name_checks(probe: Probe) -> Iterator[Check]:
    """Each name on one connection, as somebody without a password; another one where the PBX closes it."""
    sender = Sender(user=probe.name, domain=probe.target.domain, local=probe.local, confgen_version=__version__)
    cases = list(name_cases())
    while cases:
        if probe.target.is_called_off():
            yield from _none_asked(probe, cases)
            return
        try:
            with probe.connected() as stream:
                tells = sender.provoke(stream, TIMEOUT, headers=(HEADER,)).has_header
                while cases and not probe.target.is_called_off():
                    question = _question(probe, cases[0])
                    reaction = sender.provoke(stream, TIMEOUT, display=_filled(cases[0]))
                    del cases[0]
                    if reaction.next_status is None:
                        yield _closed(question, reaction, probe, sender)
                        break
                    yield _verdict(question, reaction, tells=tells).with_evidence(_evidence(question, reaction))
        except WireError as error:
            yield from (_question(probe, case).unknown(f"no answer: {error}") for case in cases)
            return


def _none_asked(probe: Probe, cases: list[NameCase]) -> Iterator[Check]:
    yield from (_question(probe, case).unknown(CALLED_OFF) for case in cases)


def _filled(case: NameCase) -> str:
    return f"{case.name.replace('{header}', HEADER)} "


def _verdict(question: Question, reaction: Reaction, *, tells: bool) -> Check:
    if reaction.has_header:
        return question.failed("what stands behind the line break was taken for a header", _MEND)
    if not tells:  # a header that was sent as such did not come back either
        return question.unknown("the PBX sends no header back, so what it made of the name cannot be told")
    match reaction.status:
        case None:
            return question.passed(f"dropped, and the next request is answered {reaction.next_status}")
        case 400:
            return question.passed("refused with 400")
        case _:
            return question.passed(f"taken as one value, and answered {reaction.status}")


def _closed(question: Question, reaction: Reaction, probe: Probe, sender: Sender) -> Check:
    """The connection was closed, which is a refusal; that another one is answered must be seen."""
    try:
        with probe.connected() as stream:
            status = sender.provoke(stream, TIMEOUT).next_status
    except TimedOut as error:
        check = question.unknown(f"the connection was closed, and another one is not answered: {error}")
    except WireError as error:
        check = question.failed(f"since then the PBX does not answer: {error}", _MEND)
    else:
        if status is None:
            check = question.unknown("the connection was closed, and another one too")
        elif reaction.has_header:
            check = question.failed("what stands behind the line break was taken for a header", _MEND)
        else:
            check = question.passed("refused: the connection was closed, and another one is answered")
    return check.with_evidence(_evidence(question, reaction))


def _evidence(question: Question, reaction: Reaction) -> Evidence:
    return Evidence(title=question.subject, text=reaction.text)


def _question(probe: Probe, case: NameCase) -> Question:
    return Question(code=case.code, level=Level.DOWNGRADE, subject=case.title, vantage=probe.target.vantage)
