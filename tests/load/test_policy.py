"""`policy:` is loaded with its places; what is not whole is left out, and never taken for more than it says."""

from __future__ import annotations

import pickle
from datetime import date
from pathlib import Path

from confgen.load import load_inventory
from confgen.model.finding import Place, Severity
from confgen.model.policy import Policy, Profile, RuleSetting, Waiver
from tests.load.products import KINDS

LEAST = (Path(__file__).parent / "accept" / "the-least.yaml").read_text(encoding="utf-8")


def policy_of(written: str, folder: Path) -> Policy:
    file = folder / "inventory.yaml"
    file.write_text(f"{written}{LEAST}", encoding="utf-8")
    return load_inventory(file, kinds=KINDS).inventory.policy


def test_without_a_word_it_is_the_baseline(tmp_path: Path) -> None:
    assert policy_of("", tmp_path) == Policy(profile=Profile.BASELINE, settings={}, waivers=())


def test_everything_that_is_written_is_there_with_its_place(tmp_path: Path) -> None:
    written = """policy:
  profile: bsi
  rules:
    VER-03: {severity: "off", reason: old}
    VER-04: {severity: error}
  waivers:
    - {rule: TCX-09, pbx: "s*", subject: "10?", owner: Ann, reason: phones, until: "2027-03-31"}
"""
    file = str(tmp_path / "inventory.yaml")

    loaded = policy_of(written, tmp_path)

    assert loaded == Policy(
        profile=Profile.BSI,
        settings={
            "VER-03": RuleSetting(code="VER-03", severity=None, reason="old", place=Place(file, 4, 5)),
            "VER-04": RuleSetting(code="VER-04", severity=Severity.ERROR, reason="", place=Place(file, 5, 5)),
        },
        waivers=(
            Waiver(
                code="TCX-09",
                pbx="s*",
                subject="10?",
                owner="Ann",
                reason="phones",
                until=date(2027, 3, 31),
                place=Place(file, 7, 7),
            ),
        ),
    )
    assert pickle.loads(pickle.dumps(loaded)) == loaded  # noqa: S301, a job goes to another process with it


def test_a_waiver_of_one_subject_that_is_refused_does_not_become_one_of_all(tmp_path: Path) -> None:
    written = 'policy: {waivers: [{rule: TCX-09, pbx: hq, subject: 101, owner: Ann, reason: x, until: "2027-03-31"}]}\n'

    assert policy_of(written, tmp_path).waivers == ()


def test_an_end_that_is_no_day_leaves_the_waiver_out(tmp_path: Path) -> None:
    written = 'policy: {waivers: [{rule: TCX-09, pbx: hq, owner: Ann, reason: x, until: "2027-02-29"}]}\n'

    assert policy_of(written, tmp_path).waivers == ()
