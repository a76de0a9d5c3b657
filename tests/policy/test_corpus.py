"""Every code that `validate` can print has a case that it refuses, and one near it that it takes."""

from __future__ import annotations

from pathlib import Path

import pytest

from confgen.policy.rules import RULES
from tests import announced
from tests.policy import corpus

_BROKEN = ("LOAD-", "REF-")  # codes of what is not taken at all
_NEAR = 0.4  # of all lines are the same


@pytest.mark.parametrize("case", corpus.cases("refuse"), ids=corpus.name_of)
def test_a_refused_case_has_the_findings_that_it_announces(case: Path) -> None:
    assert announced.expected(case) != []
    assert corpus.is_as_announced(case, corpus.loaded(case).findings)


@pytest.mark.parametrize("case", corpus.cases("accept"), ids=corpus.name_of)
def test_an_accepted_case_has_none_and_nothing_in_it_is_broken(case: Path) -> None:
    found = [finding.rpartition(" ")[2] for finding in announced.found(case, corpus.loaded)]

    assert case.parent.name not in found
    assert [code for code in found if code.startswith(_BROKEN) and code not in RULES] == []


@pytest.mark.parametrize("case", corpus.cases("accept"), ids=corpus.name_of)
def test_an_accepted_case_is_near_to_a_refused_one(case: Path) -> None:
    assert max(corpus.likeness(case, refused) for refused in case.parent.glob("refuse*")) >= _NEAR


@pytest.mark.parametrize(("mended", "refused"), corpus.mended_and_refused())
def test_a_mended_case_of_loading_is_near_to_the_refused_one(mended: Path, refused: Path) -> None:
    says_nothing = refused.stem == "nothing-but-comments"
    assert says_nothing or corpus.likeness(mended, refused) >= _NEAR


@pytest.mark.parametrize("code", sorted(corpus.printable_codes() - corpus.codes_of_certificates()))
def test_a_code_has_a_case_that_is_refused_and_one_that_is_taken(code: str) -> None:
    assert code in corpus.refused_codes()
    assert code in corpus.accepted_codes()


@pytest.mark.parametrize("code", sorted(corpus.codes_of_certificates()))
def test_a_code_of_certificates_is_tried_with_some_that_are_made_for_it_since_files_would_end(code: str) -> None:
    assert f'"{code}"' in corpus.CERTIFICATE_TESTS.read_text(encoding="utf-8")


def test_every_rule_that_looks_by_itself_is_among_these_codes() -> None:
    assert {rule.code for rule in RULES.values() if rule.check is not None} <= corpus.printable_codes()


def test_no_case_is_of_a_code_that_validate_does_not_print() -> None:
    assert {case.parent.name for case in corpus.CASES.glob("*/*")} <= corpus.printable_codes()
