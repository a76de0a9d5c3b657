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
    findings = corpus.loaded(case).findings

    assert announced.expected(case) != []
    assert corpus.is_as_announced(case, findings)
    assert {finding.code for finding in findings} <= corpus.printable_codes()


@pytest.mark.parametrize("case", corpus.cases("accept"), ids=corpus.name_of)
def test_an_accepted_case_has_none_though_the_rule_is_asked_and_nothing_in_it_is_broken(case: Path) -> None:
    loaded, rule = corpus.loaded(case), RULES.get(case.parent.name)
    found = [finding.code for finding in loaded.findings]

    assert rule is None or rule.weight_by(loaded.inventory.policy) is not None
    assert case.parent.name not in found
    assert [code for code in found if code.startswith(_BROKEN) and code not in RULES] == []


@pytest.mark.parametrize("case", corpus.cases("accept"), ids=corpus.name_of)
def test_an_accepted_case_is_near_to_a_refused_one(case: Path) -> None:
    assert max(corpus.likeness(case, refused) for refused in case.parent.glob("refuse*")) >= _NEAR


@pytest.mark.parametrize(("mended", "refused"), corpus.mended_and_refused())
def test_a_mended_case_of_loading_is_near_to_the_refused_one(mended: Path, refused: Path) -> None:
    says_nothing = refused.stem == "nothing-but-comments"
    assert says_nothing or corpus.likeness(mended, refused) >= _NEAR


@pytest.mark.parametrize("code", sorted(corpus.printable_codes() - corpus.opened_codes().keys()))
def test_a_code_has_a_case_that_is_refused_and_one_that_is_taken(code: str) -> None:
    assert code in corpus.refused_codes()
    assert code in corpus.accepted_codes()


@pytest.mark.parametrize("code", sorted(corpus.opened_codes()))
def test_a_code_of_what_is_opened_is_asserted_of_some_that_is_made_for_it_since_files_would_end(code: str) -> None:
    assert code in corpus.opened_codes()[code]


def test_a_code_that_is_only_named_is_not_asserted(tmp_path: Path) -> None:
    tests = tmp_path / "test_certificate.py"
    named = 'def test_cert() -> None:\n    """CERT-04."""\n    # CERT-05\n    code = "CERT-06"\n'
    tests.write_text(f'{named}    assert found(code) == ["CERT-07"]\n', encoding="utf-8")

    assert [*corpus.asserted_in(tests)] == ["CERT-07"]


def test_every_rule_is_among_these_codes() -> None:
    assert RULES.keys() <= corpus.printable_codes()


def test_no_case_is_of_a_code_that_validate_does_not_print() -> None:
    assert {case.parent.name for case in corpus.CASES.glob("*/*")} <= corpus.printable_codes()
