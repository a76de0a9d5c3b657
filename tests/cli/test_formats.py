"""What `confgen validate` writes of real inventories, read by those for whom it is written."""

from __future__ import annotations

import json
import re
from datetime import timedelta
from pathlib import Path

import jsonschema
import pytest
from click.testing import CliRunner
from junitparser import JUnitXml

from confgen.cli import main
from confgen.model import days

TESTS = Path(__file__).parents[1]
SARIF = json.loads((TESTS / "report" / "sarif" / "sarif-schema-2.1.0.json").read_text(encoding="utf-8"))
WRONG = (TESTS / "load" / "refuse" / "many-mistakes-of-all-kinds.yaml").read_text(encoding="utf-8")
UNTIL = days.today() + timedelta(days=300)
WAIVED = """\
version: 1
policy:
  waivers:
    - {rule: VER-03, pbx: hq, owner: Ann, reason: it is replaced in March, until: "{UNTIL}"}
pbxs:
  hq:
    kind: asterisk
    address: 192.0.2.10
    product_version: "16.28.0"
    sip: {domain: hq.example.test}
    certificate: {chain: {file: hq.crt}, key: {file: hq.key}, authority: {file: authority.crt}}
""".replace("{UNTIL}", f"{UNTIL}")


@pytest.fixture(autouse=True)
def elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def written(text: str, output_format: str) -> str:
    Path("inventory.yaml").write_text(text, encoding="utf-8")
    return CliRunner().invoke(main, ["validate", "--format", output_format]).stdout


def codes(text: str) -> list[str]:
    return [finding["code"] for finding in json.loads(written(text, "json"))["findings"]]


@pytest.mark.parametrize("text", [WRONG, WAIVED, "a: [", "pbxs: {}"], ids=["wrong", "waived", "no YAML", "empty"])
def test_no_finding_is_lost_on_the_way(text: str) -> None:
    expected = sorted(codes(text))

    sarif = json.loads(written(text, "sarif"))
    jsonschema.Draft4Validator(SARIF).validate(sarif)
    assert sorted(result["ruleId"] for result in sarif["runs"][0]["results"]) == expected
    assert sorted(issue["check_name"] for issue in json.loads(written(text, "gitlab"))) == expected
    assert sorted(line.split("title=")[1].split("::")[0] for line in written(text, "github").splitlines()) == expected
    names = [case.name for suite in JUnitXml.fromstring(written(text, "junit").encode()) for case in suite]
    assert sorted(name.split()[0] for name in names if name != "validate") == expected
    if text != "a: [":
        assert sorted(re.findall(r"^(?:\S+: )?([A-Z]+-\d\d) ", written(text, "text"), re.MULTILINE)) == expected


def test_a_waived_finding_is_told_as_waived_in_every_format() -> None:
    words = f"waived until {UNTIL} by Ann: it is replaced in March"

    (result,) = (
        each for each in json.loads(written(WAIVED, "sarif"))["runs"][0]["results"] if each["ruleId"] == "VER-03"
    )
    assert result["suppressions"][0]["justification"] == words
    for output_format in ("text", "json", "junit", "github", "gitlab"):
        assert words in written(WAIVED, output_format)
