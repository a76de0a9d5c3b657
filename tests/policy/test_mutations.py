"""No condition of a rule can be turned round without a case that says so."""

from __future__ import annotations

import importlib
from collections.abc import Callable, Collection, Iterable
from functools import cache
from pathlib import Path
from types import ModuleType

import pytest

from confgen.fleet.preparation import Gathered
from tests import quick
from tests.policy import corpus, targets
from tests.policy.mutation import Mutant, mutants_of

# Of what no case can say anything: of which PBX a finding is and what it is about there, which test_judge does; on
# which day what is known of faults will have grown old, which moves with each table; which of many ways are named; a
# secret of just so many bits, of which there is none.
_UNSEEN = frozenset(
    {
        "confgen.policy.guessable is_weak: bits(secret) < LEAST_BITS, with the boundary on the other side",
        "confgen.policy.weak_legs weak_leg_findings: not (leg.subject)",
        "confgen.policy.weak_legs weak_leg_findings: not (None)",
        "confgen.policy.rules.ver_21 _check: (company.today - known).days > _OLD, with the boundary on the other side",
        "confgen.policy.weak_legs _unlike: len(first.legs) > 1, with the boundary on the other side",
    }
)


def name_of(module: ModuleType) -> str:
    return module.__name__.removeprefix("confgen.")


@pytest.mark.parametrize("module", quick.each(20, targets.of_rules()), ids=name_of)
def test_no_condition_of_a_rule_can_be_turned_round_unseen(module: ModuleType) -> None:
    codes = {module.RULE.code} if hasattr(module, "RULE") else {case.parent.name for case in corpus.cases("refuse")}
    mutants = list(mutants_of(module))

    assert mutants != [] or not hasattr(module, "RULE")
    assert survivors(mutants, codes, is_as_announced_once_read) == []


@pytest.mark.parametrize("module", quick.each(3, targets.elsewhere()), ids=name_of)
def test_no_condition_of_what_is_found_elsewhere_can_be_turned_round_unseen(module: ModuleType) -> None:
    mutants = mutants_of(module, chosen=targets.finds_what_is_weighed)

    assert survivors(mutants, targets.codes_weighed(Path(str(module.__file__))), is_as_announced) == []


@pytest.mark.full
@pytest.mark.timeout(400)
@pytest.mark.parametrize("name", sorted(targets.TESTS))
def test_no_condition_of_what_has_tests_of_its_own_can_be_turned_round_unseen(name: str) -> None:
    mutants = mutants_of(importlib.import_module(name))

    assert [str(mutant) for mutant in mutants if mutant.name not in _UNSEEN and _passes(mutant, name)] == []


def _passes(mutant: Mutant, name: str) -> bool:
    with mutant.in_place():
        return pytest.main(["-q", "-x", "-p", "no:cacheprovider", *targets.TESTS[name]]) is pytest.ExitCode.OK


def survivors(mutants: Iterable[Mutant], codes: Collection[str], is_right: Callable[[Path], bool]) -> list[str]:
    """The mutants that no case of these codes tells from what they were made of."""
    cases = [case for kind in ("refuse", "accept") for case in corpus.cases(kind) if case.parent.name in codes]
    assert cases != []
    assert all(map(is_right, cases))
    return [str(mutant) for mutant in mutants if mutant.name not in _UNSEEN and _survives(mutant, cases, is_right)]


def _survives(mutant: Mutant, cases: Iterable[Path], is_right: Callable[[Path], bool]) -> bool:
    with mutant.in_place():
        try:
            return all(map(is_right, cases))
        except Exception:  # noqa: BLE001, whatever it breaks, it is seen
            return False


def is_as_announced(case: Path) -> bool:
    """Whether what is found in a case is what it announces."""
    return corpus.is_as_announced(case, corpus.loaded(case).findings)


def is_as_announced_once_read(case: Path) -> bool:
    """The same of what the rules find, without loading it again."""
    return corpus.is_as_announced(case, corpus.judged(_read(case)))


@cache
def _read(case: Path) -> Gathered:
    return corpus.gathered(case)
