"""The number that must not be reached is one that costs money, and never one of an emergency."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from confgen.model.dialling import ByChannel, ToContext
from confgen.model.inventory import Pbx
from confgen.model.patterns import is_matched
from confgen.verify.outside_number import outside_number
from tests.model.pbxs import a_channel, a_pbx, a_provider_trunk, a_route, an_emergency, an_extension


def routed(*patterns: str, **changes: Any) -> Pbx:  # noqa: ANN401 -- any field of it
    return a_pbx(routes=tuple(a_route(pattern, "to-branch") for pattern in patterns), **changes)


@pytest.mark.parametrize("pattern", ["2XX", "0.", "+.", "00Z.", "0[1-9]N.", "[13-5]X", "*7X", "0044NXXXXXXXXX"])
def test_a_route_takes_the_number(pattern: str) -> None:
    number = outside_number(routed(pattern))
    assert number is not None
    assert is_matched(number, pattern)


def test_a_number_of_the_pbxs_own_or_of_an_emergency_is_passed_over() -> None:
    extensions = tuple(an_extension(f"20{last}") for last in range(5))
    assert outside_number(routed("20X", extensions=extensions, echo_number="205")) == "206"
    assert outside_number(routed("11X")) == "116"
    assert outside_number(routed("112")) is None
    assert outside_number(routed("07", emergency=an_emergency(numbers=("07",)))) is None


@pytest.mark.parametrize(
    ("pattern", "strip", "prepend"),
    [
        ("0112", 0, ""),
        ("00911", 0, ""),
        ("*31112", 0, ""),
        ("55", 2, "112"),
        ("5512", 2, "1"),
        ("2X", 2, "0110"),
        ("907", 0, ""),
    ],
)
def test_no_number_of_an_emergency_is_called_behind_a_prefix_or_by_what_a_route_makes_of_it(
    pattern: str, strip: int, prepend: str
) -> None:
    route = replace(a_route(pattern, "to-branch"), strip=strip, prepend=prepend)
    pbx = a_pbx(routes=(route,), emergency=an_emergency(numbers=("07",)))
    assert outside_number(pbx) is None


def test_a_whole_number_may_end_like_one_of_an_emergency() -> None:
    assert outside_number(routed("0035112")) == "0035112"


def test_a_providers_route_comes_first_and_a_context_of_the_users_own_leads_nowhere_known() -> None:
    to_peer, to_provider = a_route("2XX", "to-branch"), a_route("00.", "to-carrier")
    by_channel = replace(to_peer, numbers="4XX", way=ByChannel(channel=a_channel("isdn")))
    own = replace(to_peer, numbers="9.", way=ToContext(context="own"))
    pbx = a_pbx(provider_trunks=(a_provider_trunk(),))
    assert outside_number(replace(pbx, routes=(own, to_peer, by_channel, to_provider))) == "001"
    assert outside_number(replace(pbx, routes=(own, to_peer, by_channel))) == "400"
    assert outside_number(replace(pbx, routes=(own,))) is None
    assert outside_number(replace(pbx, routes=())) is None
