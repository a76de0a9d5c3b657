"""What may leave at the PBX's cost: its own country, those listed, nothing at a premium; emergencies always."""

from __future__ import annotations

from dataclasses import replace

import pytest

from confgen.model.dialling import ByChannel, ByTrunk, Carries, Channel, Dialling, Emergency, EmergencyWay, Route
from confgen.model.inventory import Pbx
from confgen.model.toll import country_of, guard_of, judge_of_numbers, numbering_plans, outward_routes, sent_by
from tests.model.pbxs import PLACE, a_pbx

LINE = ByChannel(channel=Channel(name="isdn", dial="DAHDI/g1/{number}", modules=(), carries=Carries(), place=PLACE))
GERMANY = Dialling(country="49", countries=("43",))


def leading_out(numbers: str = "0.", strip: int = 1, prepend: str = "") -> Route:
    return Route(numbers=numbers, way=LINE, strip=strip, prepend=prepend, place=PLACE)


def company(dialling: Dialling, *routes: Route, emergency: tuple[str, ...] = ("112",)) -> Pbx:
    calls = Emergency(numbers=emergency, ways=(EmergencyWay(way=LINE, number=None),), caller_id=None, place=PLACE)
    return replace(a_pbx(), dialling=dialling, routes=routes or (leading_out(),), emergency=calls)


@pytest.mark.parametrize(
    ("number", "is_allowed"),
    [
        ("03012345", True),  # national
        ("12345", True),  # local
        ("5", True),
        ("+493012345", True),
        ("00493012345", True),
        ("+4312345", True),
        ("004312345", True),
        ("+4112345", False),
        ("004112345", False),
        ("+", False),
        ("00", True),  # nobody
        ("0900123456", False),
        ("01377123", False),
        ("0138123", True),
        ("+49900123456", False),
        ("0043900123", False),
        ("+881612345", False),  # a satellite
        ("+979123456", False),  # at a premium, in all the world
        ("112", True),
        ("+112", True),
        ("", False),
        ("03012a", False),
        ("*9", True),  # a code of the provider's
        ("*031", True),
        ("*6700431234", False),
    ],
)
def test_a_german_company_calls_at_home_and_where_it_may(number: str, *, is_allowed: bool) -> None:
    assert guard_of(company(GERMANY)).allows(number) is is_allowed


@pytest.mark.parametrize(
    ("number", "is_allowed"),
    [
        ("2125550100", True),
        ("12125550100", True),
        ("+12125550100", True),
        ("8765550100", False),  # Jamaica, called like the next town
        ("18765550100", False),
        ("+18765550100", False),
        ("01118765550100", False),
        ("8765550", True),  # seven digits: in the same town
        ("9005550100", False),
        ("19005550100", False),
        ("011493012345", False),
        ("+493012345", False),
        ("8095550100", True),  # the Dominican Republic, which is listed
        ("18095550100", True),
        ("+18095550100", True),
        ("911", True),
    ],
)
def test_an_american_company_knows_which_areas_are_other_countries(number: str, *, is_allowed: bool) -> None:
    dialling = Dialling(country="1", countries=("1809",))
    assert guard_of(company(dialling, emergency=("911",))).allows(number) is is_allowed


@pytest.mark.parametrize("number", ["00431234", "011431234", "+431234"])
def test_where_nothing_is_said_no_other_country_is_called(number: str) -> None:
    assert not guard_of(company(Dialling())).allows(number)


@pytest.mark.parametrize("emergency", ["000", "0900", "00112", "011"])
def test_no_guard_refuses_an_emergency_number(emergency: str) -> None:
    assert guard_of(company(Dialling(), emergency=(emergency,))).allows(emergency)


@pytest.mark.parametrize("pattern", ["+.", "*XXX."])
def test_what_begins_with_a_mark_is_refused_by_a_line_of_its_own(pattern: str) -> None:
    assert guard_of(company(GERMANY)).patterns[pattern] is False


def test_what_leads_abroad_in_two_ways_is_refused_unless_both_may() -> None:
    hong_kong = guard_of(company(Dialling(country="852", countries=("1",))))
    assert not hong_kong.allows("00143123456")  # 001 to Austria, or 00 to the United States
    assert hong_kong.allows("00112125550100")


def test_another_way_abroad_is_guarded_as_well() -> None:
    dialling = Dialling(country="49", countries=("43",), abroad="01033")
    assert not guard_of(company(dialling)).allows("01033411234")
    assert guard_of(company(dialling)).allows("01033431234")


def test_numbers_at_a_premium_may_be_allowed() -> None:
    assert guard_of(company(replace(GERMANY, allows_premium=True))).allows("0900123456")


@pytest.mark.parametrize(
    ("route", "dialled", "sent", "country"),
    [
        (leading_out("0.", 1), "0030123", "030123", None),
        (leading_out("00Z.", 2, "+"), "0043123", "+43123", None),
        (leading_out("00Z.", 2), "0043123", "+43123", None),  # the country code stands bare
        (leading_out("000Z.", 3), "00043123", "+43123", None),
        (leading_out("0Z.", 1, "+49"), "030123", "+4930123", "49"),
        (leading_out("0Z.", 1, "49"), "030123", "+4930123", "49"),
        (leading_out("+Z.", 0), "+43123", "+43123", None),
        (leading_out("*3X", 0), "*31", "*31", None),
        (leading_out("*3X", 1), "*31", "31", None),
        (leading_out("+Z.", 1), "+43123", "+43123", None),
        (leading_out("+Z.", 0, "00"), "+43123", "0043123", None),
        (leading_out("+43Z.", 0), "+43123", "+43123", "43"),
        (leading_out("+49Z.", 3, "0"), "+4930123", "030123", None),
        (leading_out("9[1-5]XX", 1), "9123", "123", None),
        (leading_out("1XX", 0, "+4930123"), "105", "+4930123105", "49"),
        (leading_out("9.", 3, "+43"), "9123", "+433", "43"),
    ],
)
def test_the_number_that_is_judged_is_the_one_that_is_sent(
    route: Route, dialled: str, sent: str, country: str | None
) -> None:
    found = sent_by(route, GERMANY)
    assert (found.number(dialled), found.country) == (sent, country)


def test_a_country_that_a_route_itself_names_may_be_called() -> None:
    assert guard_of(company(Dialling(), leading_out("0Z.", 1, "+49"))).allows("+493012345")


def test_only_what_costs_is_guarded() -> None:
    to_peer = replace(leading_out(), way=ByTrunk(trunk="to-branch"))
    assert list(outward_routes(company(GERMANY, to_peer, leading_out("9.")))) == [leading_out("9.")]


@pytest.mark.parametrize(("number", "outcome"), [("0004312", True), ("0004112", False), ("112", None)])
def test_it_can_be_told_of_a_number_that_somebody_wrote(number: str, *, outcome: bool | None) -> None:
    assert judge_of_numbers(company(GERMANY))(number) is outcome


@pytest.mark.parametrize(
    ("digits", "country"), [("12125550100", "1"), ("4930", "49"), ("35312", "353"), ("0", None), ("88161", None)]
)
def test_a_country_code_is_read_off_the_front(digits: str, country: str | None) -> None:
    assert country_of(digits) == country


def test_no_country_code_begins_with_another_one() -> None:
    codes = numbering_plans().keys()
    assert not [(code, code[:length]) for code in codes for length in range(1, len(code)) if code[:length] in codes]
