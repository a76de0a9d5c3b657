"""Every declared TLS port is looked at, from where the inventory says."""

from __future__ import annotations

from dataclasses import replace

import pytest

from confgen.model.check import Level, Vantage
from confgen.model.driver import Listener, Material
from confgen.model.inventory import Pbx, Verification
from confgen.verify.target import targets
from tests.drivers.asterisk.scripted_host import ScriptedHost

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
