"""Levels *downgrade* and *call* of a PBX that no inventory describes: a stranger's part, and the part of a login."""

from __future__ import annotations

import time
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from confgen.model.check import Level, Question, Verdict
from confgen.streams.tcp import WireError
from confgen.verify.downgrade_level import offers_checks
from confgen.verify.interview import Interview
from confgen.verify.outsider_strangers import stranger_checks
from confgen.verify.probe import NOT_ASKED, Probe
from confgen.verify.wire.transcript import Transcript
from confgen.verify.wire.user_agent import CHALLENGES, FIRST_FAILURE, OK, UserAgent

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from contextlib import AbstractContextManager

    from confgen.model.check import Check
    from confgen.model.depth import Depth
    from confgen.model.outside import Login, Wanted
    from confgen.verify.target import Target
    from confgen.verify.wire.digest import Trial
    from confgen.verify.wire.user_agent import Outcome

OFFERS_TIME = 60.0  # seconds for all offers to one address: a host that is slow on purpose holds up nobody for long
_SERVER_FAILURE = 500
_OWN = "is it the extension's own (its auth user may be called otherwise), and may it be used from here?"


def calls_checks(
    target: Target, wanted: Wanted, local: str, calling: AbstractContextManager[object], trial: Trial
) -> Iterator[Check]:
    """One after the other, while `calling` is held: no extension is used twice at once.

    A password that was refused in the `trial`, as at another address, is not said again.
    """
    with calling:
        if wanted.login is None:
            yield from _without_login(target, wanted, local)
        else:
            probe = _probe(target, wanted.login, wanted.authority, local, trial)
            yield from _with_login(probe, wanted.login, wanted.depth)


def _without_login(target: Target, wanted: Wanted, local: str) -> Iterator[Check]:
    if Level.DOWNGRADE in wanted.depth.levels:
        yield from stranger_checks(target, local)
    yield from _no_calls(target, wanted.depth.levels, "no login was given, so nothing is known of them; see --user")


def _with_login(probe: Probe, login: Login, depth: Depth) -> Iterator[Check]:
    names = {login.media_encryption: login.user}
    level = min(depth.levels & {Level.DOWNGRADE, Level.CALL}, key=list(Level).index)
    question = _question("OUT-06", level, f"login of {probe.name}", probe.target)
    left, why = depth.levels, "the login was not taken: no call was made"
    if probe.is_refused():
        yield question.unknown(NOT_ASKED)
        yield from _no_calls(probe.target, left, why)
        return
    try:
        check = _let_in(question, probe)
        if check.verdict is not Verdict.NOT_CHECKED:
            yield check
        if check.verdict is Verdict.UNKNOWN:  # a password that is wrong is said once: more of it bans us
            yield from _no_calls(probe.target, left, why)
            return
        left, why, is_mute = left - {Level.DOWNGRADE}, "no call was made: the connection broke before", False
        if Level.DOWNGRADE in depth.levels:
            offers = _told(probe, offers_checks(probe, names))
            for offered in in_time(offers, _rest(probe.target), time.monotonic):
                yield offered
                is_mute |= offered.code == "SRTP-05" and offered.verdict is Verdict.UNKNOWN
        if is_mute:
            yield from _no_calls(probe.target, depth.levels, "not asked: the encrypted call told nothing")
        elif Level.CALL in depth.levels:
            from confgen.verify.call_level import encrypted_calls  # noqa: PLC0415 -- brings libsrtp, as in `prove`

            yield from _told(probe, encrypted_calls(probe, names, is_long=depth.is_long))
        if check.verdict is Verdict.NOT_CHECKED:
            yield _judged_by_calls(question, probe.trial) or check
    except WireError as error:
        yield question.unknown(f"the connection broke, and no password is told to whoever shows none: {error}")
        yield from _no_calls(probe.target, left, why)


def _no_calls(target: Target, levels: frozenset[Level], why: str) -> Iterator[Check]:
    """What was asked for, and is not asked any more."""
    if Level.DOWNGRADE in levels:
        yield _question("OUT-04", Level.DOWNGRADE, "calls without encryption", target).not_checked(why)
    if Level.CALL in levels:
        yield _question("OUT-05", Level.CALL, "encrypted calls", target).not_checked(why)


def in_time(checks: Iterator[Check], rest: Question, clock: Callable[[], float]) -> Iterator[Check]:
    """The checks that are answered within OFFERS_TIME; the others are not asked, and `rest` is unknown."""
    end = clock() + OFFERS_TIME
    for check in checks:
        yield check
        if clock() > end:
            yield rest.unknown(f"not asked: it answers too slowly, and {OFFERS_TIME:.0f} seconds are over")
            return


def _rest(target: Target) -> Question:
    return _question("OUT-04", Level.DOWNGRADE, "the other offers", target)


def _let_in(question: Question, probe: Probe) -> Check:
    """Whether the password is right, before anything is asked with it that would say it again and again."""
    transcript = Transcript()
    with probe.agent(transcript=transcript) as agent:
        caller = Interview(agent=agent, transcript=transcript, is_called_off=probe.target.is_called_off)
        return caller.check(question, UserAgent.options, partial(_judged, question))


def _judged(question: Question, outcome: Outcome) -> Check:
    if outcome.status in CHALLENGES:
        return question.unknown(
            f"the password is refused with {outcome.status}; it is not tried again, and no call is made", _OWN
        )
    if not OK <= outcome.status < (FIRST_FAILURE if outcome.was_challenged else _SERVER_FAILURE):
        return question.unknown(f"answered {outcome.status} {outcome.reason}, which says nothing of its password")
    if outcome.was_challenged:
        return question.passed("its password is taken")
    return question.not_checked(f"OPTIONS needs no password here: answered {outcome.status}")


def _judged_by_calls(question: Question, trial: Trial) -> Check | None:
    """Whether the password is right, by what became of it in calls; None where none asked for it."""
    if trial.is_taken:
        return question.passed("its password is taken for calls")
    return (
        question.unknown("the password is refused for a call; it is not tried again", _OWN)
        if trial.is_refused
        else None
    )


def _told(probe: Probe, checks: Iterable[Check]) -> Iterator[Check]:
    """A password of the operator's that is refused is no fault of the PBX."""
    for check in checks:
        is_wrong = probe.trial.is_refused and not probe.trial.is_taken
        yield replace(check, verdict=Verdict.UNKNOWN) if is_wrong and check.verdict is Verdict.FAILED else check


def _probe(target: Target, login: Login, authority: str | None, local: str, trial: Trial) -> Probe:
    return Probe(
        target=target,
        authority=authority,
        name=login.user,
        secret=login.secret,
        echo_number=login.number,
        local=local,
        trial=trial,
        is_known=False,
    )


def _question(code: str, level: Level, subject: str, target: Target) -> Question:
    return Question(code=code, level=level, subject=subject, vantage=target.vantage)
