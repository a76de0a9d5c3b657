"""Paths are those that calls take, no more and no fewer; the weakest leg is no better than any."""

from __future__ import annotations

from itertools import product

from hypothesis import given

from confgen.model.inventory import Pbx
from confgen.paths import Leg, Network, Path, Strength, weakest
from confgen.paths.chosen import Ends, NoSuchEnd, chosen
from confgen.paths.leg import Kind
from tests.paths.companies import DIGITS, TODAY, companies
from tests.paths.oracle import Hops, Walker

_NUMBERS = ["".join(digits) for length in (1, 2, 3) for digits in product(DIGITS, repeat=length)]
_ORDER = list(Strength)


def hop(leg: Leg, pbxs: dict[str, Pbx]) -> tuple[str, ...]:
    """As the oracle tells a leg."""
    match leg.kind:
        case Kind.PHONES:
            number = leg.name.split(",")[0].split(" ")[0]
            pbx = pbxs[leg.pbx]
            is_kept = pbx.migration is not None and number in pbx.migration.extensions
            return ("phones", leg.pbx, leg.keying.value, "kept" if is_kept else "moved")
        case Kind.LINE | Kind.UNSEEN:
            return (leg.kind.value, leg.pbx, leg.name)
        case _:
            return (leg.kind.value, leg.name)


def hops(path: Path, pbxs: dict[str, Pbx]) -> Hops:
    return tuple(hop(leg, pbxs) for leg in path.legs)


def taken(network: Network, ends: Ends, pbxs: dict[str, Pbx]) -> set[Hops]:
    """The paths between two ends; none where nothing takes the number."""
    try:
        return {hops(path, pbxs) for path in chosen(network, ends)}
    except NoSuchEnd:
        return set()


@given(companies())
def test_a_dialled_number_takes_the_paths_that_the_dialplan_gives_it(pbxs: dict[str, Pbx]) -> None:
    network, walker = Network(tuple(pbxs.values()), today=TODAY), Walker(pbxs)
    for pbx in pbxs.values():
        caller = pbx.extensions[0]
        for number in _NUMBERS:
            ends = Ends(start=f"{pbx.name}/{caller.number}", end=number)
            assert taken(network, ends, pbxs) == walker.from_phone(pbx, caller, number), number


@given(companies())
def test_no_call_takes_a_path_that_is_not_told(pbxs: dict[str, Pbx]) -> None:
    network, walker = Network(tuple(pbxs.values()), today=TODAY), Walker(pbxs)
    found = {hops(path, pbxs) for path in network.paths(network.callers())}
    for pbx in pbxs.values():
        for trunk in pbx.provider_trunks:
            assert walker.from_outside(pbx, trunk.name) <= found
        for caller in pbx.extensions:
            for number in _NUMBERS:
                assert walker.from_phone(pbx, caller, number) <= found, number


@given(companies())
def test_the_weakest_leg_is_never_better_than_any_leg(pbxs: dict[str, Pbx]) -> None:
    network = Network(tuple(pbxs.values()), today=TODAY)
    for path in network.paths(network.callers()):
        for leg in path.legs:
            assert _ORDER.index(path.weakest_leg.weakest) <= _ORDER.index(leg.weakest)
            assert _ORDER.index(path.signalling) <= _ORDER.index(leg.signalling)
            assert _ORDER.index(path.media) <= _ORDER.index(leg.media)
        assert path.weakest is weakest(leg.weakest for leg in path.legs)
        assert path.weakest is path.weakest_leg.weakest


@given(companies())
def test_every_weak_leg_of_any_path_is_found_with_a_whole_path_over_it(pbxs: dict[str, Pbx]) -> None:
    network = Network(tuple(pbxs.values()), today=TODAY)
    on_paths = {leg for path in network.paths(network.callers()) for leg in path.legs if not leg.is_encrypted}

    assert set(network.weak_legs) == on_paths
    for leg, paths in network.weak_legs.items():
        assert paths
        assert all(leg in path.legs for path in paths)


@given(companies())
def test_a_call_for_help_stands_for_a_leg_only_where_no_other_call_takes_it(pbxs: dict[str, Pbx]) -> None:
    network = Network(tuple(pbxs.values()), today=TODAY)
    everyday = {leg for path in network.paths(network.callers()) if not path.is_emergency for leg in path.legs}

    for leg, paths in network.weak_legs.items():
        assert any(not path.is_emergency for path in paths) is (leg in everyday)
