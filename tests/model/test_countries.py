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


@pytest.mark.parametrize("form", [None, *NumberForm])
@pytest.mark.parametrize("dial", ["DAHDI/g1/{number}", "DAHDI/g1/9{number}", "DAHDI/g1/{number}w"])
@pytest.mark.parametrize(
    ("country", "numbers", "strip", "prepend", "dialled"),
    [
        ("44", "911", 3, "999", "911"),
        ("49", "110", 3, "112", "110"),
        ("49", "112", 3, "112", "112"),
        ("49", "33", 2, "115", "33"),
        ("49", "0", 1, "9", "0"),
        ("49", "9112", 4, "112", "9112"),
        ("592", "911", 3, "9911", "911"),  # behind a 9, with which numbers at a premium begin there
        ("592", "55", 2, "9911", "55"),
        ("880", "55", 2, "999", "55"),
        ("49", "11X", 3, "112", "110"),
        ("44", "9.", 3, "999", "91"),  # more is taken off than was dialled
        ("44", "9.", 4, "999", "9123"),
        ("49", "112", 3, "0900123456", "112"),  # whatever somebody writes there, help is called
    ],
)
def test_an_emergency_number_that_takes_the_place_of_another_one_is_called(
    form: NumberForm | None, dial: str, country: str, numbers: str, strip: int, prepend: str, dialled: str
) -> None:
    assert judge_of_numbers(calling_from(country, form, out(numbers, strip, prepend), dial))(dialled)


def test_a_number_that_takes_the_place_of_one_that_is_no_emergency_number_is_judged() -> None:
    for numbers, prepend in (("33", "0900123456"), ("33", "900441234567"), ("11X", "0900123456")):
        may_leave = judge_of_numbers(calling_from("49", NumberForm.NATIONAL, out(numbers, len(numbers), prepend)))
        assert not may_leave(numbers.replace("X", "0")), (numbers, prepend)


def test_what_is_left_behind_a_prefix_is_judged_where_more_is_taken_off_than_a_pattern_names() -> None:
    may_leave = judge_of_numbers(calling_from("49", NumberForm.NATIONAL, out("8.", 2, "8")))
    assert (may_leave("8500441234567"), may_leave("85"), may_leave("850301234567")) == (False, True, True)


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
