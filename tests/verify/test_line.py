"""What is asked anew: what a far end left untold when it broke the connection off, and nothing else."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress

import pytest

from confgen.model.check import Check, Level, Question, Vantage, Verdict
from confgen.model.stream import Reset, StreamError, TimedOut
from confgen.verify.line import Line, LineStream, asked_anew

_QUESTION = Question(code="AUTH-13", level=Level.DOWNGRADE, subject="REGISTER", vantage=Vantage.OPERATOR)
_ANSWERS = {
    Verdict.PASSED: _QUESTION.passed("alike"),
    Verdict.FAILED: _QUESTION.failed("told apart", "push again"),
    Verdict.UNKNOWN: _QUESTION.unknown("no answer: closed by the far end"),
}


@pytest.mark.parametrize(
    ("is_broken", "first", "times"),
    [
        (True, [Verdict.PASSED, Verdict.UNKNOWN], 2),
        (True, [Verdict.PASSED], 1),
        (False, [Verdict.UNKNOWN], 1),  # it was silent: a second time it would be silent, too
        (True, [Verdict.FAILED, Verdict.UNKNOWN], 1),  # what was seen is not asked away
    ],
)
def test_what_a_broken_connection_left_unknown_is_asked_once_more(
    first: list[Verdict], times: int, *, is_broken: bool
) -> None:
    lines: list[Line] = []

    def ask(line: Line) -> Iterator[Check]:
        lines.append(line)
        line.is_broken = is_broken
        yield from (_ANSWERS[verdict] for verdict in (first if len(lines) == 1 else [Verdict.PASSED]))

    checks = asked_anew(ask)

    assert len(lines) == times
    assert [check.verdict for check in checks] == ([Verdict.PASSED] if times > 1 else first)
    assert {evidence.title for check in checks for evidence in check.evidence} == (
        {"asked a second time"} if times > 1 else set()
    )


def test_a_connection_that_breaks_every_time_is_unknown_after_the_second() -> None:
    lines: list[Line] = []

    def ask(line: Line) -> Iterator[Check]:
        lines.append(line)
        line.is_broken = True
        yield _ANSWERS[Verdict.UNKNOWN]

    assert [check.verdict for check in asked_anew(ask)] == [Verdict.UNKNOWN]
    assert len(lines) == 2


class _Ending:
    """A far end that answers once, and then ends in its way."""

    def __init__(self, end: StreamError | None) -> None:
        self._answers: list[bytes] = [b"SIP/2.0 401 Unauthorized\r\n"]
        self._end = end

    def send_all(self, _content: bytes, /) -> None:
        if not self._answers and self._end is not None:
            raise self._end

    def receive(self, _limit: int, _timeout: float, /) -> bytes:
        if self._answers:
            return self._answers.pop()
        if self._end is not None:
            raise self._end
        return b""

    def close(self) -> None:
        pass


@pytest.mark.parametrize(("end", "is_broken"), [(None, True), (Reset("reset"), True), (TimedOut("silent"), False)])
def test_a_line_is_broken_where_the_far_end_ends_it_and_not_where_it_is_silent(
    end: StreamError | None, *, is_broken: bool
) -> None:
    line = Line()
    stream = LineStream(_Ending(end), line)

    assert stream.receive(100, 1.0).startswith(b"SIP/2.0")
    assert not line.is_broken
    with suppress(StreamError):
        stream.receive(100, 1.0)
    assert line.is_broken is is_broken


def test_a_line_is_broken_where_nothing_can_be_sent_any_more() -> None:
    line = Line()
    stream = LineStream(_Ending(Reset("reset")), line)
    stream.receive(100, 1.0)

    with pytest.raises(Reset):
        stream.send_all(b"OPTIONS")

    assert line.is_broken
