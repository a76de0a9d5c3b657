"""What a route sends of a number that is dialled, and every way in which whoever takes it can read that. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from enum import Enum
from itertools import takewhile
from typing import TYPE_CHECKING

from confgen.model.countries import country_of, numbering_plans, ways_abroad
from confgen.model.dialling import ByChannel, NumberForm
from confgen.model.patterns import is_matched, longest, signs_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from confgen.model.dialling import Channel, Dialling, Route

_ABROAD_BEHIND_A_LINE = 9  # digits: 00 and the shortest numbers of all, of seven
_LONGEST_LINE_CODE = 2  # digits, where they are the first of what is dialled
_MOST_BEGINNINGS = 1000  # written out of the sets of a pattern; what would make more counts as an end of the digits
SHORTEST_NUMBER = 7  # digits with the country code; what is shorter reaches hardly anybody in any numbering plan
_MARKS, _WILDCARDS = frozenset("+*"), frozenset("XZN.")
_ANY_BUT_THE_FIRST = "23456789"
_ADDRESS = re.compile(r"[0-9]+(\.[0-9]+){3}")
_NO_DIGIT = re.compile(r"[^0-9+]")  # a line waits, sends tones or does nothing at all there, and dials on


class Judged(Enum):
    """As what a number is judged."""

    DIALLED = "dialled"  # in the country
    PERHAPS_E164 = "perhaps-e164"  # its digits can begin with a country code; where they cannot, as it is dialled
    E164 = "e164"  # its digits begin with a country code, perhaps behind zeros, which are taken off there


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """One way to read what is sent: some of its first signs can be there to get a line, and a line can add digits."""

    before: str = ""
    skipped: int = 0  # signs of what the route sends
    behind: str = ""
    judged: Judged = Judged.DIALLED
    has_number: bool = True  # otherwise it is `before` alone
    can_be_empty: bool = False  # then nothing is left of the shortest numbers, and nothing of them is to be judged

    def of(self, sent: str) -> str:
        """What is to be judged."""
        return self.before + (sent[self.skipped :] + self.behind if self.has_number else "")


@dataclass(frozen=True, slots=True, kw_only=True)
class Sent:
    """What a route makes of a number: `strip` signs are taken off its front, then `prepend` is put there."""

    strip: int
    prepend: str
    start: str  # what all that it sends begins with
    is_bare: bool  # a country code stands at the front, without `+` and without a prefix
    abroad: tuple[str, ...]  # what leads abroad where it is sent to

    def number(self, dialled: str) -> str:
        """What is sent of a dialled number."""
        return self.prepend + dialled[self.strip :]

    @property
    def leads_abroad(self) -> bool:
        """Whether all that it sends begins as numbers of other countries do."""
        return self.is_bare or self.start.startswith(("+", *self.abroad))

    @property
    def country(self) -> str | None:
        """The country that the route itself names; None where what is dialled decides."""
        if self.is_bare:
            return country_of(self.start)
        ways = (way for way in ("+", *self.abroad) if self.start.startswith(way))
        found = set(filter(None, (country_of(self.start[len(way) :]) for way in ways)))
        return found.pop() if len(found) == 1 else None  # 001 can be one way, and 00 with a 1


def all_ways_abroad(dialling: Dialling) -> tuple[str, ...]:
    """What numbers of other countries begin with, the `+` aside."""
    return tuple(dict.fromkeys((*ways_abroad(dialling.country), *filter(None, (dialling.abroad,)))))


def sent_by(route: Route, dialling: Dialling) -> Sent:
    """What a route sends. A mark before the number stays only where nothing is taken off and nothing put before it."""
    strip = _taken(route)
    taken, left = (signs := signs_of(route.numbers))[:strip], signs[strip:]
    abroad = all_ways_abroad(dialling)
    bare = not route.prepend and ("".join(taken) == "+" or "".join(taken).endswith(abroad))
    return Sent(
        strip=strip,
        prepend=route.prepend,
        start=route.prepend + "".join(takewhile(lambda sign: sign in "0123456789+*", left)),
        is_bare=bare or (route.prepend != "" and route.prepend == dialling.country),
        abroad=abroad,
    )


def _taken(route: Route) -> int:
    """How many signs are taken off."""
    mark = 1 if route.numbers.startswith(("+", "*")) else 0
    return 0 if mark and not route.strip and not route.prepend else max(route.strip, mark)


def readings(
    route: Route, form: NumberForm | None, dialling: Dialling, for_help: frozenset[str] = frozenset()
) -> tuple[Reading, ...]:
    """Every way to read what a route sends; `form` is what is taken there, None where nobody says.

    None at all where the route is for one emergency number, or the line calls no number. `for_help` are the emergency
    numbers, where an X is every digit.
    """
    if _is_for_help(route.numbers, for_help):
        return ()
    line, behind = "", ""
    beside: tuple[Reading, ...] = ()
    if isinstance(route.way, ByChannel):
        if "{number}" not in route.way.channel.dial:
            return tuple(_constants(route.way.channel, form))
        line, behind = _of_line(route.way.channel)
        beside = tuple(found for found in _constants(route.way.channel, form) if len(found.before) >= SHORTEST_NUMBER)
    signs, off = signs_of(route.numbers), _taken(route)
    added, left = line + route.prepend, signs[off:]
    is_help = not left and longest(route.numbers) is not None and _is_for_help(route.prepend, for_help)
    found: list[Reading] = []
    for cut in (0, *_line_prefixes(added, left, longest(route.numbers), dialling)):
        rest = (*added, *left)[cut:]
        if not _MARKS.isdisjoint(rest[1:]):
            continue  # whoever takes a mark takes it in front
        can_be_empty = cut == len(added) and not left and not behind
        if (can_be_empty and longest(route.numbers) is not None) or (is_help and cut > len(line)):
            continue
        reading = Reading(
            before=line[cut:], skipped=max(0, cut - len(line)), behind=behind, can_be_empty=can_be_empty and cut > 0
        )
        can_be_bare = form is not NumberForm.NATIONAL or (cut == 0 and _could_be_bare(signs[:off], route, dialling))
        if not can_be_bare or not _MARKS.isdisjoint(rest[:1]) or _is_trunk(added[:cut], dialling):
            found.append(reading)
        elif form is NumberForm.E164:
            found.append(replace(reading, judged=Judged.E164))
        else:
            found += (reading, replace(reading, judged=Judged.PERHAPS_E164))
    refused = Reading(before="+", behind=behind)  # for it has two marks
    return (*(found or (refused,)), *beside)


def _is_for_help(number: str, for_help: frozenset[str]) -> bool:
    """Whether this is one emergency number, and no pattern of several."""
    return number.isdecimal() and any(is_matched(number, known) for known in for_help)


def prefixes_of_lines(route: Route, dialling: Dialling) -> Iterator[str]:
    """What can stand before a number that is sent, all of it put there by the route and its line."""
    line = _of_line(route.way.channel)[0] if isinstance(route.way, ByChannel) else ""
    added, left = line + route.prepend, signs_of(route.numbers)[_taken(route) :]
    yield from filter(None, (added, line, route.prepend))
    cuts = _line_prefixes(added, left, longest(route.numbers), dialling)
    if added:
        yield from (added[:cut] for cut in cuts if not left)
    else:
        yield from ("".join(left[:cut]) for cut in cuts if "".join(left[:cut]).isdecimal())


def _of_line(channel: Channel) -> tuple[str, str]:
    """The digits that a line dials before the number and behind it."""
    before, _, behind = channel.dial.partition("{number}")
    return (_dialled_of(before.rpartition("/")[2]), _dialled_of(re.split("[@/]", behind, maxsplit=1)[0]))


def _dialled_of(text: str) -> str:
    return _NO_DIGIT.sub("", text)


def _constants(channel: Channel, form: NumberForm | None) -> Iterator[Reading]:
    """What a line calls by itself: a user or a number in a part of its words, whatever stands between the digits."""
    parts = (part.partition("@")[0] for part in channel.dial.split("/")[1:] if "{number}" not in part)
    for number in filter(None, (_dialled_of(part) for part in parts if not _ADDRESS.fullmatch(part))):
        yield Reading(before=number, has_number=False)
        if form is not NumberForm.NATIONAL and not number.startswith("+"):
            yield Reading(before=number, has_number=False, judged=Judged.PERHAPS_E164)


def _line_prefixes(added: str, left: tuple[str, ...], most: int | None, dialling: Dialling) -> Iterator[int]:
    """How many signs of what is sent could be there only to get a line from whoever takes it."""
    for cut in range(1, len(added) + 1):
        if _begins_a_number(added[cut - 1 :], dialling):
            return
        yield cut
    if not added and (most is None or len(left) > _ABROAD_BEHIND_A_LINE):
        runs = [run for run in _beginnings(left) if not _is_trunk(run, dialling)]
        yield from (
            cut for cut in range(1, _LONGEST_LINE_CODE + 1) if any(_is_line_code(run, cut, dialling) for run in runs)
        )


def _is_line_code(run: str, length: int, dialling: Dialling) -> bool:
    """Whether the first of these digits can be there to get a line, and the number begins behind them or later."""
    if len(run) < length or any(_begins_a_number(run[at:], dialling) for at in range(length)):
        return False
    if any(_is_trunk(run[at:], dialling) for at in range(1, length)):
        return False
    rest = run[length:]
    return not rest or _is_trunk(rest, dialling) or _begins_a_number(rest, dialling)


def _beginnings(left: tuple[str, ...]) -> list[str]:
    """The digits that what is left begins with. A set is each of its digits, but where it is as wide as a wildcard."""
    found = [""]
    for sign in left:
        digits = [digit for digit in "0123456789" if is_matched(digit, sign)] if sign not in _WILDCARDS else []
        if not digits or set(digits) >= set(_ANY_BUT_THE_FIRST) or len(found) * len(digits) > _MOST_BEGINNINGS:
            break
        found = [f"{start}{digit}" for start in found for digit in digits]
    return [start for start in found if start]


def _begins_a_number(text: str, dialling: Dialling) -> bool:
    """Whether these digits are where the number itself begins, so that what stands behind them is none."""
    country = (dialling.country,) if dialling.country else ()
    if text.startswith(("+", *all_ways_abroad(dialling), *country)):
        return True
    return any(text.startswith(trunk) and text != trunk for trunk in _trunks(dialling))


def _could_be_bare(taken: tuple[str, ...], route: Route, dialling: Dialling) -> bool:
    """Whether what is taken off can be what leads abroad, so that a country code is left in front, or is put there."""
    if route.prepend:
        return dialling.country is not None and route.prepend.startswith(dialling.country)
    ways = ("+", *all_ways_abroad(dialling))
    return any(is_matched(way, "".join(taken[-len(way) :])) for way in ways if len(way) <= len(taken))


def _is_trunk(digits: str, dialling: Dialling) -> bool:
    """Whether they are what stands before numbers of the country itself, or the first of it."""
    return digits != "" and any(trunk.startswith(digits) for trunk in _trunks(dialling))


def _trunks(dialling: Dialling) -> tuple[str, ...]:
    plan = numbering_plans().get(dialling.country or "")
    return () if plan is None else plan.trunks
