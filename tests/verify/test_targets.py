"""Every declared TLS port is looked at, from where the inventory says."""

from __future__ import annotations

from dataclasses import replace

import pytest

from confgen.model.check import Level, Vantage
from confgen.model.driver import Listener, Material
from confgen.model.inventory import HttpServer, Pbx, Verification
from confgen.verify.target import for_calls, management_targets, targets
from tests.drivers.asterisk.scripted_host import ScriptedHost
from tests.model.pbxs import an_ami

HOST = ScriptedHost(answers={})
NOTHING = Material(chain="", key=None, authority="", probe_secret=None)


def seen_from(pbx: Pbx, vantage: Vantage, *bind: str, material: Material = NOTHING) -> list[str]:
    looking = replace(
        pbx, bind=bind, verification=Verification(vantage=vantage, levels=frozenset({Level.TLS})), sip_port=15061
    )
    return [str(target) for target in targets(HOST, looking, material, None)]


@pytest.mark.parametrize(
    ("vantage", "bind", "expected"),
    [
        (Vantage.OPERATOR, ["192.0.2.7"], ["192.0.2.7:15061"]),
        (Vantage.OPERATOR, ["192.0.2.7", "2001:db8::7"], ["192.0.2.7:15061", "[2001:db8::7]:15061"]),
        (Vantage.OPERATOR, ["0.0.0.0"], ["192.0.2.11:15061"]),  # where the host is reached
        (Vantage.OPERATOR, ["0.0.0.0", "192.0.2.11"], ["192.0.2.11:15061"]),
        (Vantage.OPERATOR, ["0.0.0.0", "::"], ["192.0.2.11:15061", "[::1]:15061"]),  # the latter through the host
        (Vantage.HOST, ["0.0.0.0"], ["127.0.0.1:15061"]),
        (Vantage.HOST, ["::"], ["[::1]:15061"]),
        (Vantage.HOST, ["192.0.2.7"], ["192.0.2.7:15061"]),
    ],
)
def test_each_bind_address_is_a_target_once(pbx: Pbx, vantage: Vantage, bind: list[str], expected: list[str]) -> None:
    assert seen_from(pbx, vantage, *bind) == expected


def test_from_the_host_the_connection_goes_through_it(pbx: Pbx) -> None:
    looking = replace(pbx, verification=Verification(vantage=Vantage.HOST, levels=frozenset()))
    (target,) = targets(HOST, looking, NOTHING, None)
    assert target.dial == HOST.dial
    assert (target.domain, target.vantage) == (pbx.domain, Vantage.HOST)


def test_all_addresses_of_the_family_that_does_not_lead_to_the_host_are_looked_at_by_the_host(pbx: Pbx) -> None:
    (target,) = targets(HOST, replace(pbx, bind=("::",)), NOTHING, None)
    assert (target.dial, target.vantage) == (HOST.dial, Vantage.HOST)
    by_name = replace(pbx, bind=("::",), ssh=replace(pbx.ssh, address="pbx.example.test"))
    (target,) = targets(HOST, by_name, NOTHING, None)
    assert (str(target), target.vantage) == ("pbx.example.test:5061", Vantage.OPERATOR)


def test_management_is_looked_at_where_it_listens_and_on_loopback_by_the_host(pbx: Pbx) -> None:
    both = replace(pbx, ami=an_ami(), http=HttpServer(bind="127.0.0.1", port=8089))
    found = management_targets(HOST, both)
    assert [(str(target), target.vantage) for target in found] == [
        ("192.0.2.11:5039", Vantage.OPERATOR),
        ("127.0.0.1:8089", Vantage.HOST),
    ]
    assert found[1].dial == HOST.dial
    assert management_targets(HOST, pbx) == ()


@pytest.mark.parametrize(
    ("permit", "expected"),
    [
        (("2001:db8::1",), "[2001:db8::7]:5061"),
        (("192.0.2.0/24",), "192.0.2.7:5061"),
        (("192.0.2.0/24", "2001:db8::/32"), "192.0.2.7:5061"),
    ],
)
def test_the_probe_calls_where_it_may_come_from(pbx: Pbx, permit: tuple[str, ...], expected: str) -> None:
    assert pbx.probe is not None
    both = replace(pbx, bind=("192.0.2.7", "2001:db8::7"), probe=replace(pbx.probe, permit=permit))
    assert [str(target) for target in for_calls(targets(HOST, both, NOTHING, None), both)] == [expected]
    assert for_calls((), both) == ()


@pytest.mark.parametrize(
    ("vantage", "address", "expected"),
    [
        (Vantage.OPERATOR, "192.0.2.7", "192.0.2.7:5062"),
        (Vantage.OPERATOR, "0.0.0.0", "192.0.2.11:5062"),
        (Vantage.HOST, "0.0.0.0", "127.0.0.1:5062"),
    ],
)
def test_the_ports_towards_providers_are_targets_of_their_own(
    pbx: Pbx, vantage: Vantage, address: str, expected: str
) -> None:
    material = replace(NOTHING, provider_listeners=(Listener(address=address, port=5062),))
    own, to_providers = seen_from(pbx, vantage, address, material=material)
    assert (own, to_providers) == (expected.replace("5062", "15061"), expected)
