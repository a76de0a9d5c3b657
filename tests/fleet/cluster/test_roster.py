"""Who of the workers takes the next PBX."""

from __future__ import annotations

from confgen.fleet.cluster.roster import Roster, Worker
from tests.fleet.cluster.links import worker


def roster(*workers: Worker) -> Roster:
    made = Roster()
    for each in workers:
        made.add(each)
    return made


def test_a_pbx_goes_to_a_worker_of_its_site_and_one_without_a_site_to_one_without() -> None:
    eu, us, anywhere = worker("eu", site_eu=2), worker("us", site_us=2), worker("anywhere")
    made = roster(eu, us, anywhere)
    assert made.free("eu") == eu
    assert made.free("us") == us
    assert made.free(None) == anywhere
    assert made.free("asia") is None
    assert not made.serves("asia")


def test_a_worker_is_given_no_more_than_it_has_threads_and_than_it_says_for_the_site() -> None:
    eu = worker("eu", threads=3, site_eu=2, site_uk=9)
    made = roster(eu)
    for _ in range(2):
        made.take(eu, "eu")
    assert made.free("eu") is None
    assert made.free("uk") == eu
    made.take(eu, "uk")
    assert made.free("uk") is None
    made.give_back(eu, "eu")
    assert made.free("eu") == eu


def test_the_least_busy_worker_is_the_next_one() -> None:
    one, two = worker("one"), worker("two")
    made = roster(one, two)
    taken = []
    while (free := made.free(None)) is not None:
        made.take(free, None)
        taken.append(free.address)
    assert taken == [one.address, two.address] * 2


def test_whoever_has_gone_is_given_nothing_and_what_comes_in_its_place_is() -> None:
    old, new = worker("one", token="old"), worker("one", token="new")
    made = roster(old)
    made.take(old, None)
    made.remove(old.address)
    assert (made.free(None), made.any_of(None), made.addresses) == (None, None, frozenset())
    made.give_back(old, None)
    made.add(new)
    assert made.free(None) == new


def test_what_does_not_wait_for_room_is_given_to_the_least_busy_of_the_site() -> None:
    one, two = worker("one", threads=1), worker("two", threads=2)
    made = roster(one, two)
    made.take(one, None)
    made.take(two, None)
    made.take(two, None)
    assert made.free(None) is None
    made.give_back(one, None)
    assert made.any_of(None) == one
