"""A number is judged in every way in which whoever takes it can read it."""

from __future__ import annotations

from dataclasses import replace

import pytest

from confgen.model.dialling import ByChannel, ByTrunk, Dialling, NumberForm, Route
from confgen.model.inventory import Pbx
from confgen.model.provider import form_of
from confgen.model.toll import judge_of_numbers
from tests.model.pbxs import PLACE, a_channel, a_pbx, a_provider, a_provider_trunk

GERMANY, AMERICA, SPAIN = (Dialling(country=country) for country in ("49", "1", "34"))
NATIONAL, E164 = NumberForm.NATIONAL, NumberForm.E164
CARRIER = ByTrunk(trunk="carrier")


def sending(dialling: Dialling, form: NumberForm | None, numbers: str, strip: int = 0, prepend: str = "") -> Pbx:
    trunk = a_provider_trunk("carrier", provider=replace(a_provider(), number_form=form))
    route = Route(numbers=numbers, way=CARRIER, strip=strip, prepend=prepend, place=PLACE)
    return a_pbx(dialling=dialling, provider_trunks=(trunk,), routes=(route,))


@pytest.mark.parametrize(
    ("dialling", "form", "number", "may_leave"),
    [
        (GERMANY, E164, "442031234567", False),
        (GERMANY, None, "442031234567", False),
        (GERMANY, NATIONAL, "442031234567", True),  # of the town
        (GERMANY, E164, "493012345678", True),
        (GERMANY, None, "493012345678", True),
        (GERMANY, E164, "499001234567", False),  # at a premium
        (GERMANY, E164, "0442031234567", False),  # whoever takes a country code in front takes zeros off
        (GERMANY, E164, "00442031234567", False),
        (GERMANY, E164, "004930123456", True),
        (GERMANY, E164, "0900123456", False),
        (GERMANY, None, "0301234567", True),
        (GERMANY, NATIONAL, "0301234567", True),
        (GERMANY, None, "116116", True),  # too short for a country code
        (GERMANY, E164, "11833", True),
        (AMERICA, None, "2125550100", False),  # New York, or Morocco
        (AMERICA, NATIONAL, "2125550100", True),
        (AMERICA, None, "12125550100", True),
        (AMERICA, E164, "18765550100", False),
    ],
)
def test_digits_are_judged_in_the_form_that_is_taken_and_in_all_where_it_is_not_known(
    dialling: Dialling, form: NumberForm | None, number: str, *, may_leave: bool
) -> None:
    assert judge_of_numbers(sending(dialling, form, "8.", 1))(f"8{number}") is may_leave


@pytest.mark.parametrize(
    ("dialling", "form", "route", "dialled", "may_leave"),
    [
        # a digit before the number, to get a line from another PBX
        (GERMANY, NATIONAL, ("0.", 0, "9"), "00442031234567", False),
        (GERMANY, NATIONAL, ("0.", 0, "9"), "0900123456", False),
        (GERMANY, NATIONAL, ("0.", 0, "9"), "0301234567", True),
        (GERMANY, None, ("X.", 0, "9"), "442031234567", False),
        (GERMANY, NATIONAL, ("X.", 0, "0"), "00442031234567", False),
        (GERMANY, NATIONAL, ("Z.", 0, "0"), "301234567", True),
        (GERMANY, NATIONAL, ("Z.", 0, "030"), "9001234", True),  # an area code, and no such digit
        (GERMANY, NATIONAL, ("Z.", 0, "90"), "301234567", True),
        (GERMANY, NATIONAL, ("X.", 0, "99"), "00442031234567", False),
        (GERMANY, NATIONAL, ("9.", 0, ""), "900442031234567", False),
        (GERMANY, NATIONAL, ("90.", 0, ""), "900442031234567", False),
        (GERMANY, NATIONAL, ("9.", 0, ""), "90301234567", True),
        (GERMANY, NATIONAL, ("9XXXXXX", 0, ""), "9001234", True),  # too few digits for a number behind it
        (AMERICA, NATIONAL, ("9.", 0, ""), "9011442031234567", False),
        (AMERICA, NATIONAL, ("[9].", 0, ""), "9011442071234567", False),
        (AMERICA, NATIONAL, ("[89].", 0, ""), "9011442071234567", False),
        (AMERICA, NATIONAL, ("99.", 0, ""), "99011442071234567", False),
        (AMERICA, NATIONAL, ("99.", 0, ""), "9912125550100", True),
        (GERMANY, NATIONAL, ("99.", 0, ""), "9900441234567", False),
        (GERMANY, NATIONAL, ("8[89].", 0, ""), "8900441234567", False),
        (GERMANY, NATIONAL, ("89.", 0, ""), "890301234567", True),
        (GERMANY, NATIONAL, ("[1-9].", 0, ""), "900441234", True),  # as wide as Z: of the town
        (GERMANY, NATIONAL, ("[0-9]" * 8 + ".", 0, ""), "900441234", True),
        (AMERICA, NATIONAL, ("1NXXNXXXXXX", 0, ""), "12125550100", True),
        (SPAIN, NATIONAL, ("0.", 0, ""), "000442031234567", False),
        # a country code that is put before it, or left there
        (GERMANY, None, ("X.", 0, "44"), "2031234567", False),
        (GERMANY, E164, ("X.", 0, "44"), "2031234567", False),
        (GERMANY, E164, ("0Z.", 1, "49"), "0301234567", True),
        (GERMANY, None, ("0Z.", 1, "49"), "0301234567", True),
        (GERMANY, NATIONAL, ("0Z.", 1, "49"), "09001234567", False),
        (GERMANY, NATIONAL, ("0[0].", 2, ""), "00442031234567", False),
        (GERMANY, NATIONAL, ("[0-9]X.", 2, ""), "00442031234567", False),
        (GERMANY, NATIONAL, ("00.", 2, ""), "00442031234567", False),
        (GERMANY, NATIONAL, ("00.", 2, ""), "00493012345", True),
        (GERMANY, NATIONAL, ("+X.", 1, ""), "+442031234567", False),
        (AMERICA, NATIONAL, ("00.", 2, ""), "00442031234567", False),
    ],
)
def test_a_number_is_judged_before_what_is_put_in_front_as_well(
    dialling: Dialling, form: NumberForm | None, route: tuple[str, int, str], dialled: str, *, may_leave: bool
) -> None:
    assert judge_of_numbers(sending(dialling, form, *route))(dialled) is may_leave


@pytest.mark.parametrize(
    ("dial", "dialled", "may_leave"),
    [
        ("DAHDI/g1/{number}", "0301234567", True),
        ("DAHDI/g1/0{number}", "0442031234567", False),
        ("DAHDI/g1/0{number}", "301234567", True),
        ("DAHDI/g1/9{number}", "00442031234567", False),
        ("DAHDI/g1/9w{number}", "00442031234567", False),
        ("DAHDI/g1/9w{number}", "0301234567", True),
        ("DAHDI/g1/00{number}", "442031234567", False),
        ("DAHDI/g1/00{number}", "493012345", True),
        ("DAHDI/g1/+{number}", "442031234567", False),
        ("DAHDI/g1/+{number}", "493012345", True),
        ("DAHDI/g1/0{number}", "+442031234567", False),
        ("DAHDI/g1/0{number}", "+493012345", True),
        ("DAHDI/g1/00{number}", "+493012345", False),  # who knows what comes of that
        ("DAHDI/g1/{number}0442031234567", "0", False),
        ("DAHDI/g1/00442031234567", "8", False),
        ("PJSIP/00442031234567@elsewhere", "8", False),
        ("DAHDI/g1/0301234567", "8", True),
        ("DAHDI/1", "8", True),
        # whatever stands between the digits, and in every part of the words
        ("DAHDI/g1/0044-1234567", "8", False),
        ("DAHDI/g1/T00441234567", "8", False),
        ("PJSIP/x.00441234567@y", "8", False),
        ("PJSIP/door", "8", True),  # no number at all
        ("SIP/137.7.200.100", "8", True),  # an address, though its digits begin as numbers at a premium
        ("DAHDI/g1/0044-{number}", "2071234567", False),
        ("DAHDI/g1/00T44{number}", "2071234567", False),
        ("DAHDI/g1/0044a{number}", "2071234567", False),
        ("DAHDI/g1/+-44{number}", "2071234567", False),
        ("DAHDI/g1/{number}-0442031234567", "0", False),
        ("DAHDI/g1/0-{number}", "301234567", True),
        ("IAX2/{number}@h/00441234567", "0301234567", False),
        ("IAX2/h/00441234567@{number}", "0301234567", False),
        ("IAX2/00441234567@h/{number}", "0301234567", False),
        ("IAX2/8020@h/{number}", "0301234567", True),
    ],
)
def test_what_a_line_dials_by_itself_is_judged_with_it(dial: str, dialled: str, *, may_leave: bool) -> None:
    line = replace(a_channel("isdn", dial), number_form=NATIONAL)
    routes = tuple(Route(numbers=numbers, way=ByChannel(channel=line), place=PLACE) for numbers in ("X", "X.", "+X."))
    assert judge_of_numbers(a_pbx(dialling=GERMANY, routes=routes))(dialled) is may_leave


def test_a_line_whose_form_is_not_known_is_judged_in_all() -> None:
    route = Route(numbers="X.", way=ByChannel(channel=a_channel("isdn")), place=PLACE)
    assert judge_of_numbers(a_pbx(dialling=GERMANY, routes=(route,)))("442031234567") is False


@pytest.mark.parametrize(
    ("profile", "own", "form"),
    [("didww", None, E164), ("didww", NATIONAL, NATIONAL), ("generic", None, None), ("telnyx", None, None)],
)
def test_what_the_inventory_says_of_the_form_comes_before_the_profile(
    profile: str, own: NumberForm | None, form: NumberForm | None
) -> None:
    assert form_of(replace(a_provider(), profile=profile, number_form=own)) is form
