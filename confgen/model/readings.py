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
# What a line dials before the number and behind it; `w` waits.
_BEFORE, _BEHIND = re.compile(r"\+?[0-9wW]*$"), re.compile(r"^[0-9wW]*")
_CONSTANT = re.compile(r"(?<=[/:])\+?[0-9wW]+(?=[@/]|$)")
_MARKS = frozenset("+*")
_WAITS = str.maketrans("", "", "wW")


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


def readings(route: Route, form: NumberForm | None, dialling: Dialling) -> tuple[Reading, ...]:
    """Every way to read what a route sends; `form` is what is taken there, None where nobody says."""
    line, behind = "", ""
    if isinstance(route.way, ByChannel):
        if "{number}" not in route.way.channel.dial:
            return tuple(_constants(route.way.channel, form))
        line, behind = _of_line(route.way.channel)
    signs, off = signs_of(route.numbers), _taken(route)
    added, left = line + route.prepend, signs[off:]
    found: list[Reading] = []
    for cut in (0, *_line_prefixes(added, left, longest(route.numbers), dialling)):
        rest = (*added, *left)[cut:]
        if not _MARKS.isdisjoint(rest[1:]):
            continue  # whoever takes a mark takes it in front
        reading = Reading(before=line[cut:], skipped=max(0, cut - len(line)), behind=behind)
        can_be_bare = form is not NumberForm.NATIONAL or (cut == 0 and _could_be_bare(signs[:off], route, dialling))
        if not can_be_bare or not _MARKS.isdisjoint(rest[:1]) or _is_trunk(added[:cut], dialling):
            found.append(reading)
        elif form is NumberForm.E164:
            found.append(replace(reading, judged=Judged.E164))
        else:
            found += (reading, replace(reading, judged=Judged.PERHAPS_E164))
    return tuple(found) or (Reading(before="+", behind=behind),)  # which is refused, for it has two marks


def prefixes_of_lines(route: Route, dialling: Dialling) -> Iterator[str]:
    """What can stand before a number that is sent, all of it put there by the route and its line."""
    line = _of_line(route.way.channel)[0] if isinstance(route.way, ByChannel) else ""
    added, left = line + route.prepend, signs_of(route.numbers)[_taken(route) :]
    yield from filter(None, (added, line, route.prepend))
    if not added and any(_line_prefixes(added, left, longest(route.numbers), dialling)):
        yield left[0]


def _of_line(channel: Channel) -> tuple[str, str]:
    """The digits that a line dials before the number and behind it."""
    before, _, behind = channel.dial.partition("{number}")
    first, last = _BEFORE.search(before), _BEHIND.search(behind)
    return ("" if first is None else first[0].translate(_WAITS), "" if last is None else last[0].translate(_WAITS))


def _constants(channel: Channel, form: NumberForm | None) -> Iterator[Reading]:
    """What a line calls that takes no number."""
    for number in (found.translate(_WAITS) for found in _CONSTANT.findall(channel.dial)):
        yield Reading(before=number, has_number=False)
        if form is not NumberForm.NATIONAL and not number.startswith("+"):
            yield Reading(before=number, has_number=False, judged=Judged.PERHAPS_E164)


def _line_prefixes(added: str, left: tuple[str, ...], most: int | None, dialling: Dialling) -> Iterator[int]:
    """How many signs of what is sent could be there only to get a line from whoever takes it."""
    for cut in range(1, len(added) + 1):
        if _begins_a_number(added[cut - 1 :], dialling):
            return
        yield cut
    run = "".join(takewhile(str.isdigit, left))
    is_long = most is None or len(left) > _ABROAD_BEHIND_A_LINE
    if not added and run and is_long and not _is_trunk(run, dialling) and not _begins_a_number(run, dialling):
        rest = run[1:]
        if not rest or _is_trunk(rest, dialling) or _begins_a_number(rest, dialling):
            yield 1


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
