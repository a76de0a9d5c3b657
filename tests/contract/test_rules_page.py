"""The page of rules in docs says what `confgen explain` says."""

from __future__ import annotations

from confgen.model.codes import EXPLANATIONS
from confgen.policy.rules import RULES
from docs.rules import PAGE, page


def test_the_page_is_the_one_that_would_be_written_now() -> None:
    assert PAGE.read_text(encoding="utf-8") == page(), "make docs"


def test_every_code_has_its_section_and_every_rule_its_line() -> None:
    lines = page().splitlines()

    assert [line.removeprefix("## ") for line in lines if line.startswith("## ")] == sorted(EXPLANATIONS)
    assert {line.split("]")[0].removeprefix("| [") for line in lines if line.startswith("| [")} == RULES.keys()
