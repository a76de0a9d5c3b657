"""A verification goes as far as it is told, and says how far that was."""

from __future__ import annotations

from collections.abc import Iterable

import pytest

from confgen.fleet.verified import verified
from confgen.model.check import Check, Level, Vantage, Verdict
from confgen.model.depth import Depth
from confgen.model.inventory import Verification
from confgen.model.result import Outcome

ALL = frozenset(Level)


def asked(*levels: Level) -> Verification:
    return Verification(vantage=Vantage.OPERATOR, levels=frozenset(levels))


def passed(level: Level, verdict: Verdict = Verdict.PASSED) -> Check:
    return Check(
        code="TLS-04", level=level, subject="it", verdict=verdict, vantage=Vantage.OPERATOR, message="as it should be"
    )


def test_a_level_that_the_inventory_declares_away_stays_away() -> None:
    depth = Depth(levels=frozenset({Level.TLS, Level.CALL}))
    assert depth.narrowed(asked(Level.STATE, Level.TLS)).levels == {Level.TLS}


def test_nothing_is_left_out_where_nothing_is_said() -> None:
    assert Depth().narrowed(asked(*ALL)) == asked(*ALL)


@pytest.mark.parametrize("is_long", [True, False])
def test_what_takes_longer_is_asked_for_by_the_operator(*, is_long: bool) -> None:
    assert Depth(is_long=is_long).narrowed(asked(*ALL)).is_long is is_long


ALL_BUT_CALL = tuple(level for level in Level if level is not Level.CALL)


@pytest.mark.parametrize(
    ("checks", "levels", "left_out", "outcome", "words"),
    [
        (map(passed, Level), ALL, (), Outcome.PROVEN, "proven"),
        (
            (*map(passed, Level), passed(Level.CLEAR, Verdict.NOT_ENFORCEABLE)),
            ALL,
            (),
            Outcome.PROVEN_IN_PART,
            "proven in part; not enforceable: it",
        ),
        (
            (*map(passed, Level), passed(Level.CLEAR, Verdict.NOT_ENFORCEABLE), passed(Level.TLS, Verdict.UNKNOWN)),
            ALL,
            (),
            Outcome.UNKNOWN,
            "some of it could not be told",
        ),
        (
            (*map(passed, Level), passed(Level.CLEAR, Verdict.NOT_ENFORCEABLE), passed(Level.TLS, Verdict.FAILED)),
            ALL,
            (),
            Outcome.NOT_PROVEN,
            "not proven",
        ),
        (
            (*map(passed, Level), passed(Level.STATE, Verdict.NOT_CHECKED)),
            ALL,
            (),
            Outcome.PROVEN,
            "proven; not checked: it",
        ),
        (
            (passed(Level.TLS), passed(Level.CLEAR)),
            (Level.TLS, Level.CLEAR),
            (Level.DOWNGRADE, Level.CALL),
            Outcome.PROVEN_IN_PART,
            "proven: tls, clear; not asked for: downgrade, call",
        ),
        (  # what the state tells of listening sockets is of level clear, and no probe of it was sent
            (passed(Level.STATE), passed(Level.CLEAR)),
            (Level.STATE,),
            (Level.CLEAR,),
            Outcome.PROVEN_IN_PART,
            "proven: state; not asked for: clear",
        ),
        (
            (passed(Level.STATE), passed(Level.TLS), passed(Level.TLS, Verdict.WAIVED)),
            (Level.STATE, Level.TLS),
            (Level.CALL,),
            Outcome.PROVEN_IN_PART,
            "proven: state; proven in part: tls; not asked for: call; waived: it",
        ),
        (
            (*map(passed, ALL_BUT_CALL), passed(Level.CALL, Verdict.NOT_CHECKED)),
            ALL,
            (),
            Outcome.PROVEN_IN_PART,
            "proven: state, tls, clear, downgrade; not checked: it",
        ),
        (
            map(passed, ALL_BUT_CALL),
            ALL,
            (),
            Outcome.PROVEN_IN_PART,
            "proven: state, tls, clear, downgrade; not checked: call",
        ),
        ((passed(Level.CALL, Verdict.NOT_CHECKED),), (Level.CALL,), (), Outcome.UNKNOWN, "nothing was proven"),
        (
            (passed(Level.CALL, Verdict.NOT_CHECKED),),
            (Level.CALL,),
            ALL_BUT_CALL,
            Outcome.UNKNOWN,
            "nothing was proven",
        ),
        ((), ALL, (), Outcome.UNKNOWN, "nothing was proven"),
        ((passed(Level.CALL), passed(Level.CALL, Verdict.FAILED)), ALL, (), Outcome.NOT_PROVEN, "not proven"),
        (
            (passed(Level.CALL), passed(Level.TLS, Verdict.UNKNOWN)),
            ALL,
            (),
            Outcome.UNKNOWN,
            "some of it could not be told",
        ),
    ],
)
def test_a_verification_says_what_was_proven_and_no_more(
    checks: Iterable[Check], levels: Iterable[Level], left_out: Iterable[Level], outcome: Outcome, words: str
) -> None:
    assert verified(tuple(checks), frozenset(levels), frozenset(left_out)) == (outcome, words)
