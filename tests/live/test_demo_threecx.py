"""The demonstration's 3CX at its trunk's other end: pushed to the fake, registered by its stand-in, proven as a leg."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from lab import demo
from lab.host import HostSpec
from lab.instance import Instance
from lab.pki import Authority
from tests.live.company import Ran, run_confgen

pytestmark = [pytest.mark.full, pytest.mark.timeout(400)]  # a lab of its own, and two pushes
# In the order that gives them the addresses of the shipped inventory.
_SPECS = (
    HostSpec(name="headquarters", domain="headquarters.example.test"),
    HostSpec(name="branch", domain="branch.example.test", runs_asterisk=False),
    HostSpec(name=demo.THREECX, domain=f"{demo.THREECX}.example.test", runs_asterisk=False),
)
_LIMIT = ("--limit", f"headquarters,{demo.THREECX}", "--format", "json")


@pytest.fixture(scope="module")
def lab() -> Iterator[Instance]:
    with Instance(f"demo-{os.getpid()}", _SPECS) as instance:
        yield instance


@pytest.fixture(scope="module")
def authority(lab: Instance, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Authority]:
    """Whoever signed what is in the demonstration's folder, with its 3CX served."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(demo, "FOLDER", tmp_path_factory.mktemp("demo"))
        made = demo.write_company(lab)
        with demo.threecx(lab, made):
            yield made


def _leg(ran: Ran) -> tuple[str, dict[str, str]]:
    leg = next(leg for leg in ran.answer["legs"] if leg["name"] == demo.THREECX_TRUNK)
    return leg["outcome"], {check["code"]: check["verdict"] for check in leg["checks"]}


def test_its_trunk_is_proven_once_its_stand_in_has_registered(lab: Instance, authority: Authority) -> None:
    pushed = run_confgen(lab, demo.FOLDER, "push", "--adopt", *_LIMIT, timeout=300)
    outcomes = {result["name"]: result["outcome"] for result in pushed.answer["pbxs"]}
    assert outcomes[demo.THREECX] == "proven in part", pushed.told
    assert _leg(pushed)[0] == "pending"

    demo.register_threecx(lab, authority)
    proven = run_confgen(lab, demo.FOLDER, "verify", *_LIMIT, "--html", "proof.html", timeout=300)

    assert _leg(proven) == ("proven in part", {"CALL-01": "passed", "CALL-02": "passed", "LEG-04": "not checked"})
    page = (Path(demo.FOLDER) / "proof.html").read_text(encoding="utf-8")
    assert "what answers says that it is no 3CX" in page
