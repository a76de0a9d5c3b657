"""The rendered dialplan lets the same numbers through as the guard that validate asks, by Asterisk's own order."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from functools import cache

import pytest

from confgen.drivers import asterisk
from confgen.drivers.asterisk.configuration import parse
from confgen.model.dialling import ByChannel, ByTrunk, Dialling, NumberForm, Route, Way
from confgen.model.inventory import Pbx
from confgen.model.patterns import is_matched
from confgen.model.readings import sent_by
from confgen.model.toll import guard_of
from confgen.render import render_masked
from tests.model.pbxs import PLACE, a_channel, a_pbx, a_provider, a_provider_trunk, an_emergency

Contexts = Mapping[str, Mapping[str, list[str]]]  # to an extension, to its steps

_SETS = {"X": "0123456789", "Z": "123456789", "N": "23456789"}
_ANY = 1000  # behind whatever names its signs
_ROUTES = (
    ("8.", 1, ""),
    ("X.", 0, "9"),
    ("XXX.", 0, "0"),
    ("0[0].", 2, ""),
    ("+X.", 0, ""),
    ("*X.", 0, ""),
    ("9.", 0, ""),
    ("XX.", 0, "44"),
    ("7.", 3, "9"),
    ("6.", 2, ""),
    ("[67]X", 2, "999"),
)
_FRONTS = {"8.": "8", "0[0].": "00", "7.": "75", "6.": "6"}
# What begins numbers that cost, and what could be taken for it.
_BEGINNINGS = (
    *(
        "",
        "0",
        "00",
        "01",
        "011",
        "010",
        "+",
        "9",
        "90",
        "900",
        "0900",
        "1900",
        "1",
        "10",
        "101",
        "1010288",
        "11",
        "1167",
    ),
    *("43", "49", "0043", "0049", "+43", "+49", "+490900", "44", "0044", "+44", "876", "1876", "0876", "212", "15"),
    *("1377", "01377", "112", "911", "0112", "9112", "*31", "*", "442", "0442", "00442", "000442", "8", "810"),
)


def contexts_of(pbx: Pbx) -> Contexts:
    found: dict[str, dict[str, list[str]]] = {}
    for section in parse(render_masked(asterisk.sources(pbx))["extensions.conf"]):
        extension = ""
        for option in section.options:
            if option.name == "exten":
                extension, _, step = option.value.partition(",")
                found.setdefault(section.name, {})[extension] = [step.partition(",")[2]]
            elif option.name == "same":
                found[section.name][extension].append(option.value.partition(",")[2])
    return found


def best(extensions: Mapping[str, list[str]], number: str) -> str | None:
    """The extension that Asterisk takes: one without wildcards, else the pattern that leaves fewest signs open."""
    if number in extensions:
        return number
    patterns = [name for name in extensions if name.startswith("_") and takes(name[1:], number)]
    return min(
        patterns,
        key=lambda name: [_ANY if sign == "." else len(_SETS.get(sign, sign)) for sign in name[1:]],
        default=None,
    )


def takes(pattern: str, number: str) -> bool:
    return expression(pattern).fullmatch(number) is not None


@cache
def expression(pattern: str) -> re.Pattern[str]:
    signs = {"X": "[0-9]", "Z": "[1-9]", "N": "[2-9]", ".": ".+", "+": r"\+", "*": r"\*"}
    return re.compile("".join(signs.get(sign, sign) for sign in pattern))


def returns(contexts: Contexts, context: str, number: str) -> bool:
    """Whether a subroutine comes back, which a refused call does not."""
    extension = best(contexts[context], number)
    if extension is None:
        return False  # Gosub() to what is not there ends the call
    for step in contexts[context][extension]:
        words = step.replace("${EXTEN}", number).replace("${EXTEN:1}", number[1:])
        application, arguments = words.removesuffix(")").split("(", 1)
        match application, arguments.split(","):
            case "Return", _:
                return True
            case "Hangup", _:
                return False
            case "Gosub", [to, there, "1"]:
                if not returns(contexts, to, there):
                    return False
            case "Goto", [*to, there, "1"]:
                return returns(contexts, to[0] if to else context, there)
            case _:
                raise AssertionError(step)
    raise AssertionError(number)


def leaves(contexts: Contexts, pattern: str, sent: str, come_back: dict[tuple[str, str], bool]) -> bool:
    """Whether a call by this route gets as far as Dial()."""
    asked = [step for step in contexts["confgen-routes"][pattern] if re.match(r"Gosub.*\bconfgen-toll", step)]
    assert asked
    for step in asked:
        least, to, number = re.fullmatch(  # type: ignore[union-attr]
            r"Gosub(?:If\(\$\[\$\{LEN\(\$\{CONFGEN_NUMBER\}\)\} > (\d+)\]\?|\()([^,]*),(.*),1\)", step
        ).groups()
        if least is not None and len(sent) <= int(least):
            continue
        number = re.sub(r"\$\{CONFGEN_NUMBER(?::(\d+))?\}", lambda found: sent[int(found[1] or 0) :], number)
        if (to, number) not in come_back:
            come_back[to, number] = returns(contexts, to, number)
        if not come_back[to, number]:
            return False
    return True


@pytest.mark.parametrize(
    ("country", "countries", "form"),
    [
        ("49", ("43",), None),
        pytest.param("49", ("43",), NumberForm.E164, marks=pytest.mark.full),
        ("1", ("1876",), NumberForm.NATIONAL),
        pytest.param("353", (), NumberForm.E164, marks=pytest.mark.full),
        pytest.param("592", (), NumberForm.NATIONAL, marks=pytest.mark.full),
        pytest.param("55", ("1441",), None, marks=pytest.mark.full),
        (None, (), None),
    ],
)
def test_the_dialplan_refuses_what_validate_refuses(
    country: str | None, countries: tuple[str, ...], form: NumberForm | None
) -> None:
    dialling = Dialling(country=country, countries=countries)
    lines = [
        replace(a_channel(f"line-{dial[6:8]}", f"DAHDI/{dial}"), number_form=form)
        for dial in ("g1/0{number}", "g2/{number}55")
    ]
    ways: tuple[Way, ...] = (ByTrunk(trunk="carrier"), *(ByChannel(channel=line) for line in lines))
    numbers = sorted(
        {f"{start}{rest}"[:24] for start in _BEGINNINGS for rest in ("", "5", "12345", "442031234567", "9005550100")}
    )
    trunk = a_provider_trunk("carrier", provider=replace(a_provider(), number_form=form))
    refused = 0
    for way in ways:
        routes = tuple(
            Route(numbers=pattern, way=way, strip=strip, prepend=prepend, place=PLACE)
            for pattern, strip, prepend in _ROUTES
        )
        pbx = a_pbx(dialling=dialling, routes=routes, provider_trunks=(trunk,), emergency=an_emergency(ways[0]))
        contexts, guard = contexts_of(pbx), guard_of(pbx)
        come_back: dict[tuple[str, str], bool] = {}
        for route in routes:
            sent, front = sent_by(route, dialling), _FRONTS.get(route.numbers, "")
            for dialled in (front + number for number in (*numbers, "7", "67")):
                if is_matched(dialled, route.numbers):
                    is_let = guard.lets(route, dialled)
                    found = leaves(contexts, f"_{route.numbers}", sent.number(dialled), come_back)
                    assert found is is_let, (route, dialled)
                    refused += not is_let
    assert refused > 100


def test_the_guard_stands_before_each_call_outside() -> None:
    trunk = a_provider_trunk("carrier", provider=replace(a_provider(), number_form=NumberForm.NATIONAL))
    route = Route(numbers="0.", way=ByTrunk(trunk="carrier"), prepend="9", place=PLACE)
    steps = contexts_of(a_pbx(dialling=Dialling(country="49"), routes=(route,), provider_trunks=(trunk,)))[
        "confgen-routes"
    ]["_0."]

    asked = ["Gosub(confgen-toll,${CONFGEN_NUMBER},1)", "Gosub(confgen-toll,${CONFGEN_NUMBER:1},1)"]
    rewritten, dialled = (
        next(at for at, step in enumerate(steps) if step.startswith(words))
        for words in ("Set(CONFGEN_NUMBER=9", "Dial(")
    )
    assert rewritten < min(map(steps.index, asked)) <= max(map(steps.index, asked)) < dialled


@pytest.mark.parametrize(("strip", "prepend"), [(3, "999"), (3, "112"), (3, "9")])
def test_no_guard_is_asked_for_a_number_of_which_nothing_is_left(strip: int, prepend: str) -> None:
    trunk = a_provider_trunk("carrier", provider=replace(a_provider(), number_form=NumberForm.NATIONAL))
    route = Route(numbers="33X", way=ByTrunk(trunk="carrier"), strip=strip, prepend=prepend, place=PLACE)
    contexts = contexts_of(a_pbx(dialling=Dialling(country="44"), routes=(route,), provider_trunks=(trunk,)))
    assert leaves(contexts, "_33X", prepend, {})
    asked = [step for step in contexts["confgen-routes"]["_33X"] if "confgen-toll" in step]
    assert not [step for step in asked if f":{len(prepend)}" in step]
