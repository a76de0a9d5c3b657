"""What `confgen validate` writes of real inventories, read by those for whom it is written."""

from __future__ import annotations

import json
import re
from datetime import timedelta
from pathlib import Path

import jsonschema
import pytest
import yaml
from click.testing import CliRunner
from junitparser import JUnitXml

from confgen.cli import main
from confgen.model import days
from tests.report.log_reader import commands

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
    certificate: {chain: {file: "hq.crt"}, key: {file: hq.key}, authority: {file: authority.crt}}
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


HOSTILE = ("::add-mask::x.yaml", "a\n::stop-commands::y\n.yaml", "b\x1b[31m\u202e##[error]z.yaml", "  ::error::w.yaml")


def hostile(folder: Path) -> None:
    """Files whose names are commands to the job of a pull request, and a word in each that is none."""
    for name in HOSTILE:
        (folder / name).write_text('"::error::v": 1 # ##[group]u\n', encoding="utf-8")
    (folder / "inventory.yml").write_text('version: 1\ninclude: ["*.yaml"]\npbxs: {}\n', encoding="utf-8")


@pytest.mark.parametrize("output_format", ["text", "json", "sarif", "junit", "gitlab"])
def test_no_name_of_a_file_is_a_command_to_the_job_that_keeps_the_log(output_format: str, tmp_path: Path) -> None:
    hostile(tmp_path)

    told = CliRunner().invoke(main, ["validate", "--format", output_format, "inventory.yml"])

    assert told.exit_code == 1
    assert "LOAD-10" in told.output
    assert commands(told.output) == []
    assert not set("\x1b\u202e") & set(told.output)


def test_annotations_are_the_only_commands_to_github(tmp_path: Path) -> None:
    hostile(tmp_path)

    told = CliRunner().invoke(main, ["validate", "--format", "github", "inventory.yml"]).output

    assert len(told.splitlines()) == len(HOSTILE) + 1
    for line in told.splitlines():
        assert re.fullmatch(r"::error file=[^:,]+,line=\d+,col=\d+,title=LOAD-\d\d::.+", line), line


@pytest.mark.parametrize("words", [["validate"], ["validate", "-q"], ["show"], ["paths"], ["plan"]])
@pytest.mark.parametrize("text", ["pbxs: {}\n", "a: [\n"])
def test_no_name_of_an_inventory_is_one_either(words: list[str], text: str) -> None:
    Path("::error::x.yaml").write_text(text, encoding="utf-8")

    for name in ("::error::x.yaml", "::error::no-such.yaml"):
        told = CliRunner().invoke(main, [*words, name])
        assert told.exit_code in {1, 2}
        assert commands(told.output) == []


@pytest.mark.parametrize("output_format", ["text", "yaml", "json"])
def test_no_place_that_a_value_comes_from_is_one(output_format: str) -> None:
    Path("##[add-mask]x.yaml").write_text(WAIVED, encoding="utf-8")

    told = CliRunner().invoke(main, ["show", "--format", output_format, "##[add-mask]x.yaml"])

    assert "add-mask" in told.stdout
    assert commands(told.output) == []


def test_values_that_read_like_one_are_shown_as_an_inventory_of_the_same() -> None:
    Path("inventory.yaml").write_text(WAIVED.replace("hq.crt", "##[group]hq.crt"), encoding="utf-8")

    told = CliRunner().invoke(main, ["show", "--format", "yaml"]).stdout

    assert commands(told) == []
    assert yaml.safe_load(told)["pbxs"]["hq"]["certificate"]["chain"] == {"file": "##[group]hq.crt"}
