"""What GitHub lists of Asterisk's advisories renews the table, and nothing that was written by hand is lost."""

from __future__ import annotations

import io
import json
from pathlib import Path

import pytest

from tables import advisories

TABLE = {
    "as_of": "2026-01-01",
    "safe_minimum": {"22": "22.10.1", "23": "23.4.1"},
    "gravest_first": [{"name": "GHSA-old", "needs": "ami", "about": "in our words", "mended": {"22": "22.10.1"}}],
}
NEW = {
    "ghsa_id": "GHSA-new",
    "summary": "A NOTIFY ends the process",
    "severity": "high",
    "vulnerabilities": [
        {"patched_versions": "22.11.0, 23.5.0"},
        {"patched_versions": "20.7-cert9"},
        {"patched_versions": None},
    ],
}
OLD = {
    "ghsa_id": "GHSA-old",
    "summary": "Theirs",
    "severity": "low",
    "vulnerabilities": [{"patched_versions": "23.4.1"}],
}


def test_a_new_advisory_stands_before_the_known_ones_and_raises_the_safe_minimum() -> None:
    table = advisories.renewed(TABLE, [OLD, NEW], day="2026-11-26")
    assert table["as_of"] == "2026-11-26"
    assert table["safe_minimum"] == {"22": "22.11.0", "23": "23.5.0"}
    assert table["gravest_first"] == [
        {"name": "GHSA-new", "about": "A NOTIFY ends the process", "mended": {"22": "22.11.0", "23": "23.5.0"}},
        {"name": "GHSA-old", "needs": "ami", "about": "in our words", "mended": {"22": "22.10.1", "23": "23.4.1"}},
    ]


def test_an_advisory_that_is_mended_nowhere_yet_is_left_out() -> None:
    unmended = {**NEW, "vulnerabilities": []}
    assert advisories.renewed(TABLE, [unmended], day="2026-11-26")["gravest_first"] == TABLE["gravest_first"]


def test_the_table_is_written_as_it_stands() -> None:
    text = advisories.TARGET.read_text(encoding="utf-8")
    assert advisories.written(json.loads(text)) == text


def test_several_answers_are_read_one_after_another(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    target = tmp_path / "advisories.json"
    target.write_text(advisories.written(TABLE), encoding="utf-8")
    monkeypatch.setattr(advisories, "TARGET", target)
    monkeypatch.setattr("sys.stdin", io.StringIO(f"{json.dumps([OLD])}\n{json.dumps([NEW])}\n"))
    advisories.main()
    names = [row["name"] for row in json.loads(target.read_text(encoding="utf-8"))["gravest_first"]]
    assert names == ["GHSA-new", "GHSA-old"]
