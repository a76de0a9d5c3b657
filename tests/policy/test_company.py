"""What all rules ask of the company that they look at."""

from __future__ import annotations

from datetime import date

import pytest

from confgen.model.driver import Traits
from confgen.model.inventory import Inventory
from confgen.model.version import ProductVersion
from confgen.policy.company import Company
from tests.model.pbxs import a_pbx

TODAY = date(2026, 6, 1)
ENDS = {21: date(2026, 10, 18), 22: date(2029, 10, 16), 23: date(2027, 10, 15)}
TRAITS = {
    "asterisk": Traits(support_ends=ENDS, hashes_since={22: ProductVersion(22, 2)}),
    "threecx": Traits(is_asked_by_api=True),
}
COMPANY = Company(inventory=Inventory(pbxs=(), folder="."), today=TODAY, traits=TRAITS)


@pytest.mark.parametrize(("kind", "has_files"), [("asterisk", True), ("threecx", False), ("toy", True)])
def test_a_product_of_api_objects_has_no_files(kind: str, *, has_files: bool) -> None:
    assert COMPANY.has_files(a_pbx(kind=kind)) is has_files


@pytest.mark.parametrize(
    ("kind", "branch", "day"), [("asterisk", 21, ENDS[21]), ("asterisk", 17, None), ("toy", 21, None)]
)
def test_the_end_of_support_is_that_of_the_branch(kind: str, branch: int, day: date | None) -> None:
    assert COMPANY.support_ends(a_pbx(kind=kind, product_version=ProductVersion(branch))) == day


def test_the_version_that_is_supported_longest_is_not_always_the_newest() -> None:
    assert COMPANY.longest_supported(a_pbx()) == "22, which gets them until 2029-10-16"


@pytest.mark.parametrize(
    ("version", "knows"),
    [(ProductVersion(22, 2), True), (ProductVersion(22, 1, 9), False), (ProductVersion(18, 26), False)],
)
def test_sha_256_came_in_a_release_of_each_branch(version: ProductVersion, *, knows: bool) -> None:
    assert COMPANY.knows_sha_256(a_pbx(product_version=version)) is knows


@pytest.mark.parametrize(("day", "is_far"), [(date(2027, 6, 2), False), (date(2027, 6, 3), True)])
def test_more_than_a_year_is_far_away(day: date, *, is_far: bool) -> None:
    assert COMPANY.is_far_away(day) is is_far
