"""Level *downgrade*: a call without SRTP is refused, and so is whoever does not say who it is."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from confgen.model.check import Level, Question, Verdict
from confgen.model.inventory import MediaEncryption
from confgen.streams.tcp import WireError
from confgen.verify.broken_names import name_checks
from confgen.verify.case_verdicts import protection, verdict
from confgen.verify.interview import Interview
from confgen.verify.line import asked_anew
from confgen.verify.negative_cases import Called, CalledBy, offer_cases
from confgen.verify.outside_number import outside_number
from confgen.verify.probe import MEDIA_PORT, NOT_ASKED, names_of, probe_of, without_endpoint
from confgen.verify.strangers import known_extension, stranger_checks
from confgen.verify.wire import sdp
from confgen.verify.wire.transcript import Transcript
from confgen.verify.wire.user_agent import CHALLENGES, OK, UserAgent
from confgen.verify.without_probe import checks_without_probe

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from confgen.model.check import Check
    from confgen.model.driver import Material
    from confgen.model.inventory import Pbx
    from confgen.verify.line import Line
    from confgen.verify.probe import Probe
    from confgen.verify.target import Target
    from confgen.verify.wire.digest import Trial
    from confgen.verify.wire.user_agent import Outcome


def downgrade_checks(
    target: Target, pbx: Pbx, material: Material, local: str, trial: Trial | None = None
) -> Iterator[Check]:
    """Strangers first, then the probe: for each kind of media encryption one encrypted call as the control, and cases.

    What makes a PBX wary is kept small: 3 requests by a name that nobody has, one connection and one challenge for each
    of the probe's names, and a password that is refused is not said again in its `trial`. Nothing rings: only the echo
    number is called with an offer that anybody could take.
    """
    probe = probe_of(target, pbx, material, local, trial)
    if probe is None and not target.has_inside:  # there confgen makes no probe
        yield from checks_without_probe(target, local)
        return
    if probe is None:
        yield _question(target, "SRTP-05", "probe").unknown("there is no probe to call with", "give the PBX a `probe`")
        return
    names = names_of(probe, material)
    try:
        yield from offers_checks(probe, names, known_extension(pbx, local), outside_number(pbx))
        yield from name_checks(probe)
    except WireError as error:
        yield _question(target, "SRTP-05", str(target)).unknown(f"the connection broke: {error}")
    for encryption in pbx.probes:
        if encryption not in names:
            yield without_endpoint(_control_question(target, encryption), encryption)


def offers_checks(
    probe: Probe, names: Mapping[MediaEncryption, str], known: str | None = None, outside: str | None = None
) -> Iterator[Check]:
    """What strangers get, and what each of the probe's names gets for each offer; WireError where no connection comes.

    `known` is an extension that may come from here, `outside` a number that leads out; None where there is none.
    """
    yield from asked_anew(lambda line: stranger_checks(replace(probe, line=line), known, outside))
    for encryption, name in names.items():
        named = replace(probe, name=name)
        yield from asked_anew(partial(_probe_checks, named, encryption, outside))


def _probe_checks(probe: Probe, encryption: MediaEncryption, outside: str | None, line: Line) -> Iterator[Check]:
    probe = replace(probe, line=line)
    question = _control_question(probe.target, encryption)
    if probe.is_refused():
        yield question.unknown(NOT_ASKED)
        return
    transcript = Transcript()
    with probe.agent(transcript=transcript) as agent:
        caller = Interview(agent=agent, transcript=transcript, is_called_off=probe.target.is_called_off)
        control = caller.check(
            question,
            partial(UserAgent.invite, offer=_encrypted_offer(probe, encryption), number=probe.echo_number),
            partial(_control, question, probe, encryption),
        )
        yield control
        if not probe.is_known and (control.verdict is Verdict.UNKNOWN or probe.is_refused()):
            return  # whoever named the number hears of it once
        for case in offer_cases():
            number = probe.echo_number if case.number is Called.ECHO else outside
            expected = case.expected.get(encryption)
            if case.caller is not CalledBy.PROBE or expected is None or number is None:
                continue
            question = _question(probe.target, case.code, _subject(case.title, encryption))
            if probe.is_refused():
                yield question.unknown(NOT_ASKED)
                continue
            check = caller.check(
                question,
                partial(UserAgent.invite, offer=case.to(probe.local, MEDIA_PORT), number=number),
                partial(verdict, question, case, expected),
            )
            if control.verdict is not Verdict.PASSED and check.verdict is Verdict.PASSED:
                # That a call is refused says nothing where an encrypted one is not answered; that one is taken does.
                refused = question.unknown(f"{check.message}, as the encrypted call was not answered either")
                check = refused.with_evidence(*check.evidence)
            yield check


def _encrypted_offer(probe: Probe, encryption: MediaEncryption) -> sdp.Offer:
    match encryption:
        case MediaEncryption.SDES:
            return sdp.savp(probe.local, MEDIA_PORT)
        case MediaEncryption.DTLS:  # of no certificate: no handshake is made on this level
            return sdp.dtls(probe.local, MEDIA_PORT, sdp.Fingerprint.of_no_certificate())


def _control(question: Question, probe: Probe, encryption: MediaEncryption, outcome: Outcome) -> Check:
    if outcome.status in CHALLENGES:
        return question.failed(
            "the probe is refused",
            "push again if its password is not the pushed one; `probe: {permit: …}` says from where",
        )
    if (check := probe.not_reached(question, outcome)) is not None:
        return check
    if outcome.status != OK or outcome.answer is None or not outcome.answer.media:
        return question.failed(
            f"answered {outcome.status} {outcome.reason}",
            "does the probe reach the echo number, and is res_srtp loaded?",
        )
    media = outcome.answer.media[0]
    wanted = {MediaEncryption.SDES: sdp.Profile.SAVP, MediaEncryption.DTLS: sdp.Profile.DTLS_SAVPF}[encryption]
    found = protection(media)
    if media.profile != wanted.value or found is None or len(media.crypto) > 1 or not media.port:
        return question.failed(f"answered with {media.profile} and {len(media.crypto)} keys", "push again")
    return question.passed(f"answered with {found}")


def _control_question(target: Target, encryption: MediaEncryption) -> Question:
    return _question(target, "SRTP-05", _subject("an encrypted call", encryption))


def _subject(words: str, encryption: MediaEncryption) -> str:
    return f"{words} ({encryption.name})"


def _question(target: Target, code: str, subject: str) -> Question:
    return Question(code=code, level=Level.DOWNGRADE, subject=subject, vantage=target.vantage)
