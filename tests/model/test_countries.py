"""What is known of each country: emergency numbers are never refused, wherever they are dialled and sent."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import product

import pytest

from confgen.model.countries import country_of, emergency_numbers, numbering_plans
from confgen.model.dialling import ByChannel, Dialling, NumberForm, Route
from confgen.model.inventory import Pbx
from confgen.model.toll import judge_of_numbers
from tests.model.pbxs import PLACE, a_channel, a_pbx

# Where numbers at a premium or abroad begin as emergency numbers do.
COLLIDING = ("267", "376", "40", "420", "503", "506", "592", "675", "973", "998")


def calling_from(country: str | None, form: NumberForm | None, route: Route, dial: str = "DAHDI/g1/{number}") -> Pbx:
    line = replace(a_channel("isdn", dial), number_form=form)
    dialling = Dialling(country=country)
    return a_pbx(dialling=dialling, routes=(replace(route, way=ByChannel(channel=line)),), emergency=None)


def out(numbers: str, strip: int = 0, prepend: str = "") -> Route:
    return Route(numbers=numbers, way=ByChannel(channel=a_channel("isdn")), strip=strip, prepend=prepend, place=PLACE)


def written_out(number: str) -> Iterator[str]:
    wildcards = number.count("X")
    for digits in product("0123456789", repeat=wildcards):
        yield number.replace("X", "{}").format(*digits)


def emergencies_of(country: str) -> list[str]:
    return [number for written in numbering_plans()[country].emergency for number in written_out(written)]


@pytest.mark.parametrize("form", [None, *NumberForm])
def test_no_emergency_number_of_a_country_is_refused_there(form: NumberForm | None) -> None:
    judges = {country: judge_of_numbers(calling_from(country, form, out("X."))) for country in numbering_plans()}
    assert not [
        (country, number)
        for country, may_leave in judges.items()
        for number in emergencies_of(country)
        if not may_leave(number)
    ]


@pytest.mark.parametrize("form", [None, *NumberForm])
@pytest.mark.parametrize(
    ("front", "numbers", "strip", "prepend", "dial"),
    [
        ("", "X.", 0, "", "DAHDI/g1/{number}"),
        ("0", "0.", 1, "", "DAHDI/g1/{number}"),
        ("9", "9.", 1, "", "DAHDI/g1/{number}"),
        ("0", "0.", 1, "9", "DAHDI/g1/{number}"),
        ("", "X.", 0, "9", "DAHDI/g1/{number}"),
        ("", "X.", 0, "0", "DAHDI/g1/{number}"),
        ("", "X.", 0, "", "DAHDI/g1/0{number}"),
        ("", "X.", 0, "", "DAHDI/g1/9w{number}"),
        ("9", "9.", 0, "", "DAHDI/g1/{number}"),
    ],
)
def test_an_emergency_number_is_called_whatever_is_put_before_it(
    form: NumberForm | None, front: str, numbers: str, strip: int, prepend: str, dial: str
) -> None:
    for country in COLLIDING:
        may_leave = judge_of_numbers(calling_from(country, form, out(numbers, strip, prepend), dial))
        assert all(may_leave(front + number) for number in emergencies_of(country)), country


def test_an_emergency_number_is_called_with_the_countrys_code_as_well() -> None:
    for country in COLLIDING:
        for prepend in ("+", f"+{country}", country, f"00{country}"):
            may_leave = judge_of_numbers(calling_from(country, NumberForm.E164, out("X.", 0, prepend)))
            assert all(map(may_leave, emergencies_of(country))), (country, prepend)


def test_where_no_country_is_said_no_emergency_number_of_any_is_refused() -> None:
    may_leave = judge_of_numbers(calling_from(None, None, out("X.")))
    assert all(may_leave(number) for written in emergency_numbers(None) for number in written_out(written))


def test_an_emergency_number_opens_nothing_behind_it() -> None:
    may_leave = judge_of_numbers(calling_from("592", NumberForm.NATIONAL, out("X.")))  # Guyana: premium begins with 9
    assert (may_leave("911"), may_leave("9112345"), may_leave("9001234")) == (True, False, False)


def test_emergency_numbers_are_short() -> None:
    assert all(2 <= len(number) <= 4 for number in emergency_numbers(None))


@pytest.mark.parametrize(
    ("digits", "country"), [("12125550100", "1"), ("4930", "49"), ("35312", "353"), ("0", None), ("88161", None)]
)
def test_a_country_code_is_read_off_the_front(digits: str, country: str | None) -> None:
    assert country_of(digits) == country


def test_no_country_code_begins_with_another_one() -> None:
    codes = numbering_plans().keys()
    assert not [(code, code[:length]) for code in codes for length in range(1, len(code)) if code[:length] in codes]
