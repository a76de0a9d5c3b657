"""Level *call*: real calls to the echo number, whose media is proven packet by packet."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from confgen.model.check import Check, Level, Question
from confgen.model.inventory import MediaEncryption
from confgen.verify.dtls_call import dtls_checks
from confgen.verify.line import asked_anew
from confgen.verify.probe import NOT_ASKED, names_of, probe_of, without_endpoint
from confgen.verify.sdes_call import sdes_checks

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from confgen.model.driver import Material
    from confgen.model.inventory import Pbx
    from confgen.verify.probe import Pace, Probe
    from confgen.verify.target import Target
    from confgen.verify.wire.digest import Trial

_CHECKS = {MediaEncryption.SDES: sdes_checks, MediaEncryption.DTLS: dtls_checks}
_CODES = {MediaEncryption.SDES: "CALL-10", MediaEncryption.DTLS: "CALL-13"}


def call_checks(
    target: Target,
    pbx: Pbx,
    material: Material,
    local: str,
    trial: Trial | None = None,
    *,
    pace: Pace | None = None,
) -> Iterator[Check]:
    """A call for each media encryption that the probe has an endpoint with.

    `local` is our own address as the PBX sees it; media is sent from there and to there. A password that was refused
    in its `trial` is not said again.
    """
    probe = probe_of(target, pbx, material, local, trial)
    if probe is None and not target.has_inside:  # there confgen makes no probe; its legs are proven by themselves
        question = Question(code="OUT-05", level=Level.CALL, subject="encrypted calls", vantage=target.vantage)
        yield question.not_checked("none is made by a phone of this PBX's, where confgen has no probe")
        return
    if probe is None:
        question = Question(code="CALL-10", level=Level.CALL, subject="probe", vantage=target.vantage)
        yield question.unknown("there is no probe to call with", "give the PBX a `probe`")
        return
    probe = probe if pace is None else replace(probe, pace=pace)
    names = names_of(probe, material)
    yield from encrypted_calls(probe, names, is_long=pbx.verification.is_long)
    for encryption in pbx.probes:
        if encryption not in names:
            yield without_endpoint(_question(target, encryption), encryption)


def encrypted_calls(probe: Probe, names: Mapping[MediaEncryption, str], *, is_long: bool) -> Iterator[Check]:
    """A call by each of the probe's names, with the media encryption that it demands.

    All at once, for no name is used twice; where it is not known yet that the password is taken, one after the other.
    """
    calls: list[Callable[[], Iterable[Check]]] = [
        partial(_call, encryption, replace(probe, name=name), is_long=is_long) for encryption, name in names.items()
    ]
    at_once = len(calls) if probe.trial.is_taken else 1
    with ThreadPoolExecutor(max_workers=at_once, thread_name_prefix="call") as pool:
        for checks in pool.map(lambda call: tuple(call()), calls):
            yield from checks


def _call(encryption: MediaEncryption, probe: Probe, *, is_long: bool) -> Iterator[Check]:
    if probe.is_refused():
        yield _question(probe.target, encryption).unknown(NOT_ASKED)
    else:
        checks = _CHECKS[encryption]
        yield from asked_anew(lambda line: checks(replace(probe, line=line), is_long=is_long))


def _question(target: Target, encryption: MediaEncryption) -> Question:
    subject = f"a call with {encryption.name}"
    return Question(code=_CODES[encryption], level=Level.CALL, subject=subject, vantage=target.vantage)
