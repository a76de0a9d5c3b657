"""Levels *downgrade* and *call* of a PBX that no inventory describes: a stranger's part, and the part of a login."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from confgen.model.check import Level, Question, Verdict
from confgen.verify.downgrade_level import offers_checks
from confgen.verify.interview import Interview
from confgen.verify.outsider_strangers import stranger_checks
from confgen.verify.probe import Probe
from confgen.verify.wire.stream import WireError
from confgen.verify.wire.transcript import Transcript
from confgen.verify.wire.user_agent import CHALLENGES, UserAgent

if TYPE_CHECKING:
    from collections.abc import Iterator
    from contextlib import AbstractContextManager

    from confgen.model.check import Check
    from confgen.model.depth import Depth
    from confgen.model.outside import Login, Wanted
    from confgen.verify.target import Target
    from confgen.verify.wire.user_agent import Outcome


def calls_checks(
    target: Target, wanted: Wanted, local: str, calling: AbstractContextManager[object]
) -> Iterator[Check]:
    """One after the other, while `calling` is held: no extension is used twice at once."""
    with calling:
        if wanted.login is None:
            yield from _without_login(target, wanted, local)
        else:
            yield from _with_login(_probe(target, wanted.login, wanted.authority, local), wanted.login, wanted.depth)


def _without_login(target: Target, wanted: Wanted, local: str) -> Iterator[Check]:
    if Level.DOWNGRADE in wanted.depth.levels:
        yield from stranger_checks(target, local)
    yield from _no_calls(target, wanted.depth.levels, "no login was given, so nothing is known of them; see --user")


def _with_login(probe: Probe, login: Login, depth: Depth) -> Iterator[Check]:
    names = {login.media_encryption: login.user}
    level = min(depth.levels & {Level.DOWNGRADE, Level.CALL}, key=list(Level).index)
    question = _question("OUT-06", level, f"login of {probe.name}", probe.target)
    left, why = depth.levels, "the login was not taken: no call was made"
    try:
        check = _let_in(question, probe)
        yield check
        if check.verdict is not Verdict.PASSED:  # a password that is wrong is said once: more of it bans us
            yield from _no_calls(probe.target, left, why)
            return
        left, why = left - {Level.DOWNGRADE}, "no call was made: the connection broke before"
        if Level.DOWNGRADE in depth.levels:
            for check in offers_checks(probe, names):
                yield check
                if check.code == "SRTP-05" and check.verdict is Verdict.UNKNOWN:
                    yield from _no_calls(probe.target, depth.levels, "not asked: the encrypted call told nothing")
                    return
        if Level.CALL in depth.levels:
            from confgen.verify.call_level import encrypted_calls  # noqa: PLC0415 -- brings libsrtp, as in `prove`

            yield from encrypted_calls(probe, names, is_long=depth.is_long)
    except WireError as error:
        yield question.unknown(f"the connection broke, and no password is told to whoever shows none: {error}")
        yield from _no_calls(probe.target, left, why)


def _no_calls(target: Target, levels: frozenset[Level], why: str) -> Iterator[Check]:
    """What was asked for, and is not asked any more."""
    if Level.DOWNGRADE in levels:
        yield _question("OUT-04", Level.DOWNGRADE, "calls without encryption", target).not_checked(why)
    if Level.CALL in levels:
        yield _question("OUT-05", Level.CALL, "encrypted calls", target).not_checked(why)


def _let_in(question: Question, probe: Probe) -> Check:
    """Whether the password is right, before anything is asked with it that would say it again and again."""
    transcript = Transcript()
    with probe.agent(transcript=transcript) as agent:
        caller = Interview(agent=agent, transcript=transcript, is_called_off=probe.target.is_called_off)
        return caller.check(question, UserAgent.options, partial(_judged, question))


def _judged(question: Question, outcome: Outcome) -> Check:
    if outcome.status in CHALLENGES:
        return question.unknown(
            f"the password is refused with {outcome.status}; it is not tried again, and no call is made",
            "is it the extension's own (its auth user may be called otherwise), and may it be used from here?",
        )
    if outcome.was_challenged:
        return question.passed("its password is taken")
    return question.passed(f"answered {outcome.status} without being asked for a password")


def _probe(target: Target, login: Login, authority: str | None, local: str) -> Probe:
    return Probe(
        target=target,
        authority=authority,
        name=login.user,
        secret=login.secret,
        echo_number=login.number,
        local=local,
        is_known=False,
    )


def _question(code: str, level: Level, subject: str, target: Target) -> Question:
    return Question(code=code, level=level, subject=subject, vantage=target.vantage)
