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
    from collections.abc import Callable, Iterable, Iterator

    from confgen.model.driver import Material
    from confgen.model.inventory import Pbx
    from confgen.verify.probe import Pace
    from confgen.verify.target import Target


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
    is_long = pbx.verification.is_long
    calls: list[Callable[[], Iterable[Check]]] = [partial(sdes_checks, probe, is_long=is_long)]
    if MediaEncryption.DTLS in material.probes:
        with_dtls = replace(probe, name=material.probes[MediaEncryption.DTLS])
        calls.append(partial(dtls_checks, with_dtls, is_long=is_long))
    with ThreadPoolExecutor(max_workers=len(calls), thread_name_prefix="call") as pool:
        for checks in pool.map(lambda call: tuple(call()), calls):
            yield from checks
