"""What may leave at the PBX's cost: its own country, those listed, nothing at a premium; emergencies always."""

from __future__ import annotations

from dataclasses import replace

import pytest

from confgen.model.dialling import ByChannel, ByTrunk, Carries, Channel, Dialling, Emergency, EmergencyWay, Route
from confgen.model.inventory import Pbx
from confgen.model.readings import sent_by
from confgen.model.toll import guard_of, judge_of_numbers, outward_routes
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
        ("+490900123456", False),  # a trunk prefix behind the country code, which many networks take off
        ("00490900123456", False),
        ("+430900123456", False),
        ("9005123456", False),  # at a premium, without its 0
        ("90051234", True),  # one of the town's
        ("010130044123", False),  # by another carrier
        ("0100490301234", False),
        ("0110441234", True),
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
        ("90055501009", False),  # a digit too many: the network ends the number where it is whole
        ("87655501009", False),
        ("0119005", False),
        ("01442071234567", False),  # by an operator
        ("09005550100", False),
        ("08765550100", False),
        ("02125550100", True),
        ("0", True),
        ("00442071234567", False),  # no way abroad there, but many providers take it everywhere
        ("1010288011442071234567", False),  # by another carrier
        ("10102880", False),
        ("102880118765550100", False),
        ("1167442071234567", False),  # *67 of who has no star
        ("12469765501", False),  # at a premium in Barbados
        ("+109005550100", False),  # no area begins with 0 or 1
        ("+119005550100", False),
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


@pytest.mark.parametrize(
    ("country", "number", "is_allowed"),
    [
        ("61", "1900123456", False),
        ("61", "190212", True),
        ("353", "1550123456", False),
        ("353", "01550123456", False),
        ("353", "+3531550123456", False),
        ("353", "015501234", True),  # Dublin
        ("353", "+35315501234", True),
        ("84", "19001234", False),
        ("86", "16812345", False),
        ("60", "1600123456", False),
        ("60", "162345678", True),  # a mobile phone
        ("961", "90123456", False),
        ("961", "09123456", True),
        ("43", "1055004412345", False),
        ("44", "147000431234", False),
        ("44", "1470", True),
        ("41", "107550043123", False),
        ("61", "18310011442071234567", False),  # a number is hidden, and leads abroad
        ("61", "1831", True),
        ("81", "184010442071234567", False),
        ("81", "1840990123456", False),
        ("81", "184234567", True),  # a town, without its 0
        ("353", "1410044207123456", False),
        ("353", "14123456", True),  # Dublin, without its 0
        ("852", "133001442071234567", False),
        ("33", "36510044207123456", False),
        ("33", "365112345", True),  # without its 0
        ("34", "0670044207123456", False),
        ("39", "10550044207123456", False),
        ("64", "01970044207123456", False),
        ("852", "133", True),
        ("852", "0043123456", False),
        ("65", "0043123456", False),
        ("7", "0043123456", False),
        ("55", "001543123456", False),
    ],
)
def test_each_country_has_ways_of_its_own(country: str, number: str, *, is_allowed: bool) -> None:
    assert guard_of(company(Dialling(country=country))).allows(number) is is_allowed


def test_a_way_abroad_that_is_the_beginning_of_another_one_opens_nothing_behind_that() -> None:
    brazil = guard_of(company(Dialling(country="55", countries=("1441",))))
    assert not brazil.allows("00144123456")  # 0014 to Switzerland, or 00 to Bermuda
    assert brazil.allows("001514411234567")
    assert brazil.allows("+14411234567")


def test_numbers_at_a_premium_may_be_allowed() -> None:
    assert guard_of(company(replace(GERMANY, allows_premium=True))).allows("0900123456")


@pytest.mark.parametrize(
    ("route", "dialled", "sent", "country"),
    [
        (leading_out("0.", 1), "0030123", "030123", None),
        (leading_out("00Z.", 2, "+"), "0043123", "+43123", None),
        (leading_out("00Z.", 2), "0043123", "43123", None),  # the country code stands bare
        (leading_out("000Z.", 3), "00043123", "43123", None),
        (leading_out("0Z.", 1, "+49"), "030123", "+4930123", "49"),
        (leading_out("0Z.", 1, "49"), "030123", "4930123", "49"),
        (leading_out("+Z.", 0), "+43123", "+43123", None),
        (leading_out("*3X", 0), "*31", "*31", None),
        (leading_out("*3X", 1), "*31", "31", None),
        (leading_out("+Z.", 1), "+43123", "43123", None),
        (leading_out("+Z.", 0, "00"), "+43123", "0043123", None),
        (leading_out("+43Z.", 0), "+43123", "+43123", "43"),
        (leading_out("0043Z.", 0), "0043123", "0043123", "43"),
        (leading_out("0043Z.", 2), "0043123", "43123", "43"),
        (leading_out("Z.", 0, "44"), "2031", "442031", None),  # bare digits name no country but the PBX's own
        (leading_out("+49Z.", 3, "0"), "+4930123", "030123", None),
        (leading_out("9[1-5]XX", 1), "9123", "123", None),
        (leading_out("1XX", 0, "+4930123"), "105", "+4930123105", "49"),
        (leading_out("9.", 3, "+43"), "9123", "+433", "43"),
    ],
)
def test_it_is_known_what_is_sent_and_which_country_the_route_names(
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
