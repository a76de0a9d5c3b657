"""`confgen validate`."""

from __future__ import annotations

import json

from tests.cli.conftest import Run
from tests.cli.fakes import FakeWork
from tests.report.samples import ERROR, WARNING


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
            "place": {"file": "inventory.yaml", "line": 12, "column": 9},
        }
    ]
