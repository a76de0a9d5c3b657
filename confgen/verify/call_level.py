"""Level *call*: real calls to the echo number, whose media is proven packet by packet."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from confgen.model.check import Check, Level, Question
from confgen.model.inventory import MediaEncryption
from confgen.verify.dtls_call import dtls_checks
from confgen.verify.probe import probe_of
from confgen.verify.sdes_call import sdes_checks

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from confgen.model.driver import Material
    from confgen.model.inventory import Pbx
    from confgen.verify.probe import Pace, Probe
    from confgen.verify.target import Target

_CHECKS = {MediaEncryption.SDES: sdes_checks, MediaEncryption.DTLS: dtls_checks}


def call_checks(target: Target, pbx: Pbx, material: Material, local: str, pace: Pace | None = None) -> Iterator[Check]:
    """A call for each media encryption that the probe has an endpoint with, all at once: no endpoint is used twice.

    `local` is our own address as the PBX sees it; media is sent from there and to there.
    """
    probe = probe_of(target, pbx, material, local)
    if probe is None:
        question = Question(code="CALL-10", level=Level.CALL, subject="probe", vantage=target.vantage)
        yield question.unknown("there is no probe to call with", "give the PBX a `probe`")
        return
    probe = probe if pace is None else replace(probe, pace=pace)
    names = material.probes or {MediaEncryption.SDES: probe.name}
    yield from encrypted_calls(probe, names, is_long=pbx.verification.is_long)


def encrypted_calls(probe: Probe, names: Mapping[MediaEncryption, str], *, is_long: bool) -> Iterator[Check]:
    """A call by each of the probe's names, with the media encryption that it demands."""
    calls: list[Callable[[], Iterable[Check]]] = [
        partial(_CHECKS[encryption], replace(probe, name=name), is_long=is_long) for encryption, name in names.items()
    ]
    with ThreadPoolExecutor(max_workers=len(calls), thread_name_prefix="call") as pool:
        for checks in pool.map(lambda call: tuple(call()), calls):
            yield from checks
