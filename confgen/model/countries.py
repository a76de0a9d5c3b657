"""How numbers are dialled in each country. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from confgen.model.numbering_plans import ROWS

if TYPE_CHECKING:
    from collections.abc import Mapping

NORTH_AMERICA = "1"
_LONGEST_CODE = 3  # ITU-T E.164


@dataclass(frozen=True, slots=True, kw_only=True)
class Beginning:
    """What numbers at a premium begin with, behind the country code."""

    digits: str
    fewest: int  # digits of such a number, without any prefix
    is_shared: bool  # shorter numbers that begin so are ordinary ones


@dataclass(frozen=True, slots=True, kw_only=True)
class NumberingPlan:
    """How numbers are dialled in a country."""

    trunks: tuple[str, ...]  # before numbers of the country itself
    abroad: tuple[str, ...]
    premium: tuple[Beginning, ...]
    emergency: tuple[str, ...]  # numbers, where an X is every digit
    carriers: tuple[str, ...]  # patterns of codes that stand before a whole number, wherever this leads


# Areas of the North American plan that are countries of their own and are called like the next town; of them fraud
# lives (https://www.nanpa.com). The territories of the United States are not among them.
OTHER_COUNTRIES_OF_NORTH_AMERICA = tuple(
    Beginning(digits=area, fewest=10, is_shared=False)
    for area in (
        *("242", "246", "264", "268", "284", "345", "441", "473", "649", "658", "664", "721", "758", "767", "784"),
        *("809", "829", "849", "868", "869", "876"),
    )
)
# To choose a carrier, or to hide one's number; from the national plans at
# https://www.itu.int/oth/T0202.aspx?parent=T0202, and for North America https://www.nanpa.com.
_CARRIERS = {
    "1": ("10.", "11XX."),  # carrier access codes 101XXXX, and 10XXX of old; 11XX is *XX for who has no star
    # What ordinary numbers begin with as well where their 0 is taken off is refused with more digits than these have.
    "33": ("3651XXXXXXXXX.",),
    "34": ("067.",),
    "39": ("10XX.",),
    "41": ("107XX.", "108XX."),
    "43": ("10XX.",),
    "44": ("141.", "1470."),
    "49": ("010.",),
    "61": ("1831.", "1832."),
    "64": ("0196.", "0197."),
    "81": ("184XXXXXXXX.", "186XXXXXXXX."),
    "353": ("141XXXXXXXX.",),
    "852": ("133.",),
}
# What leads abroad where the plan's own prefix does so: 00 is what ITU-T E.164 recommends, and many providers take it
# everywhere; 01 is 011 by an operator, as 0 is 1 by one.
_COMMON_WAYS = ("00",)
_BY_OPERATOR = "01"
_OF_NOBODY_KNOWS = ("00", "011")  # what leads abroad where it is not known in which country a PBX is


@lru_cache(maxsize=1)
def numbering_plans() -> Mapping[str, NumberingPlan]:
    """By country code (ITU-T E.164)."""
    rows = ROWS.replace(",\n", ",").split("\n")
    return {row.partition(" ")[0]: _plan(*row.split()) for row in filter(None, rows)}


def _plan(country: str, trunk: str, *columns: str) -> NumberingPlan:
    abroad, premium, emergency = (() if words == "-" else tuple(words.split(",")) for words in columns)
    trunks = () if trunk == "-" else (trunk,)
    if country == NORTH_AMERICA:
        trunks, abroad = (*trunks, "0"), (*abroad, _BY_OPERATOR)
    return NumberingPlan(
        trunks=trunks,
        abroad=tuple(dict.fromkeys((*abroad, *_COMMON_WAYS))),
        premium=tuple(map(_beginning, premium)),
        emergency=emergency,
        carriers=_CARRIERS.get(country, ()),
    )


def _beginning(word: str) -> Beginning:
    digits, _, fewest = word.partition("/")
    return Beginning(digits=digits, fewest=int(fewest.removesuffix("+")), is_shared=word.endswith("+"))


def country_of(digits: str) -> str | None:
    """The country code that digits begin with; None where there is none, or they are too few to tell."""
    plans = numbering_plans()
    return next((digits[:length] for length in range(1, _LONGEST_CODE + 1) if digits[:length] in plans), None)


def ways_abroad(country: str | None) -> tuple[str, ...]:
    """What numbers of other countries begin with where they are dialled in this one, the `+` aside."""
    plan = numbering_plans().get(country or "")
    return _OF_NOBODY_KNOWS if plan is None else plan.abroad


def emergency_numbers(country: str | None) -> frozenset[str]:
    """Those of a country, or of all where it is not known which; an X in one is every digit."""
    plans = numbering_plans()
    known = plans.get(country or "")
    return frozenset(number for plan in ([known] if known else plans.values()) for number in plan.emergency)
