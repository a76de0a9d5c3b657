"""Ends of paths in the words of the inventory."""

from __future__ import annotations

from dataclasses import replace
from functools import cache

import pytest

from confgen.fleet import preparation
from confgen.paths import Network, Path
from confgen.paths.chosen import Ends, NoSuchEnd, chosen, refusals
from tests.paths.companies import TODAY
from tests.paths.seeds import COMPANY


@cache
def network() -> Network:
    return Network(preparation.load(COMPANY, today=TODAY).inventory.pbxs, today=TODAY)


def told(start: str | None = None, end: str | None = None, pbxs: tuple[str, ...] | None = None) -> list[str]:
    return [path.words for path in found(start, end, pbxs)]


def found(start: str | None = None, end: str | None = None, pbxs: tuple[str, ...] | None = None) -> list[Path]:
    return list(chosen(network(), Ends(start=start, end=end, pbxs=pbxs)))


def test_a_phone_and_a_number_that_it_dials() -> None:
    assert told("headquarters/102", "0301234") == [
        "phone 102 of headquarters → dial 0301234 (route 0.) by trunk carrier to carrier and beyond"
    ]


def test_every_way_of_a_call_for_help() -> None:
    one, other = told("headquarters/102", "112")

    assert one == "phone 102 of headquarters → dial 112 → by trunk carrier to carrier and beyond"
    assert other.split(" → ")[2:] == [
        "by trunk headquarters-works to works",
        "works takes 112",
        "by trunk second-carrier to second-carrier and beyond",
    ]


def test_a_number_abroad_that_is_refused_has_no_path() -> None:
    assert told("headquarters/102", "0004412345678") == []
    assert told("headquarters/102", "0030123456") != []


def test_a_number_that_no_route_takes_has_no_path() -> None:
    assert told("branch/202", "0301234") == []


def test_two_phones_of_two_pbxs() -> None:
    direct = (
        "dial 1XX by trunk headquarters-branch to headquarters → headquarters takes 1XX → phone 103 of headquarters"
    )

    assert f"phone 202 of branch → {direct}" in told("branch/202", "headquarters/103")


def test_a_phone_is_reached_by_its_number_by_ring_groups_and_by_what_is_forwarded_to_it() -> None:
    inside = [path for path in found("headquarters/102", "headquarters/103") if path.key_holders == ("headquarters",)]

    assert [[step.words for step in path.steps[1:-1]] for path in inside] == [
        ["dial 103"],
        ["dial 101", "forwarded when busy to ring group desk", "otherwise to 103"],
        ["dial 500: ring group desk", "otherwise to 103"],
    ]


def test_a_number_among_those_that_are_sent_is_reached_and_another_is_not() -> None:
    assert len(told("branch/202", "headquarters/150")) == 1
    assert told("works", "branch/202") == []


def test_a_ring_group_by_its_name_and_by_its_number() -> None:
    assert told("headquarters/102", "headquarters/desk") == told("headquarters/102", "headquarters/500") != []


@pytest.mark.parametrize(
    ("start", "end", "pieces"),
    [
        ("carrier", None, ("callers behind carrier",)),
        (None, "carrier", ("by trunk carrier to carrier",)),
        (None, "second-carrier", ("by trunk second-carrier to second-carrier",)),
        (None, "headquarters-works", ("by trunk headquarters-works to ",)),
        ("shop", None, ("phones 511, 512 of shop",)),
        (None, "headquarters/600", ("the echo of headquarters",)),
    ],
)
def test_every_path_of_an_end_is_of_it(start: str | None, end: str | None, pieces: tuple[str, ...]) -> None:
    paths = told(start, end)

    assert paths
    assert all(piece in path for path in paths for piece in pieces)


def test_a_pbx_is_where_calls_end() -> None:
    assert {path.steps[-1].pbx for path in found(end="branch")} == {"branch"}
    assert all("branch" in words for words in told(end="branch"))


def test_paths_that_touch_none_of_the_pbxs_are_left_out() -> None:
    few = found(pbxs=("service",))

    assert few
    assert all(any(step.pbx == "service" for step in path.steps) for path in few)
    assert len(few) < len(found())


@pytest.mark.parametrize(
    ("start", "end", "words"),
    [
        ("headquarter", None, "did you mean headquarters?"),
        ("nowhere/101", None, "no PBX is called 'nowhere'"),
        ("headquarters/999", None, "headquarters has no extension 999"),
        ("headquarters-branch", None, "calls start at a PBX"),
        ("carrier", "112", "dial no number of a PBX"),
        (None, "cariere", "did you mean carrier?"),
        (None, "headquarters/des", "did you mean desk?"),
    ],
)
def test_an_end_that_is_not_there_is_told_with_the_nearest(start: str | None, end: str | None, words: str) -> None:
    with pytest.raises(NoSuchEnd) as caught:
        found(start, end)
    assert words in str(caught.value)
    assert caught.value.exit_code == 2


def test_a_number_that_nothing_takes_is_no_end() -> None:
    seen = Network(tuple(pbx for pbx in network().pbxs.values() if pbx.name != "shop"), today=TODAY)

    with pytest.raises(NoSuchEnd, match="no PBX takes 777"):
        chosen(seen, Ends(end="777"))
    for number in ("112", "101", "500", "600", "0301234"):
        assert list(chosen(seen, Ends(end=number)))


def test_it_is_told_who_refuses_a_number() -> None:
    blocked = replace(network().pbxs["works"], blocked=("0900.",))
    pbxs = (network().pbxs["headquarters"], blocked)

    assert refusals(Network(pbxs, today=TODAY), Ends(start="works/301", end="09001")) == (
        "`blocked` of works refuses 09001",
    )
    assert refusals(Network(pbxs, today=TODAY), Ends(end="0301234")) == ()
    assert refusals(Network(pbxs, today=TODAY), Ends(start="works", end="carrier")) == ()
