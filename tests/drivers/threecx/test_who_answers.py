"""What answers is told: a 3CX with its version, and what only plays one as that."""

from __future__ import annotations

from dataclasses import replace

import pytest

from confgen.drivers.threecx.who_answers import product_check
from confgen.model.api import ApiAnswer
from confgen.model.check import Verdict
from confgen.model.version import ProductVersion
from tests.drivers.threecx.site import a_site

VERSION = {"x-3cx-version": "20.0.10.955"}
BODY = {"FQDN": "site.example.test", "ProductCode": "3CXPSENT", "Version": "20.0.10.955"}


@pytest.mark.parametrize("headers", [VERSION, {}])
def test_a_3cx_of_the_inventorys_version_passes_with_its_build_and_product(headers: dict[str, str]) -> None:
    check = product_check(a_site(), ApiAnswer(status=200, body=BODY, headers=headers))
    assert check.verdict is Verdict.PASSED
    assert check.message == "3CX 20.0.10.955 runs (product 3CXPSENT), and answers as site.example.test"


def test_another_version_fails() -> None:
    pbx = replace(a_site(), product_version=ProductVersion(20, 0, 9))
    check = product_check(pbx, ApiAnswer(status=200, body=BODY, headers=VERSION))
    assert (check.verdict, "the inventory says 20.0.9" in check.message) == (Verdict.FAILED, True)


@pytest.mark.parametrize("body", [{}, {"Version": None}, {"Version": "twenty"}])
def test_a_version_that_is_not_told_is_unknown(body: dict[str, str | None]) -> None:
    assert product_check(a_site(), ApiAnswer(status=200, body=body, headers={})).verdict is Verdict.UNKNOWN


def test_what_says_that_it_plays_a_3cx_never_passes_for_one() -> None:
    headers = {**VERSION, "x-contract-fake": "a fake\x1b[31m, and no 3CX"}
    check = product_check(a_site(), ApiAnswer(status=200, body=BODY, headers=headers))
    assert check.verdict is Verdict.NOT_CHECKED
    assert check.message == "what answers says that it is no 3CX: a fake [31m, and no 3CX"
