"""`--limit` means PBXs by name, group or glob, and a word that means none is an error."""

from __future__ import annotations

import pytest

from confgen.fleet import NoSuchPbx, select
from confgen.model.inventory import Inventory
from tests.model.pbxs import a_pbx

INVENTORY = Inventory(
    pbxs=(
        a_pbx("headquarters", groups=("offices", "big")),
        a_pbx("branch", groups=("offices",)),
        a_pbx("warehouse", groups=("sites",)),
    ),
    folder=".",
)


@pytest.mark.parametrize(
    ("limit", "names"),
    [
        ([], ["headquarters", "branch", "warehouse"]),
        (["branch"], ["branch"]),
        (["offices"], ["headquarters", "branch"]),
        (["warehouse", "headquarters"], ["headquarters", "warehouse"]),  # in the inventory's order
        (["warehouse,branch"], ["branch", "warehouse"]),
        (["offices", "branch"], ["headquarters", "branch"]),
        (["*e"], ["warehouse"]),
        (["*"], ["headquarters", "branch", "warehouse"]),
        (["[bw]*"], ["branch", "warehouse", "headquarters"]),  # the group `big` too
        ([" branch , ,"], ["branch"]),
        ([""], ["headquarters", "branch", "warehouse"]),
    ],
)
def test_words_mean_pbxs(limit: list[str], names: list[str]) -> None:
    assert {pbx.name for pbx in select(INVENTORY, limit)} == set(names)
    assert [pbx.name for pbx in select(INVENTORY, limit)] == [pbx.name for pbx in INVENTORY.pbxs if pbx.name in names]


@pytest.mark.parametrize(
    ("word", "hint"),
    [
        ("brnch", "did you mean 'branch'?"),
        ("office", "did you mean 'offices'?"),
        ("x*", "known are "),
        ("Branch", "did"),
    ],
)
def test_a_word_that_means_none_is_told_with_the_nearest_known_one(word: str, hint: str) -> None:
    with pytest.raises(NoSuchPbx) as refused:
        select(INVENTORY, ["headquarters", word])
    assert repr(word) in str(refused.value)
    assert hint in str(refused.value)
    assert refused.value.exit_code == 2
