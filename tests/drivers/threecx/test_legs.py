"""A 3CX calls nobody; what its trunks are held to, and how it stands with a provider, is by its own word alone."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from confgen.drivers.threecx.leg import call_outside, call_peer, heard_of_peer
from confgen.drivers.threecx.provider_leg import asked
from confgen.model.driver import ProviderAnswer, Standing
from confgen.model.host import HostError
from confgen.model.leg import Bound, NotCalled
from tests.drivers.threecx.proof_site import AUTHORITY, ProvenSite


def answered(site: ProvenSite, pauses: list[float] | None = None) -> ProviderAnswer:
    (trunk,) = site.pbx.provider_trunks
    return asked(site.host, site.pbx, trunk, ([] if pauses is None else pauses).append)


def heard(site: ProvenSite) -> Bound | NotCalled:
    (trunk,) = site.pbx.trunks
    return heard_of_peer(site.host, site.pbx, trunk)


def test_it_makes_no_calls_by_its_nature() -> None:
    site = ProvenSite()
    before = len(site.host.fake.log)
    found = [
        call_peer(site.host, site.pbx, site.pbx.trunks[0]),
        call_outside(site.host, site.pbx, site.pbx.provider_trunks[0]),
    ]
    assert all(one.is_by_nature for one in found)
    assert len(site.host.fake.log) == before


def test_a_trunk_that_demands_both_is_held_to_both() -> None:
    found = heard(ProvenSite())
    assert isinstance(found, Bound)
    assert (found.is_signalling_secure, found.is_media_secure) == (True, True)
    assert found.said == "TransportRestriction TLS, SRTPMode SRTPEnforced"


@pytest.mark.parametrize("value", ["Any", "UDP", "TCP"])
def test_a_trunk_that_may_go_in_clear_is_not_held_to_tls(value: str) -> None:
    site = ProvenSite()
    site.trunk("hq-site")["TransportRestriction"] = value
    found = heard(site)
    assert isinstance(found, Bound)
    assert (found.is_signalling_secure, found.is_media_secure) == (False, True)


@pytest.mark.parametrize("value", ["SRTPEnabled", "SRTPDisabled"])
def test_a_trunk_that_takes_rtp_is_not_held_to_srtp(value: str) -> None:
    site = ProvenSite()
    site.trunk("hq-site")["Gateway"]["SRTPMode"] = value
    found = heard(site)
    assert isinstance(found, Bound)
    assert (found.is_signalling_secure, found.is_media_secure) == (True, False)


def test_what_is_not_told_is_not_taken_for_secure() -> None:
    site = ProvenSite()
    site.trunk("hq-site")["TransportRestriction"] = None
    site.trunk("hq-site")["Gateway"]["SRTPMode"] = None
    site.misbehave(analysis={"hq-site": ("RegisteredOK",)})
    found = heard(site)
    assert isinstance(found, Bound)
    assert (found.is_signalling_secure, found.is_media_secure) == (None, None)


def test_what_its_analysis_finds_counts_against_its_settings() -> None:
    site = ProvenSite()
    site.misbehave(analysis={"hq-site": ("RegisteredOK", "TransportMismatch")})
    found = heard(site)
    assert isinstance(found, Bound)
    assert (found.is_signalling_secure, found.is_media_secure) == (False, True)
    assert "another transport" in found.said
    site.misbehave(analysis={"hq-site": ("RegisteredOK", "RTPMismatchDetected")})
    found = heard(site)
    assert isinstance(found, Bound)
    assert (found.is_signalling_secure, found.is_media_secure) == (True, False)


def test_a_trunk_that_is_not_there_tells_nothing() -> None:
    site = ProvenSite()
    site.trunk("hq-site")["Gateway"]["Name"] = "other"
    assert isinstance(heard(site), NotCalled)


def test_of_two_trunks_of_one_name_neither_is_believed() -> None:
    """The one that was looked at last may demand what the other does not."""
    site = ProvenSite()
    trunks = site.host.fake.state.collections["Trunks"]
    for name in ("hq-site", "carrier-site"):
        twin = {**site.trunk(name), "Id": site.host.fake.state.new_id(), "TransportRestriction": "Any"}
        trunks[twin["Id"]] = twin
    with pytest.raises(HostError, match="two trunks have this name"):
        heard(site)
    found = answered(site)
    assert (found.standing, found.said) == (Standing.UNTOLD, "no one trunk is carrier-site: two trunks have this name")


def test_a_registration_is_asked_for_anew_and_told() -> None:
    site = ProvenSite()
    found = answered(site)
    assert (found.standing, found.domain, found.port) == (Standing.REGISTERED, "carrier.example.test", 5061)
    assert (found.authority or "").split() == AUTHORITY.split()
    assert any("Pbx.RefreshRegistration" in one.path for one in site.host.fake.log)


def test_where_the_pbx_has_no_authority_of_the_providers_this_machines_are_meant() -> None:
    site = ProvenSite()
    site.trunk("carrier-site")["Certificate"] = None
    assert answered(site).authority is None


def test_the_registration_before_is_not_taken_for_the_new_one() -> None:
    """What a PBX tells right after it was asked to register may be of before; then it is off, for it is refused now."""
    site = ProvenSite()
    pauses: list[float] = []

    def told_late(seconds: float) -> None:
        pauses.append(seconds)
        if len(pauses) == 2:  # one look has seen the old one
            site.misbehave(unregistered=("carrier-site",))

    (trunk,) = site.pbx.provider_trunks
    assert asked(site.host, site.pbx, trunk, told_late).standing is Standing.REFUSED


def test_a_registration_counts_that_stays_or_that_comes_back() -> None:
    site = ProvenSite()
    pauses: list[float] = []
    assert answered(site, pauses).standing is Standing.REGISTERED
    assert len(pauses) == 2

    (trunk,) = site.pbx.provider_trunks
    site.misbehave(unregistered=("carrier-site",))
    pauses.clear()

    def come_back(seconds: float) -> None:
        pauses.append(seconds)
        if len(pauses) == 2:
            site.misbehave()

    assert asked(site.host, site.pbx, trunk, come_back).standing is Standing.REGISTERED
    assert len(pauses) == 2


def test_that_3cx_verifies_the_certificate_is_not_claimed() -> None:
    assert answered(ProvenSite()).reservation == "nothing shows that 3CX verifies it"


def test_it_is_waited_for_and_then_refused_or_unanswered() -> None:
    site = ProvenSite()
    pauses: list[float] = []
    site.misbehave(unregistered=("carrier-site",))
    assert answered(site, pauses).standing is Standing.REFUSED
    assert sum(pauses) == 20
    site.misbehave(unregistered=("carrier-site",), analysis={"carrier-site": ("ErrNoReply",)})
    assert answered(site).standing is Standing.UNANSWERED


@pytest.mark.parametrize(
    "quirks",
    [
        {"analysis": {"carrier-site": ("RegisteredOK", "TransportMismatch")}},
        {"analysis": {"carrier-site": ("RegisteredOK", "TransportError")}},
        {"analysis": {"carrier-site": ("RegisteredOK", "RTPMismatchDetected")}},
        {"analysis": {"carrier-site": ("RegistrationFailed",)}},
        {"analysis": {"carrier-site": ("ErrNoAuthPwd",)}, "unregistered": ("carrier-site",)},
    ],
)
def test_a_word_against_it_is_never_registered(quirks: dict[str, Any]) -> None:
    site = ProvenSite()
    site.misbehave(**quirks)
    assert answered(site).standing is Standing.UNTOLD


@pytest.mark.parametrize(("field", "value"), [("TransportRestriction", "Any"), ("SRTPMode", "SRTPEnabled")])
def test_a_trunk_that_may_go_in_clear_is_not_registered_and_not_asked_to(field: str, value: str) -> None:
    site = ProvenSite()
    trunk = site.trunk("carrier-site")
    (trunk if field in trunk else trunk["Gateway"])[field] = value
    assert answered(site).standing is Standing.UNTOLD
    assert not any("Pbx.RefreshRegistration" in one.path for one in site.host.fake.log)


def test_a_trunk_that_is_not_there_is_untold() -> None:
    site = ProvenSite()
    (trunk,) = site.pbx.provider_trunks
    assert asked(site.host, site.pbx, replace(trunk, name="other"), lambda _: None).standing is Standing.UNTOLD
