"""What somebody without a password is told: nothing, and the same whoever he says he is."""

from __future__ import annotations

import ipaddress
import re
import secrets
from functools import partial
from typing import TYPE_CHECKING

from confgen.model.check import CALLED_OFF, Level, Question
from confgen.model.inventory import MediaEncryption
from confgen.streams.tcp import WireError
from confgen.verify.case_verdicts import verdict
from confgen.verify.interview import Interview
from confgen.verify.negative_cases import Called, CalledBy, offer_cases
from confgen.verify.probe import MEDIA_PORT
from confgen.verify.wire import sdp
from confgen.verify.wire.digest import CHALLENGE_HEADERS
from confgen.verify.wire.transcript import Transcript
from confgen.verify.wire.user_agent import CHALLENGES, FIRST_FAILURE, OK, UserAgent

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from confgen.model.check import Check
    from confgen.model.inventory import Pbx
    from confgen.model.stream import Stream
    from confgen.verify.probe import Probe
    from confgen.verify.wire.sip import Header
    from confgen.verify.wire.user_agent import Outcome

_SERVER_FAILURE = 500
_NEW_EACH_TIME = re.compile(r"\b(nonce|opaque|cnonce)=\"[^\"]*\"")
# Headers whose values are of the request, or of the moment.
_OF_THE_REQUEST = frozenset({"via", "from", "to", "call-id", "cseq", "date", "record-route"})


def stranger_checks(probe: Probe, known: str | None, outside: str | None) -> Iterator[Check]:
    """All on one connection, and no password is sent on it.

    `known` is an extension that may come from here, `outside` a number that leads out; None where there is none.
    """
    with probe.connected() as stream:
        yield from _without_password(probe, stream, outside)
        yield from _alike(probe, stream, known)


def _without_password(probe: Probe, stream: Stream, outside: str | None) -> Iterator[Check]:
    stranger = _interview(probe, stream, probe.name)
    question = _question(probe, "AUTH-02", "INVITE without a password")
    offer = sdp.savp(probe.local, MEDIA_PORT)
    yield stranger.check(question, lambda agent: agent.invite(offer, probe.echo_number), partial(_challenged, question))
    question = _question(probe, "AUTH-03", "REGISTER without a password")
    yield stranger.check(question, UserAgent.bindings, partial(_challenged, question))
    for case in offer_cases():
        number = probe.echo_number if case.number is Called.ECHO else outside
        if case.caller is CalledBy.STRANGER and number is not None:
            question = _question(probe, case.code, case.title)
            yield stranger.check(
                question,
                partial(UserAgent.invite, offer=case.to(probe.local, MEDIA_PORT), number=number),
                partial(verdict, question, case, case.expected[MediaEncryption.SDES]),
            )


def _interview(probe: Probe, stream: Stream, name: str) -> Interview:
    transcript = Transcript()
    return Interview(
        agent=probe.stranger(stream, name, transcript),
        transcript=transcript,
        is_called_off=probe.target.is_called_off,
    )


def _challenged(question: Question, outcome: Outcome) -> Check:
    if outcome.status in CHALLENGES:
        return question.passed(f"refused with {outcome.status}")
    if OK <= outcome.status < FIRST_FAILURE:
        return question.failed(f"answered {outcome.status}", "push again: its `auth` is missing")
    return question.unknown(
        f"answered {outcome.status} {outcome.reason}, not a challenge",
        "may the probe come from here? see `probe: {permit: …}`",
    )


def _alike(probe: Probe, stream: Stream, known: str | None) -> Iterator[Check]:
    """A name that is there and one that nobody has, asked alike; registrations are asked for, and none is changed."""
    offer = sdp.savp(probe.local, MEDIA_PORT)
    methods: tuple[tuple[str, Callable[[UserAgent], Outcome]], ...] = (
        ("REGISTER", UserAgent.bindings),
        ("INVITE", partial(UserAgent.invite, offer=offer, number=probe.echo_number)),
        ("OPTIONS", UserAgent.options),
    )
    nobody = f"confgen-nobody-{secrets.token_hex(4)}"
    name = known or probe.name
    is_broken = False
    for method, ask in methods:
        question = _question(probe, "AUTH-13", f"{method} as {name} and as nobody")
        if is_broken:
            yield question.unknown("not asked: the connection broke before")
            continue
        if probe.target.is_called_off():
            yield question.unknown(CALLED_OFF)
            continue
        somebody, stranger = _interview(probe, stream, name), _interview(probe, stream, nobody)
        try:
            check = _judged_alike(question, ask(somebody.agent), ask(stranger.agent))
        except WireError as error:
            is_broken = True
            check = question.unknown(f"no answer: {error}")
        yield check.with_evidence(
            somebody.transcript.evidence("a name that is there"), stranger.transcript.evidence("a name that nobody has")
        )


def _judged_alike(question: Question, known: Outcome, unknown: Outcome) -> Check:
    if max(known.status, unknown.status) >= _SERVER_FAILURE:
        return question.unknown(f"answered {known.status} and {unknown.status}")
    if OK <= known.status < FIRST_FAILURE <= unknown.status:
        return question.failed(
            f"answered {known.status} without a password, and nobody {unknown.status}",
            "push again: its `auth` is missing, or OPTIONS need none",
        )
    if found := differences(known, unknown):
        return question.failed(
            f"who exists can be told: {'; '.join(found)}",
            "push again; where only the algorithms differ, give every extension the same `digest`",
        )
    return question.passed(f"both are answered {known.status}, alike")


def differences(known: Outcome, unknown: Outcome) -> list[str]:
    """In what the answers to two names differ, each in words; what names the request itself does not count."""
    found = []
    if (known.status, known.reason) != (unknown.status, unknown.reason):
        found.append(f"answered {known.status} {known.reason} and {unknown.status} {unknown.reason}")
    shown, hidden = _shape(known.headers), _shape(unknown.headers)
    if [name for name, _ in shown] != [name for name, _ in hidden]:
        found.append(f"headers {_listed(shown)} and {_listed(hidden)}")
    else:
        found += [
            f"{name}: {own} and {other}" for (name, own), (_, other) in zip(shown, hidden, strict=True) if own != other
        ]
    return found


def _shape(headers: Iterable[Header]) -> list[tuple[str, str]]:
    """Names and values of headers, of a challenge all but what is new each time."""
    return [
        (name, "" if name.lower() in _OF_THE_REQUEST else _steady(value) if name in CHALLENGE_HEADERS else value)
        for name, value in headers
    ]


def _steady(challenge: str) -> str:
    return _NEW_EACH_TIME.sub(r"\1=…", challenge)


def _listed(shape: Iterable[tuple[str, str]]) -> str:
    return " ".join(name for name, _ in shape)


def known_extension(pbx: Pbx, local: str) -> str | None:
    """An extension that may come from here, and is challenged as names are by default.

    Extensions with the other algorithm are told apart by it, which the inventory is warned of as AUTH-10. One whose
    `permit` leaves us out Asterisk takes for nobody: asking for it would prove nothing of those that may come.
    """
    return next(
        (
            extension.number
            for extension in pbx.moved_extensions
            if extension.digest is pbx.default_digest and _may_come(local, extension.permit)
        ),
        None,
    )


def _may_come(address: str, permit: tuple[str, ...]) -> bool:
    try:
        own = ipaddress.ip_address(address)
    except ValueError:
        return not permit
    return not permit or any(own in ipaddress.ip_network(network, strict=False) for network in permit)


def _question(probe: Probe, code: str, subject: str) -> Question:
    return Question(code=code, level=Level.DOWNGRADE, subject=subject, vantage=probe.target.vantage)
