"""`confgen validate`."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from confgen.load import Unreadable
from confgen.model.finding import Finding, Place, Severity
from tests.cli.conftest import Run
from tests.cli.fakes import FakeWork
from tests.report.samples import ERROR, WARNING

WAIVED = replace(WARNING, severity=Severity.NOTE, waiver="waived until 2027-03-31 by Ann: its lease ends then")
PROGRAMS = ["json", "sarif", "junit", "github", "gitlab"]


@pytest.fixture(autouse=True)
def elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A folder without an inventory, and without a repository above it, in the continuous integration of nobody."""
    monkeypatch.chdir(tmp_path)
    for name in ("GITHUB_WORKSPACE", "CI_PROJECT_DIR"):
        monkeypatch.delenv(name, raising=False)


def test_a_good_inventory_is_counted_and_nothing_is_wrong(run: Run) -> None:
    answer = run("validate", "sites/company.yaml")

    assert answer.stdout == "sites/company.yaml: 4 PBXs, 3 extensions, 1 trunk: nothing wrong\n"
    assert answer.stderr == ""


def test_every_finding_is_told_with_its_mend_and_counted(run: Run) -> None:
    answer = run("validate", work=FakeWork(findings=(ERROR, WARNING)))

    assert answer.stdout.splitlines() == [
        "inventory.yaml:12:9: REF-02 the route leads to the trunk 'hq-brnch', which does not exist",
        "    write trunk: hq-branch",
        "inventory.yaml:40:3: VER-03 warning: Asterisk 16 has had no security fixes since 2023-10-09",
        "    plan its way to Asterisk 22",
        "inventory.yaml: 1 error, 1 warning in 1 file",
    ]


def test_the_line_is_quoted_with_a_caret(run: Run) -> None:
    line = "trunks: {a-b: {between: [hq, brnch], secret: hunter2}}  # hunter2"
    Path("inventory.yaml").write_text("#\n" * 11 + line, encoding="utf-8")
    place = Place("inventory.yaml", 12, line.index("brnch") + 1)

    answer = run("validate", work=FakeWork(findings=(replace(ERROR, place=place),)))

    assert answer.stdout.splitlines()[1:4] == [
        "   12 | trunks: {a-b: {between: [hq, brnch], secret: …}}  # …",
        " " * (len("   12 | ") + line.index("brnch")) + "^",
        "    write trunk: hq-branch",
    ]


def test_a_line_that_several_findings_are_about_is_quoted_once(run: Run) -> None:
    Path("inventory.yaml").write_text("version: 1\n", encoding="utf-8")
    at_one_place = replace(ERROR, place=Place("inventory.yaml", 1, 1))

    answer = run("validate", work=FakeWork(findings=(at_one_place, replace(at_one_place, code="REF-03"))))

    assert answer.stdout.count("    1 | version: 1\n") == 1
    assert answer.stdout.count(" REF-0") == 2


@pytest.mark.parametrize("name", ["phones.csv", "phones", "phones.yaml"])
def test_a_line_of_a_table_is_not_quoted(name: str, run: Run) -> None:
    for text in ("number,password\n101,hunter2\n", "number: 101\nnote: hunter2\n"):
        Path(name).write_text(text if name != "phones.yaml" else text.split("note")[0], encoding="utf-8")

        answer = run("validate", work=FakeWork(findings=(replace(ERROR, place=Place(name, 2, 1)),)))

        assert "hunter2" not in answer.output


def test_what_an_unknown_key_holds_is_not_quoted(run: Run) -> None:
    Path("inventory.yaml").write_text("pbxs:\n  hq: {dingsbums: hunter2}\n", encoding="utf-8")

    answer = run(
        "validate", work=FakeWork(findings=(replace(ERROR, code="LOAD-10", place=Place("inventory.yaml", 2, 8)),))
    )

    assert "    2 |   hq: {dingsbums: …}" in answer.stdout.splitlines()


def test_quiet_is_a_line_for_each_finding(run: Run) -> None:
    answer = run("validate", "-q", work=FakeWork(findings=(ERROR, WAIVED)))

    assert answer.stdout.splitlines() == [
        "inventory.yaml:12:9: REF-02 the route leads to the trunk 'hq-brnch', which does not exist",
        "inventory.yaml:40:3: VER-03 waived: Asterisk 16 has had no security fixes since 2023-10-09",
    ]
    assert run("validate", "-q").stdout == ""
    assert run("validate", "-q", "--format", "sarif").exit_code == 2


def test_what_is_waived_says_until_when_and_never_fails(run: Run) -> None:
    answer = run("validate", "--fail-on", "note", work=FakeWork(findings=(WAIVED,)))

    assert answer.exit_code == 0
    assert answer.stdout.splitlines() == [
        "inventory.yaml:40:3: VER-03 waived: Asterisk 16 has had no security fixes since 2023-10-09",
        "    waived until 2027-03-31 by Ann: its lease ends then",
        "    plan its way to Asterisk 22",
        "inventory.yaml: 4 PBXs, 3 extensions, 1 trunk: 1 waived in 1 file",
    ]


def test_findings_are_had_as_json(run: Run) -> None:
    told = json.loads(run("validate", "--format", "json", work=FakeWork(findings=(ERROR,))).stdout)

    assert (told["command"], told["exit_code"]) == ("validate", 1)
    assert told["findings"] == [
        {
            "code": "REF-02",
            "severity": "error",
            "message": ERROR.message,
            "mend": "write trunk: hq-branch",
            "pbx": "branch",
            "subject": None,
            "waiver": "",
            "place": {"file": "inventory.yaml", "line": 12, "column": 9},
        }
    ]


@pytest.mark.parametrize("name", PROGRAMS)
@pytest.mark.parametrize(
    ("findings", "fail_on", "exit_code"),
    [((), "note", 0), ((WARNING,), "error", 0), ((WARNING,), "warning", 1), ((ERROR,), "error", 1)],
)
def test_a_format_changes_nothing_about_how_it_ends(
    name: str, findings: tuple[Finding, ...], fail_on: str, exit_code: int, run: Run
) -> None:
    answer = run("validate", "--format", name, "--fail-on", fail_on, work=FakeWork(findings=findings))

    assert answer.exit_code == exit_code
    assert answer.stderr == ""


def test_a_finding_stands_where_the_repository_has_its_file(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GITHUB_WORKSPACE", str(Path.cwd()))
    Path("sites").mkdir()
    monkeypatch.chdir("sites")

    github, gitlab, sarif = (
        run("validate", "--format", name, work=FakeWork(findings=(ERROR,))).stdout
        for name in ("github", "gitlab", "sarif")
    )

    assert github.startswith("::error file=sites/inventory.yaml,line=12,col=9,title=REF-02::")
    assert json.loads(gitlab)[0]["location"]["path"] == "sites/inventory.yaml"
    (result,) = json.loads(sarif)["runs"][0]["results"]
    assert result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] == "sites/inventory.yaml"


@pytest.mark.parametrize("name", PROGRAMS)
def test_an_inventory_that_is_no_yaml_is_told_to_programs_in_their_format(name: str, run: Run) -> None:
    unreadable = Unreadable("LOAD-02", "inventory.yaml", "this is not YAML", "look at the quotes", line=3, column=5)

    answer = run("validate", "--format", name, work=FakeWork(does_not_load=unreadable))

    assert (answer.exit_code, answer.stderr) == (2, "")
    assert "LOAD-02" in answer.stdout
    if name == "junit":
        assert ET.fromstring(answer.stdout).get("failures") == "1"  # noqa: S314, our own


def test_nothing_is_quoted_of_an_inventory_that_is_no_yaml(run: Run) -> None:
    Path("inventory.yaml").write_text("pbxs:\n  hq: [\n  b: }\n", encoding="utf-8")
    unreadable = Unreadable("LOAD-02", "inventory.yaml", "this is not YAML", "look at the brackets", line=3, column=6)

    answer = run("validate", work=FakeWork(does_not_load=unreadable))

    assert answer.exit_code == 2
    assert answer.stderr.splitlines() == ["inventory.yaml:3:6: LOAD-02 this is not YAML; look at the brackets"]


def test_nothing_is_quoted_of_a_file_to_which_a_link_leads_out_of_the_inventorys_folder(run: Run) -> None:
    Path("folder").mkdir()
    Path("elsewhere.yaml").write_text("version: 1\n", encoding="utf-8")
    Path("folder/inventory.yaml").symlink_to("../elsewhere.yaml")
    found = replace(ERROR, place=Place("folder/inventory.yaml", 1, 1))

    answer = run("validate", "folder/inventory.yaml", work=FakeWork(findings=(found,)))

    assert "version" not in answer.output


def test_secrets_are_resolved_where_it_is_told_to(run: Run) -> None:
    for arguments, asked in ((("validate",), ""), (("validate", "--with-secrets"), " with secrets")):
        work = FakeWork()
        run(*arguments, work=work)
        assert work.asked[-1] == f"validate inventory.yaml{asked}"


def test_what_was_not_looked_at_is_told_and_is_no_fault_of_the_inventory(run: Run) -> None:
    note = Finding(code="SEC-09", message="no secret was resolved", mend="ask", severity=Severity.NOTE)

    answer = run("validate", work=FakeWork(unchecked=(note,)))

    assert answer.stdout.splitlines()[0] == "SEC-09 note: no secret was resolved"
    assert answer.stdout.endswith(": nothing wrong\n")
    assert answer.exit_code == 0
    assert run("validate", "--fail-on", "note", work=FakeWork(unchecked=(note,))).exit_code == 1
    told = json.loads(run("validate", "--format", "json", work=FakeWork(unchecked=(note,))).stdout)
    assert [finding["code"] for finding in told["findings"]] == ["SEC-09"]
