"""Questions put to a PBX by one user agent, each with the conversation that its verdict rests on."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from confgen.model.check import CALLED_OFF
from confgen.streams.tcp import WireError
from confgen.verify.target import never
from confgen.verify.wire.sdp import MalformedSdp

if TYPE_CHECKING:
    from collections.abc import Callable

    from confgen.model.check import Check, Question
    from confgen.verify.wire.transcript import Transcript
    from confgen.verify.wire.user_agent import Outcome, UserAgent


@dataclass(slots=True, kw_only=True)
class Interview:
    """Once the connection is broken, nothing is answered in time or somebody calls it off, the rest is unknown."""

    agent: UserAgent
    transcript: Transcript  # the agent's
    is_called_off: Callable[[], bool] = never
    _is_broken: bool = field(default=False, init=False)

    def check(
        self, question: Question, ask: Callable[[UserAgent], Outcome], judge: Callable[[Outcome], Check]
    ) -> Check:
        """Ask, judge the answer, and show both; no answer is unknown."""
        if self._is_broken:
            return question.unknown("not asked: the connection broke before")
        if self.is_called_off():
            return question.unknown(CALLED_OFF)
        self.transcript.begin_again()
        try:
            check = judge(ask(self.agent))
        except MalformedSdp as error:
            check = question.unknown(f"the answer cannot be read: {error}")
        except WireError as error:
            self._is_broken = True
            check = question.unknown(f"no answer: {error}")
        return check.with_evidence(self.transcript.evidence(question.subject))
