"""What the live tests push is without an error by every rule: no lab is needed to see that a rule refuses it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import cast

import pytest

from confgen import fleet
from confgen.model.finding import Severity
from lab.instance import Instance
from tests.live import company, killed, living_company, test_dialling, test_peer_of_threecx, test_providers


@pytest.mark.parametrize(
    ("inventory", "names"),
    [
        (company.the_usual, "hq branch old"),
        (living_company.inventory, "new aged"),
        (killed.inventory, "new aged"),
        (test_dialling.inventory, "hq old carrier"),
        (test_providers.inventory, "hq old carrier exchange"),
        (test_peer_of_threecx.inventory, "hq site"),
    ],
    ids=["company", "living company", "killed", "dialling", "providers", "peer of a 3CX"],
)
def test_no_rule_refuses_what_the_live_tests_push(
    inventory: Callable[[Instance], str], names: str, tmp_path: Path
) -> None:
    path = tmp_path / "inventory.yaml"
    path.write_text(inventory(_lab(names.split())), encoding="utf-8")

    errors = [finding for finding in fleet.load(path).findings if finding.severity is Severity.ERROR]

    assert errors == []


def _lab(names: list[str]) -> Instance:
    """As much of a lab as an inventory names: its hosts stand nowhere."""
    hosts = {name: SimpleNamespace(address=f"10.77.0.{11 + number}") for number, name in enumerate(names)}
    return cast("Instance", SimpleNamespace(hosts=hosts, client_key="ssh/key", known_hosts="ssh/known_hosts"))
