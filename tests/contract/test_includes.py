"""What may not be included is what the driver manages."""

from __future__ import annotations

from pathlib import Path

from confgen import fleet
from confgen.drivers.asterisk.layout import absent
from confgen.load import load_inventory
from confgen.load.parts import MANAGED_FILES
from confgen.model.inventory import Part
from tests.load.products import KINDS

_EVERYTHING = Path(__file__).parents[1] / "schema" / "accept" / "every-setting.yaml"


def test_the_names_that_may_not_be_included_are_those_that_the_driver_takes() -> None:
    pbx = load_inventory(_EVERYTHING, kinds=KINDS).inventory.pbxs[0]
    assert pbx.manages == frozenset(Part)

    taken = {*fleet.render_masked(pbx), *absent(pbx)}

    assert {name for name in taken if "/" not in name} == {name for part in MANAGED_FILES.values() for name in part}
