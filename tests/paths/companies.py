"""Small companies of two PBXs and a provider, drawn by chance."""

from __future__ import annotations

from datetime import date

from hypothesis import strategies as st

from confgen.model.dialling import (
    ByChannel,
    ByTrunk,
    Carries,
    Destination,
    Emergency,
    EmergencyWay,
    Forwards,
    Media,
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
from confgen.model.inventory import Extension, MediaEncryption, Pbx
from confgen.model.migration import Migration
from confgen.model.provider import Did
from tests.model.pbxs import PLACE, a_channel, a_pbx, a_provider, a_provider_trunk, a_trunk_end, an_extension

TODAY = date(2026, 6, 1)
DIGITS = "0129"
_PATTERNS = ("1X", "2X", "0.", "00.", "0X", "9", "9.", "0NX", "90X", "02")
_CARRIES = st.builds(Carries, signalling=st.sampled_from(Signalling), media=st.sampled_from(Media))


@st.composite
def companies(draw: st.DrawFn) -> dict[str, Pbx]:
    """North has 10 to 12, south 20 to 22; what is sent on outside from north never comes back to it."""
    carries = draw(_CARRIES)
    north = _pbx(draw, "north", "south", ("10", "11", "12"), draw(_CARRIES), carries, can_leave=True)
    south = _pbx(draw, "south", "north", ("20", "21", "22"), draw(_CARRIES), carries, can_leave=False)
    return {"north": north, "south": south}


def _pbx(
    draw: st.DrawFn,
    name: str,
    peer: str,
    numbers: tuple[str, ...],
    line: Carries,
    carries: Carries,
    *,
    can_leave: bool,
) -> Pbx:
    isdn = a_channel(f"isdn-{name}", "PJSIP/{number}@isdn", line)
    ways: st.SearchStrategy[Way] = st.sampled_from(
        (ByTrunk(trunk="between"), ByTrunk(trunk=f"to-carrier-{name}"), ByChannel(channel=isdn)),
    )
    group = RingGroup(
        name="desk",
        number=numbers[0][0] + "9",
        members=tuple(draw(st.sets(st.sampled_from(numbers), min_size=1))),
        order=RingOrder.TOGETHER,
        seconds=20,
        otherwise=draw(st.none() | _last(can_leave=can_leave)),
        place=PLACE,
    )
    trunk = a_provider_trunk(
        f"to-carrier-{name}",
        provider=a_provider(beyond=carries),
        dids=tuple(
            Did(number=f"+49{digit}", destination=draw(_ahead(numbers, 0, can_leave=can_leave)), place=PLACE)
            for digit in range(draw(st.integers(0, 2)))
        ),
    )
    kept = draw(st.sets(st.sampled_from(numbers)))
    return a_pbx(
        name,
        extensions=tuple(_extension(draw, numbers, place, can_leave=can_leave) for place in range(len(numbers))),
        ring_groups=(group,),
        trunks=(a_trunk_end("between", peer),),
        provider_trunks=(trunk,),
        channels=(isdn,),
        routes=tuple(_route(draw, pattern, ways) for pattern in draw(st.sets(st.sampled_from(_PATTERNS)))),
        blocked=tuple(draw(st.sets(st.sampled_from(("00.", "92"))))),
        echo_number="000" if draw(st.booleans()) else None,
        emergency=draw(st.none() | _emergency(ways)),
        migration=Migration(extensions=tuple(kept), owner="Ann", until=date(2026, 12, 31), place=PLACE)
        if kept
        else None,
    )


def _route(draw: st.DrawFn, pattern: str, ways: st.SearchStrategy[Way]) -> Route:
    strip = draw(st.integers(0, len(pattern) if pattern.endswith(".") else len(pattern) - 1))
    way = draw(ways | st.just(ToContext(context="own")))
    return Route(numbers=pattern, way=way, strip=strip, prepend=draw(st.sampled_from(("", "2", "1"))), place=PLACE)


def _extension(draw: st.DrawFn, numbers: tuple[str, ...], place: int, *, can_leave: bool) -> Extension:
    forwards = None
    if draw(st.booleans()):
        to = st.none() | _ahead(numbers, place + 1, can_leave=can_leave)
        forwards = Forwards(always=draw(to), busy=draw(to), no_answer=draw(to), unavailable=draw(to))
    return an_extension(numbers[place], media_encryption=draw(st.sampled_from(MediaEncryption)), forwards=forwards)


def _ahead(numbers: tuple[str, ...], first: int, *, can_leave: bool) -> st.SearchStrategy[Destination]:
    """Where calls go on without a circle: to later extensions, to the ring group, or away."""
    group: st.SearchStrategy[Destination] = st.just(ToRingGroup(ring_group="desk"))
    ends = group | _last(can_leave=can_leave)
    if first < len(numbers):
        ends |= st.sampled_from([ToExtension(extension=number) for number in numbers[first:]])
    return ends


def _last(*, can_leave: bool) -> st.SearchStrategy[Destination]:
    own: st.SearchStrategy[Destination] = st.just(ToContext(context="own"))
    outside = st.text(DIGITS, min_size=1, max_size=3).map(lambda number: ToOutside(number=number))
    return own | outside if can_leave else own


def _emergency(ways: st.SearchStrategy[Way]) -> st.SearchStrategy[Emergency]:
    way = st.builds(EmergencyWay, way=ways, number=st.none())
    return st.builds(
        Emergency,
        numbers=st.sampled_from((("112",), ("112", "110"))),
        ways=st.lists(way, min_size=1, max_size=2).map(tuple),
        caller_id=st.none(),
        place=st.just(PLACE),
    )
