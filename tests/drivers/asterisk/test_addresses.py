"""Those outside are told the external address, and media is of the family of those who come."""

from __future__ import annotations

import pytest

from confgen.drivers.asterisk.addresses import carries_ipv6, nat_values
from confgen.drivers.asterisk.pjsip import pjsip_values
from confgen.model.inventory import Nat
from tests.model.pbxs import a_pbx, a_provider_trunk, a_trunk_end, reference

FOUR, SIX = "192.0.2.11", "2001:db8::11"
NOTHING = {"external_address": "", "local_networks": []}


@pytest.mark.parametrize(
    ("external", "networks", "bind", "expected"),
    [
        ("198.51.100.7", ("192.0.2.0/24",), FOUR, ["192.0.2.0/24"]),
        ("198.51.100.7", ("10.0.0.0/8",), FOUR, ["10.0.0.0/8", "192.0.2.11/32"]),  # its own address is inside too
        ("198.51.100.7", ("192.0.2.5",), "0.0.0.0", ["192.0.2.5/32"]),
        ("198.51.100.7", ("10.0.0.0/8", "fd00::/8"), "0.0.0.0", ["10.0.0.0/8"]),
        ("pbx.example.test", ("192.0.2.0/24",), FOUR, ["192.0.2.0/24"]),
        ("2001:db8:7::7", ("10.0.0.0/8", "fd00::/8"), SIX, ["fd00::/8", "2001:db8::11/128"]),
    ],
)
def test_a_transport_of_the_family_is_told_both(
    external: str, networks: tuple[str, ...], bind: str, expected: list[str]
) -> None:
    found = nat_values(a_pbx(nat=Nat(external_address=external, local_networks=networks)), bind)
    assert found == {"external_address": external, "local_networks": expected}


@pytest.mark.parametrize(("external", "bind"), [("198.51.100.7", SIX), ("2001:db8:7::7", FOUR), ("a.test", "::")])
def test_a_transport_of_the_other_family_is_told_nothing(external: str, bind: str) -> None:
    assert nat_values(a_pbx(nat=Nat(external_address=external, local_networks=("10.0.0.0/8",))), bind) == NOTHING
    assert nat_values(a_pbx(), bind) == NOTHING


@pytest.mark.parametrize(
    ("bind", "networks", "expected"),
    [
        ((FOUR,), (), False),
        ((SIX,), (), True),
        (("::",), ("192.0.2.0/24",), True),
        ((FOUR, SIX), (), False),
        ((FOUR, SIX), ("2001:db8::/32",), True),
        ((FOUR, SIX), ("192.0.2.0/24", "2001:db8::/32"), False),
    ],
)
def test_media_is_ipv6_where_nobody_could_come_otherwise(
    bind: tuple[str, ...], networks: tuple[str, ...], *, expected: bool
) -> None:
    assert carries_ipv6(a_pbx(bind=bind), networks) is expected


@pytest.mark.parametrize(
    ("bind", "peer", "transport"),
    [
        ((FOUR, SIX), "192.0.2.12", "tls"),
        ((FOUR, SIX), "2001:db8::12", "tls-2"),
        ((FOUR, SIX), "branch.example.test", "tls"),
        ((SIX, FOUR), "branch.example.test", "tls-2"),
        ((SIX,), "192.0.2.12", "tls"),
    ],
)
def test_a_trunk_takes_the_transport_of_its_peers_family(bind: tuple[str, ...], peer: str, transport: str) -> None:
    pbx = a_pbx(bind=bind, trunks=(a_trunk_end("to-branch", "branch", peer_address=peer),))
    files = {name: reference(name) for name in ("chain", "key", "authority")}
    assert pjsip_values(pbx, files)["trunks"][0]["transport"] == transport  # type: ignore[arg-type] # not written


def test_the_transports_towards_providers_tell_the_external_address_too() -> None:
    pbx = a_pbx(
        nat=Nat(external_address="198.51.100.7", local_networks=("10.0.0.0/8",)), provider_trunks=(a_provider_trunk(),)
    )
    files = {name: reference(name) for name in ("chain", "key", "authority")}
    transports = pjsip_values(pbx, files)["transports"]  # type: ignore[arg-type] # not written
    assert [str(transport["name"]) for transport in transports] == ["tls", "tls-carrier"]
    assert {transport["external_address"] for transport in transports} == {"198.51.100.7"}
