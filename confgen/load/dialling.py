"""Routes, ring groups, forwards and emergency calls of one PBX, from what is written to the model."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from confgen.load.settings import given_at, place_at, usable_at, value_at
from confgen.load.yaml_tree import YamlMapping, YamlSequence, marked_items, place_of
from confgen.model.dialling import (
    ByChannel,
    ByTrunk,
    Carries,
    Channel,
    Destination,
    Dialling,
    Emergency,
    EmergencyWay,
    Forwards,
    Media,
    NoEmergency,
    NumberForm,
    RingGroup,
    RingOrder,
    Route,
    Signalling,
    ToContext,
    ToExtension,
    ToOutside,
    ToRingGroup,
    Way,
)

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping

_START = "s"  # the extension of a context where none is named


def carries(written: object) -> Carries:
    """What a leg is said to carry; what is not said is unknown."""
    signalling, media = (given_at(written, key) for key in ("signalling", "media"))
    return Carries(
        signalling=Signalling.UNKNOWN if signalling is None else Signalling(signalling),
        media=Media.UNKNOWN if media is None else Media(media),
    )


def number_form(written: object) -> NumberForm | None:
    """What digits are taken for there; None where nothing is said."""
    form = given_at(written, "number_form")
    return None if form is None else NumberForm(form)


def channels(settings: YamlMapping) -> Mapping[str, Channel]:
    """The PBX's own lines by name."""
    written = settings.get("channels")
    found: dict[str, Channel] = {}
    if isinstance(written, YamlMapping):
        for name, line in written.items():
            dial = given_at(line, "dial")
            if dial is not None:
                found[name] = Channel(
                    name=name,
                    dial=dial,
                    modules=given_at(line, "modules") or (),
                    carries=carries(line),
                    number_form=number_form(line),
                    place=place_of(written.key_mark(name)),
                )
    return found


def routes(settings: YamlMapping, trunks: Collection[str], lines: Mapping[str, Channel]) -> Iterator[Route]:
    """The routes whose way out is there."""
    written = settings.get("routes")
    if not isinstance(written, YamlSequence):
        return
    for route, place in marked_items(written):
        numbers = given_at(route, "numbers")
        way = _way(route, trunks, lines) or _to_context(route, number=None)
        if isinstance(numbers, str) and way is not None:
            yield Route(
                numbers=numbers,
                way=way,
                strip=given_at(route, "strip") or 0,
                prepend=given_at(route, "prepend") or "",
                place=place,
            )


def destination(written: object) -> Destination | None:
    """Where a call goes; None where nothing usable is said."""
    if (extension := given_at(written, "extension")) is not None:
        return ToExtension(extension=extension)
    if (ring_group := given_at(written, "ring_group")) is not None:
        return ToRingGroup(ring_group=ring_group)
    if (outside := given_at(written, "outside")) is not None:
        return ToOutside(number=outside)
    return _to_context(written, number=given_at(written, "number") or _START)


def forwards(written: object) -> Forwards | None:
    """Where calls to an extension go instead."""
    if not isinstance(written, YamlMapping):
        return None
    keys = ("always", "busy", "no_answer", "unavailable")
    return Forwards(**{key: destination(value_at(written, key)) for key in keys})


def ring_groups(settings: YamlMapping) -> Iterator[RingGroup]:
    """The ring groups that have a number and members."""
    written = settings.get("ring_groups")
    if not isinstance(written, YamlMapping):
        return
    for name, group in written.items():
        own = {"ring_group": group}
        number, members, order, seconds = (
            usable_at(own, "ring_group", key) for key in ("number", "extensions", "order", "seconds")
        )
        if isinstance(number, str) and members:
            yield RingGroup(
                name=name,
                number=number,
                members=members,
                order=RingOrder(order),
                seconds=seconds,
                otherwise=destination(value_at(group, "otherwise")),
                place=place_of(written.key_mark(name)),
            )


def emergency(
    settings: YamlMapping, trunks: Collection[str], lines: Mapping[str, Channel]
) -> Emergency | NoEmergency | None:
    """The emergency numbers with those of their ways that are there, or the waiver of them."""
    place = place_at(settings, "emergency")
    written = value_at(settings, "emergency")
    if place is None or not isinstance(written, YamlMapping):
        return None
    numbers, via = (given_at(written, key) for key in ("numbers", "via"))
    if numbers and via:
        ways = [(way, given_at(entry, "as")) for entry in via if (way := _way(entry, trunks, lines)) is not None]
        return Emergency(
            numbers=numbers,
            ways=tuple(EmergencyWay(way=way, number=number) for way, number in ways),
            caller_id=given_at(written, "caller_id"),
            place=place,
        )
    owner, reason, until = (given_at(written, "waived", key) for key in ("owner", "reason", "until"))
    day = None if until is None else day_of(until)
    if owner is None or reason is None or day is None:
        return None
    return NoEmergency(owner=owner, reason=reason, until=day, place=place)


def dialling(settings: YamlMapping) -> Dialling:
    """Which numbers may leave; without a word, those of no other country."""
    written = value_at(settings, "dialling")
    country, countries, abroad, premium, most_calls = (
        given_at(written, key) for key in ("country", "countries", "international_prefix", "premium", "max_calls")
    )
    return Dialling(
        country=country,
        countries=countries or (),
        abroad=abroad,
        allows_premium=premium is True,
        most_calls=most_calls,
        place=place_at(settings, "dialling"),
    )


def day_of(text: str) -> date | None:
    """The day that `2027-03-31` names; None where there is no such day."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _way(written: object, trunks: Collection[str], lines: Mapping[str, Channel]) -> Way | None:
    trunk, channel = (given_at(written, key) for key in ("trunk", "channel"))
    if isinstance(trunk, str) and trunk in trunks:
        return ByTrunk(trunk=trunk)
    if isinstance(channel, str) and channel in lines:
        return ByChannel(channel=lines[channel])
    return None


def _to_context(written: object, *, number: str | None) -> ToContext | None:
    context = given_at(written, "context")
    return None if context is None else ToContext(context=context, number=number)
