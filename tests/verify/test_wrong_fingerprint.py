"""How much a PBX may have played of a call whose certificate was not the announced one."""

from __future__ import annotations

from collections import Counter
from types import SimpleNamespace
from typing import cast

import pytest

from confgen.model.check import Level, Question, Vantage, Verdict
from confgen.verify import dtls_call
from confgen.verify.media import Media
from confgen.verify.wire.listener import Sort


@pytest.mark.parametrize("is_hung_up", [True, False])
@pytest.mark.parametrize(
    ("exact", "others", "going_on", "hung_up"),
    [
        ((), 0, Verdict.PASSED, Verdict.PASSED),
        ((0,), 0, Verdict.PASSED, Verdict.PASSED),
        ((0, 1), 0, Verdict.PASSED, Verdict.PASSED),
        ((0, 1, 2), 0, Verdict.FAILED, Verdict.PASSED),
        ((7,), 0, Verdict.FAILED, Verdict.PASSED),  # said when the certificate should have been compared
        ((), 1, Verdict.FAILED, Verdict.FAILED),  # in clear, or not authentic
        ((0,), 1, Verdict.FAILED, Verdict.FAILED),
        (tuple(range(24)), 0, Verdict.FAILED, Verdict.PASSED),
        (tuple(range(25)), 0, Verdict.FAILED, Verdict.FAILED),  # all that were said: it hung up for something else
    ],
)
def test_only_the_first_packets_may_win_the_race_with_the_certificate_or_those_until_the_pbx_hangs_up(
    exact: tuple[int, ...], others: int, going_on: Verdict, hung_up: Verdict, *, is_hung_up: bool
) -> None:
    question = Question(code="CALL-14", level=Level.CALL, subject="a call", vantage=Vantage.OPERATOR)
    listener = SimpleNamespace(
        total=len(exact) + others + len(exact[:1]),
        counts=Counter({Sort.REPEATED: len(exact[:1])}),  # the network may double a packet
        exact={bytes([number]): SimpleNamespace(number=number) for number in exact},
    )
    media = cast("Media", SimpleNamespace(listener=listener, speaker=SimpleNamespace(count=lambda _: 10)))
    handshake = dtls_call._Handshake(is_hung_up=is_hung_up)  # noqa: SLF001 -- what a call came to
    wait = dtls_call._Wait(round_trip=0.001, patience=1.0)  # noqa: SLF001

    check = dtls_call._unheard(question, media, handshake, wait, "")  # noqa: SLF001

    assert check.verdict is (hung_up if is_hung_up else going_on)
    assert ("of 10 that were said" in check.message) is (check.verdict is Verdict.FAILED)
    assert ("before the certificate" in check.message) is (check.verdict is Verdict.PASSED and bool(exact))
