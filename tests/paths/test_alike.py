"""Extensions that are called alike are one, however many they are; what differs in any way is not."""

from __future__ import annotations

from dataclasses import replace

from confgen.model.dialling import (
    ByChannel,
    ByTrunk,
    Forwards,
    RingGroup,
    RingOrder,
    Route,
    ToExtension,
    ToOutside,
    ToRingGroup,
)
from confgen.model.inventory import MediaEncryption, Pbx
from confgen.model.provider import Did
from confgen.paths import Network
from confgen.paths.alike import Alike
from tests.model.pbxs import PLACE, a_channel, a_pbx, a_provider_trunk, a_route, an_extension
from tests.paths.companies import TODAY

_ISDN = a_channel("isdn")


def many(number: int) -> Pbx:
    """Half of them forward to a colleague, half to a mobile telephone of their own; each has a DID."""
    numbers = [f"1{place:06d}" for place in range(number)]
    forwards = [
        Forwards(busy=ToExtension(extension=numbers[place - 1]))
        if place % 2
        else Forwards(unavailable=ToOutside(number=f"0017{place:06d}"))
        for place in range(number)
    ]
    dids = tuple(Did(number=f"+49{one}", destination=ToExtension(extension=one), place=PLACE) for one in numbers)
    return a_pbx(
        extensions=tuple(an_extension(one, forwards=each) for one, each in zip(numbers, forwards, strict=True)),
        provider_trunks=(a_provider_trunk(dids=dids),),
        routes=(a_route("0.", "to-carrier"),),
        trunks=(),
    )


def test_the_paths_of_many_extensions_are_those_of_few() -> None:
    told = []
    for number in (20, 2000):
        network = Network((many(number),), today=TODAY)
        told.append([tuple((leg.kind, leg.weakest) for leg in path.legs) for path in network.paths(network.callers())])

    assert told[0] == told[1]
    assert len(told[0]) < 30


def test_a_number_outside_that_is_blocked_is_not_alike_one_that_is_not() -> None:
    pbx = a_pbx(
        extensions=(
            an_extension("10", forwards=Forwards(always=ToOutside(number="0900"))),
            an_extension("11", forwards=Forwards(always=ToOutside(number="0123"))),
        ),
        routes=(Route(numbers="0.", way=ByChannel(channel=_ISDN), place=PLACE),),
        channels=(_ISDN,),
        blocked=("0900",),
    )
    alike = Alike(pbx, TODAY)

    assert alike.called_of["10"] is not alike.called_of["11"]


def test_phones_with_other_keys_and_those_of_a_migration_are_not_alike() -> None:
    pbx = a_pbx(
        extensions=(
            an_extension("10"),
            an_extension("11", media_encryption=MediaEncryption.DTLS),
            an_extension("12"),
        )
    )

    assert [list(phones.numbers) for phones in Alike(pbx, TODAY).phones] == [["10", "12"], ["11"]]


def test_a_circle_ends_and_is_not_taken_for_what_is_not_there() -> None:
    pbx = a_pbx(
        extensions=(
            an_extension("10", forwards=Forwards(busy=ToExtension(extension="11"))),
            an_extension("11", forwards=Forwards(busy=ToRingGroup(ring_group="desk"))),
            an_extension("12", forwards=Forwards(busy=ToExtension(extension="99"))),
        ),
        ring_groups=(
            RingGroup(
                name="desk",
                number="19",
                members=("10",),
                order=RingOrder.TOGETHER,
                seconds=20,
                otherwise=ToExtension(extension="10"),
                place=PLACE,
            ),
        ),
    )
    alike = Alike(pbx, TODAY)

    assert len(alike.called) == 3
    assert list(Network((pbx,), today=TODAY).paths(Network((pbx,), today=TODAY).callers()))


def test_forwards_in_a_long_chain_end_where_the_dialplan_ends_them() -> None:
    numbers = [str(1000 + place) for place in range(2000)]
    ahead = [*numbers[1:], None]
    extensions = tuple(
        an_extension(one, forwards=None if to is None else Forwards(always=ToExtension(extension=to)))
        for one, to in zip(numbers, ahead, strict=True)
    )
    network = Network((a_pbx(extensions=extensions),), today=TODAY)

    rings = [path for path in network.paths(network.callers()) if path.steps[-1].words.startswith("phone")]

    assert len(rings) == 6  # who is called, and up to five that were sent on
    assert max(sum(step.is_forward for step in path.steps) for path in rings) == 5


def test_a_trunk_to_a_pbx_that_is_not_there_is_no_path() -> None:
    network = Network(
        (replace(a_pbx(), routes=(Route(numbers="2XX", way=ByTrunk(trunk="to-branch"), place=PLACE),)),), today=TODAY
    )

    assert not [path for path in network.paths(network.callers()) if "to-branch" in path.words]
