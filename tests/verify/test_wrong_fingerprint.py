"""How much a PBX may have played of a call whose certificate was not the announced one."""

from __future__ import annotations

from types import SimpleNamespace
from typing import cast

import pytest

from confgen.model.check import Level, Question, Vantage, Verdict
from confgen.verify import dtls_call
from confgen.verify.media import Media


@pytest.mark.parametrize("is_hung_up", [True, False])
@pytest.mark.parametrize(
    ("heard", "verdict"), [(0, Verdict.PASSED), (2, Verdict.PASSED), (3, Verdict.FAILED), (10, Verdict.FAILED)]
)
def test_what_is_played_before_the_certificate_is_compared_is_a_packet_or_two(
    heard: int, verdict: Verdict, *, is_hung_up: bool
) -> None:
    question = Question(code="CALL-14", level=Level.CALL, subject="a call", vantage=Vantage.OPERATOR)
    media = cast(
        "Media",
        SimpleNamespace(listener=SimpleNamespace(total=heard), speaker=SimpleNamespace(count=lambda _: 10)),
    )
    handshake = dtls_call._Handshake(is_hung_up=is_hung_up)  # noqa: SLF001 -- what a call came to
    wait = dtls_call._Wait(round_trip=0.001, patience=1.0)  # noqa: SLF001

    check = dtls_call._unheard(question, media, handshake, wait, "")  # noqa: SLF001

    assert check.verdict is verdict
    assert ("played before" in check.message) is (heard == 2)
