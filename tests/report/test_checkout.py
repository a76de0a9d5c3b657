"""Paths as a repository knows them."""

from __future__ import annotations

from pathlib import PurePath

import pytest

from confgen.report.checkout import Checkout

BELOW = Checkout(root=PurePath("/work/company"), here=PurePath("/work/company/telephony/sites"))


@pytest.mark.parametrize(
    ("file", "path"),
    [
        ("hq.yaml", "telephony/sites/hq.yaml"),
        ("./hq.yaml", "telephony/sites/hq.yaml"),
        ("../hq.yaml", "telephony/hq.yaml"),
        ("/work/company/hq.yaml", "hq.yaml"),
        ("/work/company-2/hq.yaml", "/work/company-2/hq.yaml"),
        ("../../../hq.yaml", "/work/hq.yaml"),
    ],
)
def test_a_path_is_as_the_repository_knows_it(file: str, path: str) -> None:
    assert BELOW.path(file) == path
