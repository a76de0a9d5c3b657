"""Paths as a repository knows them."""

from __future__ import annotations

from pathlib import PurePath

import pytest

from confgen.report.checkout import Checkout

BELOW = Checkout(root=PurePath("/srv/company"), here=PurePath("/srv/company/telephony/sites"))


@pytest.mark.parametrize(
    ("file", "path"),
    [
        ("hq.yaml", "telephony/sites/hq.yaml"),
        ("./hq.yaml", "telephony/sites/hq.yaml"),
        ("../hq.yaml", "telephony/hq.yaml"),
        ("/srv/company/hq.yaml", "hq.yaml"),
        ("/srv/company-2/hq.yaml", "/srv/company-2/hq.yaml"),
        ("../../../hq.yaml", "/srv/hq.yaml"),
    ],
)
def test_a_path_is_as_the_repository_knows_it(file: str, path: str) -> None:
    assert BELOW.path(file) == path
