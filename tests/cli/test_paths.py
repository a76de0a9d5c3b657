"""`confgen paths`."""

from __future__ import annotations

import json
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
from click.testing import CliRunner, Result

from confgen.cli import main
from tests.paths.seeds import COMPANY, SEEDS
from tests.report.test_html import Outline


def paths(*words: str) -> Result:
    return CliRunner().invoke(main, ["paths", str(COMPANY), *words])


def test_a_person_reads_the_ways_the_weakest_leg_and_who_holds_the_keys() -> None:
    answer = paths("--from", "shop/511", "--to", "headquarters/102")

    assert answer.exit_code == 0
    caller, way, halves, why, keys, *_, last = (line.strip() for line in answer.stdout.splitlines())
    assert caller == "phone 511 of shop"
    assert way.split(" → ")[-2:] == [
        "headquarters takes 102, 120, 121 and 78 more",
        "phones 102, 120, 121 and 78 more of headquarters",
    ]
    assert way.startswith("not enforceable  shop, where calls are led unseen → ")
    assert halves == "signalling not enforceable, media not enforceable; weakest: phones 511, 512 to shop"
    assert why.startswith("because no setting of its product makes a phone signal over TLS")
    assert why.endswith(f"({COMPANY}:79:3)")
    assert keys == "keys: shop, headquarters"
    assert last == f"{COMPANY}: 3 paths: 3 not enforceable"


def test_a_program_reads_legs_and_steps() -> None:
    answer = json.loads(paths("--from", "headquarters/102", "--to", "0301234", "--format", "json").stdout)

    assert answer["format_version"] == 1
    assert (answer["from"], answer["to"], answer["is_complete"]) == ("headquarters/102", "0301234", True)
    (path,) = answer["paths"]
    assert (path["signalling"], path["media"]) == ("encrypted", "encrypted")
    assert [leg["kind"] for leg in path["legs"]] == ["phones", "provider", "beyond"]
    assert [step["legs"] for step in path["steps"]] == [[0], [1, 2]]
    assert path["key_holders"] == ["headquarters", "carrier"]
    assert path["not_known"] == ["whoever is behind carrier"]
    assert path["legs"][2]["place"]["line"] == 93


def test_the_drawing_is_one_xml_document_with_every_pbx_and_no_link() -> None:
    root = ET.fromstring(paths("--format", "svg").stdout)  # noqa: S314 -- our own

    assert root.tag == "{http://www.w3.org/2000/svg}svg"
    text = " ".join(root.itertext())
    for name in ("headquarters", "branch", "works", "service", "shop", "carrier", "behind carrier"):
        assert name in text
    assert [each for each in root.iter() if "href" in each.attrib] == []


def test_the_page_is_closed_and_fetches_nothing_and_tells_each_path_with_its_mend(tmp_path: Path) -> None:
    seed = next(seed for seed in SEEDS if seed.name == "a line in clear")
    inventory, page = tmp_path / "company.yaml", tmp_path / "paths.html"
    inventory.write_text(seed.text, encoding="utf-8")

    answer = CliRunner().invoke(main, ["paths", str(inventory), "--html", str(page)])

    assert answer.exit_code == 1  # PATH-01 is an error
    text = page.read_text(encoding="utf-8")
    outline = Outline(text)
    assert {target for target in outline.having("href") if not target.startswith("data:")} == {"#told"}
    assert outline.having("src") == []
    assert "<h1>Some calls can be heard</h1>" in text
    assert "by the line isdn" in text
    assert "lead these calls by a trunk" in text


def test_an_end_that_is_not_there_is_usage() -> None:
    answer = paths("--to", "carier")

    assert answer.exit_code == 2
    assert "did you mean carrier?" in answer.stderr
    assert answer.stdout == ""


def test_more_paths_than_are_followed_are_said_to_be_there(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("confgen.cli.commands.paths._MOST", 3)

    assert "and more that were not followed" in paths().stdout.splitlines()[-1]
    assert json.loads(paths("--format", "json").stdout)["is_complete"] is False


def test_limit_chooses_by_pbx() -> None:
    answer = paths("--limit", "service")

    assert answer.exit_code == 0
    assert "phone 401 of service" in answer.stdout
    assert "phones 511, 512 of shop\n" not in answer.stdout


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--from", "works", "--to", "branch/202"), "no way leads from works to branch/202"),
        (("--from", "branch/202", "--to", "0301234"), "no way leads from branch/202 to 0301234"),
        (
            ("--from", "headquarters/102", "--to", "0004412345678"),
            "no way leads from headquarters/102 to 0004412345678; `dialling` of headquarters refuses 0004412345678",
        ),
        (
            ("--from", "service", "--to", "carrier", "--limit", "branch"),
            "no way leads from service to carrier by branch",
        ),
    ],
)
def test_that_no_way_leads_there_is_an_answer(words: tuple[str, ...], said: str, tmp_path: Path) -> None:
    answer, told = paths(*words, "--html", str(tmp_path / "page.html")), paths(*words, "--format", "json")

    assert (answer.exit_code, answer.stdout) == (0, f"{COMPANY}: {said}\n")
    assert (told.exit_code, json.loads(told.stdout)["message"], json.loads(told.stdout)["paths"]) == (0, said, [])
    assert said.split(";", maxsplit=1)[0] in (tmp_path / "page.html").read_text(encoding="utf-8")


@pytest.mark.parametrize("start", ["nowhere", "headquarters/999", "nowhere/1"])
def test_who_is_not_there_calls_nobody(start: str) -> None:
    answer = paths("--from", start)

    assert (answer.exit_code, answer.stdout) == (2, "")
    assert start.rsplit("/", maxsplit=1)[-1] in answer.stderr


def test_none_found_among_those_that_were_followed_is_not_none(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("confgen.paths.network.MOST_STEPS", 1)

    answer = paths("--from", "service", "--to", "carrier")

    assert answer.exit_code == 4
    assert "no way" not in answer.stdout
    assert "more that were not followed" in answer.stdout
