"""The canary first, then batch after batch, and every PBX once."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from confgen.fleet.batches import batches
from confgen.fleet.selection import NoSuchPbx
from confgen.model.terms import Batch, Strategy
from tests.fleet.fakes import names_of


def sizes(*words: str) -> tuple[Batch, ...]:
    return tuple(Batch(size=int(word.rstrip("%")), is_percent=word.endswith("%")) for word in words)


@pytest.mark.parametrize(
    ("number", "words", "expected"),
    [
        (1, ["1"], [1]),
        (4, ["1"], [1, 1, 1, 1]),
        (4, ["10"], [1, 3]),
        (12, ["1", "5", "25%"], [1, 1, 5, 3, 2]),
        (10, ["25%"], [1, 2, 2, 2, 2, 1]),
        (3, ["1%"], [1, 1, 1]),
        (1000, ["1", "5", "25%"], [1, 1, 5, 250, 250, 250, 243]),
        (5, ["100%"], [1, 4]),
    ],
)
def test_batches_have_the_sizes_that_were_said(number: int, words: list[str], expected: list[int]) -> None:
    found = batches(names_of(number), Strategy(batches=sizes(*words)))

    assert [len(batch) for batch in found] == expected


def test_named_canaries_go_first_in_the_inventorys_order() -> None:
    found = batches(["a", "b", "c", "d"], Strategy(canary=("d", "b"), batches=sizes("2")))

    assert found == (("b", "d"), ("a", "c"))


def test_a_canary_that_has_no_part_in_the_run_is_a_mistake_of_usage() -> None:
    with pytest.raises(NoSuchPbx, match="the canary 'e' is none of the PBXs of this run: a, b") as mistake:
        batches(["a", "b"], Strategy(canary=("a", "e")))
    assert mistake.value.exit_code == 2


def test_without_pbxs_there_is_no_batch() -> None:
    assert batches([], Strategy()) == ()


@given(
    number=st.integers(1, 300),
    batch_sizes=st.lists(st.builds(Batch, size=st.integers(1, 100), is_percent=st.booleans()), min_size=1, max_size=5),
    data=st.data(),
)
def test_every_pbx_comes_once_and_the_canary_first(number: int, batch_sizes: list[Batch], data: st.DataObject) -> None:
    names = names_of(number)
    canary = tuple(data.draw(st.lists(st.sampled_from(names), max_size=3, unique=True)))

    first, *others = batches(names, Strategy(canary=canary, batches=tuple(batch_sizes)))

    assert set(first) == set(canary or names[:1])
    assert sorted([*first, *(name for batch in others for name in batch)]) == names
    assert all(others)
    most = max([batch.size if not batch.is_percent else number * batch.size // 100 for batch in batch_sizes] + [1])
    assert all(len(batch) <= most for batch in others)
