"""A leg to a 3CX rests on what the other end saw of a call, and on what the 3CX is held to; never on a word alone."""

from __future__ import annotations

import time
from dataclasses import replace
from types import SimpleNamespace
from typing import Any, cast

import click
import pytest

from confgen.fleet.legs import prove_legs
from confgen.model.check import Level, Vantage, Verdict
from confgen.model.driver import Driver, ProviderAnswer, Standing, Traits
from confgen.model.halves import Half, verdict_of
from confgen.model.inventory import Pbx, Peering, Verification
from confgen.model.result import Outcome, Result
from confgen.report import results
from confgen.report.answer import Answer
from confgen.streams.tcp import Address, connect
from confgen.verify import provider_leg
from tests.drivers.asterisk.scripted_host import ScriptedHost
from tests.drivers.threecx.proof_site import ProvenSite, a_site
from tests.fleet.test_legs import ENCRYPTED, IN_CLEAR, Listening, came_of, site
from tests.model.pbxs import a_pbx, a_provider_trunk, a_trunk_end

HQ = a_pbx("hq", trunks=(a_trunk_end("hq-site", "site", peering=Peering.PEER_REGISTERS),))
PEERS_ONLY = a_site(provider_trunks=())
CONTACT = b"=== qualify\n  Contact:  hq-site/sip:site@192.0.2.20:40111;transport=tls  Avail  3.1\n"
BOTH = came_of(hq=Outcome.PROVEN, site=Outcome.PROVEN_IN_PART)


def leg(threecx: ProvenSite, answer: bytes = ENCRYPTED, hq: Pbx = HQ, watcher: Listening | None = None) -> Result:
    hosts: Any = {"hq": ScriptedHost(answers={"leg": answer + CONTACT}, name="hq"), "site": threecx.host}
    (result,) = prove_legs(site(hosts, watcher), (hq, threecx.pbx), BOTH, concerning=["site"], costs_are_agreed=True)
    return result


def told(result: Result) -> list[tuple[str, Verdict]]:
    return [(check.code, check.verdict) for check in result.checks]


def test_it_passes_by_a_witness_of_the_call_and_what_the_3cx_is_held_to() -> None:
    result = leg(ProvenSite(pbx=PEERS_ONLY))
    assert told(result) == [
        ("CALL-01", Verdict.PASSED),
        ("CALL-02", Verdict.PASSED),
        ("LEG-04", Verdict.NOT_CHECKED),
    ]
    assert (result.outcome, result.exit_code) == (Outcome.PROVEN_IN_PART, 0)
    assert {verdict_of(half, result.checks) for half in Half} == {Verdict.PASSED}


def test_no_progress_tells_of_a_call_that_a_3cx_does_not_make() -> None:
    watcher = Listening()
    leg(ProvenSite(pbx=PEERS_ONLY), watcher=watcher)
    assert watcher.steps == [("hq-site", "calling from hq to site")]


def test_the_table_of_legs_has_what_passed_before_what_was_not_checked() -> None:
    result = leg(ProvenSite(pbx=PEERS_ONLY))
    answer = Answer(command="verify", inventory="inventory.yaml", findings=(), pbxs=(), legs=(result,), exit_code=0)
    (row,) = [line for line in click.unstyle(results.text(answer)).splitlines() if line.startswith("hq-site ")]
    assert row.split("  ")[1] == "passed 2, not checked 1"
    assert "can be made to call" not in row


@pytest.mark.parametrize(
    ("path", "value", "code"),
    [(("TransportRestriction",), "Any", "CALL-01"), (("Gateway", "SRTPMode"), "SRTPEnabled", "CALL-02")],
)
def test_a_3cx_that_is_held_to_nothing_fails_it(path: tuple[str, ...], value: str, code: str) -> None:
    threecx = ProvenSite(pbx=PEERS_ONLY)
    fields = threecx.trunk("hq-site")
    (fields if len(path) == 1 else fields[path[0]])[path[-1]] = value
    result = leg(threecx)
    assert (code, Verdict.FAILED) in told(result)
    assert result.outcome is Outcome.NOT_PROVEN


def test_a_witness_of_a_call_in_clear_fails_it_whatever_the_settings_say() -> None:
    assert leg(ProvenSite(pbx=PEERS_ONLY), IN_CLEAR).outcome is Outcome.NOT_PROVEN


def test_where_the_3cx_cannot_be_asked_it_is_unknown() -> None:
    threecx = ProvenSite(pbx=PEERS_ONLY)
    threecx.misbehave(breaks={"GET /Trunks": 500})
    result = leg(threecx)
    assert told(result)[:2] == [("LEG-01", Verdict.UNKNOWN), ("LEG-01", Verdict.UNKNOWN)]
    assert (result.outcome, result.exit_code) == (Outcome.UNKNOWN, 4)


def test_without_a_number_to_call_nothing_passes() -> None:
    (end,) = HQ.trunks
    result = leg(ProvenSite(pbx=PEERS_ONLY), hq=replace(HQ, trunks=(replace(end, peer_echo=None),)))
    assert Verdict.PASSED not in {verdict for _, verdict in told(result)}
    assert result.outcome is Outcome.UNKNOWN


def test_a_3cx_alone_proves_nothing_of_a_leg() -> None:
    threecx = ProvenSite(pbx=PEERS_ONLY)
    hosts: Any = {"site": threecx.host}
    (result,) = prove_legs(
        site(hosts), (HQ, threecx.pbx), came_of(site=Outcome.PROVEN), concerning=["site"], costs_are_agreed=True
    )
    assert Verdict.PASSED not in {verdict for _, verdict in told(result)}
    assert result.outcome is Outcome.PENDING


@pytest.fixture
def outward(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What this machine would look at itself; every certificate there holds."""
    dialled: list[str] = []

    def look(dial: object, domain: str, port: int, _authority: str | None, _timeout: float = 1) -> provider_leg.Seen:
        if dial is not connect:
            return provider_leg.Untold("administratively prohibited")
        dialled.append(str(Address(host=domain, port=port)))
        return provider_leg.Trusted(200)

    monkeypatch.setattr(provider_leg, "look_at_provider", look)
    return dialled


def provider(threecx: ProvenSite) -> Result:
    hosts: Any = {"site": threecx.host}
    (result,) = prove_legs(
        site(hosts), (threecx.pbx,), came_of(site=Outcome.PROVEN), concerning=["site"], costs_are_agreed=True
    )
    return result


def test_a_provider_is_looked_at_from_here_where_the_3cxs_ssh_lets_nobody_through(
    outward: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(time, "sleep", lambda _: None)
    result = provider(ProvenSite(pbx=a_site(trunks=())))
    assert (told(result), result.outcome) == ([("CALL-03", Verdict.PASSED)], Outcome.PROVEN)
    assert "verified from this machine" in result.checks[0].message
    assert outward == ["carrier.example.test:5061"]


def test_nothing_else_is_looked_at_from_here(outward: list[str]) -> None:
    """The host of an Asterisk can look, and what it cannot tell stays unknown."""
    answer = ProviderAnswer(domain="carrier.test", port=5061, authority="", standing=Standing.REGISTERED, said="yes")
    driver = cast("Driver", SimpleNamespace(traits=Traits(), ask_provider=lambda *_: answer))
    check = provider_leg.prove_provider(ScriptedHost(answers={}), HQ, driver, a_provider_trunk())
    assert (check.verdict, outward) == (Verdict.UNKNOWN, [])


def test_a_3cx_that_is_not_held_to_tls_is_not_proven_by_the_providers_certificate(outward: list[str]) -> None:
    threecx = ProvenSite(pbx=a_site(trunks=()))
    threecx.trunk("carrier-site")["TransportRestriction"] = "Any"
    assert provider(threecx).outcome is Outcome.UNKNOWN
    assert outward


def test_a_provider_is_not_asked_where_the_level_is_declared_away() -> None:
    asked = Verification(vantage=Vantage.OPERATOR, levels=frozenset({Level.STATE}))
    assert provider(ProvenSite(pbx=a_site(trunks=(), verification=asked))).outcome is Outcome.NOT_CHECKED
