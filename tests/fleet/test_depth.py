"""A verification goes as far as it is told, and says how far that was."""

from __future__ import annotations

import pytest

from confgen.model.check import Check, Level, Vantage, Verdict
from confgen.model.depth import Depth
from confgen.model.inventory import Verification
from confgen.push import proven_words

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


def test_a_limited_run_says_which_levels_it_proved_and_which_nobody_asked_for() -> None:
    checks = [passed(Level.TLS), passed(Level.CLEAR), passed(Level.STATE, Verdict.NOT_CHECKED)]
    assert proven_words(checks, frozenset({Level.CALL, Level.DOWNGRADE})) == (
        "proven: tls, clear; not asked for: downgrade, call; not checked: it"
    )
